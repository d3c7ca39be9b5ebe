"""A worker under a steady load of messages that are all different: its memory at the start, in the middle, at the end."""

import itertools
import signal
import statistics
import tempfile
import time
from pathlib import Path

from kafka import KafkaProducer

from streams.embedded import Broker
from streams.kafka import wait_for_group
from streams.settings import KafkaSettings
from tests.shell.conftest import CACHE, fresh_site
from tests.soak.mutations import mutated, texts

WARM = 1_500
"""Messages after which caches that are bounded are full and the start is measured."""
GROWTH = 1.10
"""What the end may be of the middle: beyond it memory grows with what was done."""
MIB = 1024 * 1024


def memory(minutes: float, rate: int, seed: int) -> bool:
    """Prints the table; whether memory stayed flat."""
    samples: list[tuple[int, float]] = []
    source, end = texts(), time.monotonic() + minutes * 60
    with tempfile.TemporaryDirectory() as home, Broker(CACHE) as broker:
        wait_for_group(KafkaSettings(bootstrap_servers=broker.address()), "any")
        with fresh_site(broker, Path(home)) as site:
            worker = site.worker(planted=False)
            producer = KafkaProducer(bootstrap_servers=broker.address(), linger_ms=20)
            for second in itertools.count():
                begun = time.monotonic()
                if begun > end:
                    break
                for number in range(second * rate, (second + 1) * rate):
                    producer.send(site.settings.topics.articles, mutated(number, seed, source), partition=number % 3)
                producer.flush()
                done = int(worker.metric('geosignals_articles_received_total{lane="live"}'))
                if done >= WARM:
                    samples.append((done, worker.metric("process_resident_memory_bytes") / MIB))
                time.sleep(max(0.0, begun + 1 - time.monotonic()))
            producer.close()
            assert worker.end(signal.SIGTERM) == 0
    return _table(samples, minutes, rate)


def _table(samples: list[tuple[int, float]], minutes: float, rate: int) -> bool:
    part = max(1, len(samples) // 20)  # a twentieth of the time each
    middle = len(samples) // 2
    rows = {"start": samples[:part], "middle": samples[middle : middle + part], "end": samples[-part:]}
    print(f"memory of the worker over {minutes:g} minutes at {rate} different messages a second:")
    print(f"{'':8}{'messages':>10}{'RSS, MiB':>12}")
    means = {}
    for name, taken in rows.items():
        means[name] = statistics.mean(size for _, size in taken)
        print(f"{name:8}{taken[-1][0]:>10,}{means[name]:>12.1f}", flush=True)
    return means["end"] <= means["middle"] * GROWTH

"""How long live news takes from topic to signal, without and with a replay going on beside it. Prints one table.

    python benchmarks/replay_delay.py [--live 600] [--rate 10] [--history 100000]

Two workers, one a lane, on an embedded Kafka; live articles at a steady rate; the replay sends its history as fast as
it can. Delay is from the moment a live article is handed to the producer to the moment its signal is read.
"""

import argparse
import itertools
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kafka import KafkaConsumer, KafkaProducer, TopicPartition

from benchmarks.replay import SEEDS, lines
from streams.embedded import Broker
from streams.kafka import create_topics, wait_for_group
from streams.settings import KafkaSettings, Settings, cache_dir

_QUIET_SECONDS = 20.0
_MAIN = "from streams.cli import main; main()"


@contextmanager
def command(*options: str, env: dict[str, str]) -> Iterator["subprocess.Popen[bytes]"]:
    """A `geosignals` process, ended with the block."""
    process = subprocess.Popen([sys.executable, "-W", "ignore", "-c", _MAIN, *options], env=os.environ | env)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.wait(60)


class Arrivals:
    """When the first signal of each live article was seen, by key; a thread reads the signal topics from their end."""

    def __init__(self, settings: Settings) -> None:
        self.seen: dict[bytes, float] = {}
        self._consumer = KafkaConsumer(bootstrap_servers=settings.kafka.bootstrap_servers, fetch_max_wait_ms=10)
        topics = [
            name for kind, name in settings.topics.model_dump().items() if kind not in ("articles", "replay", "dlq")
        ]
        partitions = [
            TopicPartition(each, n) for each in topics for n in self._consumer.partitions_for_topic(each) or ()
        ]
        self._consumer.assign(partitions)
        for partition in partitions:
            self._consumer.position(partition)
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        while True:
            for records in self._consumer.poll(100).values():
                now = time.monotonic()
                for record in records:
                    if record.key.startswith(b"live-"):
                        self.seen.setdefault(record.key, now)


def delays(settings: Settings, arrivals: Arrivals, articles: list[bytes], rate: float, mark: str) -> list[float]:
    """Seconds from sending to the first signal, for the articles that give one; sorted."""
    producer = KafkaProducer(bootstrap_servers=settings.kafka.bootstrap_servers, acks="all")
    sent: dict[bytes, float] = {}
    for number, article in enumerate(articles):
        key = f"live-{mark}-{number}".encode()
        sent[key] = time.monotonic()
        producer.send(settings.topics.articles, article.replace(b'"id":"', b'"id":"' + key + b'","_":"', 1), key=key)
        time.sleep(1 / rate)
    producer.close(timeout=_QUIET_SECONDS)
    time.sleep(_QUIET_SECONDS)
    return sorted(arrivals.seen[key] - at for key, at in sent.items() if key in arrivals.seen)


def row(what: str, found: list[float]) -> None:
    """One line of the table."""
    p50, p99 = found[len(found) // 2], found[min(len(found) - 1, int(len(found) * 0.99))]
    print(f"| {what} | {len(found)} | {p50 * 1000:.0f} | {p99 * 1000:.0f} | {found[-1] * 1000:.0f} |", flush=True)


def main() -> None:
    """The table."""
    options = argparse.ArgumentParser()
    options.add_argument("--live", type=int, default=600)
    options.add_argument("--rate", type=float, default=10.0)
    options.add_argument("--history", type=int, default=100_000)
    chosen = options.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that the workers end with us
    names = [str(path) for path in sorted(SEEDS.glob("*.articles.jsonl"))]
    live = list(itertools.islice(lines(names), chosen.live))
    with tempfile.TemporaryDirectory() as folder, Broker(cache_dir()) as broker:
        history = Path(folder) / "history.jsonl"
        history.write_bytes(b"".join(itertools.islice(lines(names), chosen.history)))
        settings = Settings(kafka=KafkaSettings(bootstrap_servers=broker.address()))
        env = {
            "GEOSIGNALS_KAFKA__BOOTSTRAP_SERVERS": broker.address(),
            "GEOSIGNALS_METRICS__PORT": "0",
            "GEOSIGNALS_LOG__LEVEL": "warning",
            "XDG_STATE_HOME": folder,
        }
        wait_for_group(settings.kafka, "any")
        create_topics(settings)
        arrivals = Arrivals(settings)
        with command("worker", env=env), command("worker", "--lane", "replay", env=env):
            time.sleep(_QUIET_SECONDS)
            delays(settings, arrivals, live[:50], chosen.rate, "warm")
            print("| live articles | signals timed | p50 ms | p99 ms | max ms |\n|---|---|---|---|---|", flush=True)
            row("alone", delays(settings, arrivals, live, chosen.rate, "alone"))
            with command("replay", str(history), env=env):
                row(f"beside a replay of {chosen.history}", delays(settings, arrivals, live, chosen.rate, "beside"))


if __name__ == "__main__":
    main()

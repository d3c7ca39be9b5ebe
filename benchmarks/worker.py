"""The worker on a real Kafka beside loops written by hand on the same pure functions, and the delay at half of its load.

    python -m benchmarks.worker [--articles 400] [--rounds 5]

Each runs alone, on a core of its own; the broker and this program have the others. Rounds are interleaved and ratios taken
within a round. Duration: from the first article's append to the last signal's, as the broker stamps them; the process was
ready and warm before. Ends with 1 when a loop gives other signals than `classify`.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass

from benchmarks import stand
from benchmarks.tables import middle, spread
from benchmarks.texts import messages, origin
from schemas.article import Article
from schemas.signal import encode_signal
from streams.embedded import Broker
from streams.pipeline import load, read, signals

ARTICLES, ROUNDS = 400, 5
YARDSTICK = "aiokafka loop by hand"
PROGRAMS: dict[str, tuple[tuple[str, ...], dict[str, str]]] = {
    YARDSTICK: (("-m", "benchmarks.loops", "aiokafka"), {}),
    "kafka-python loop by hand": (("-m", "benchmarks.loops", "kafka-python"), {}),
    "worker": (stand.WORKER, {}),
    "worker, exactly once": (stand.WORKER, {"GEOSIGNALS_KAFKA__EXACTLY_ONCE": "true"}),
}
Messages = list[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Run:
    """Articles a second, and milliseconds of the process's CPU for an article."""

    rate: float
    cpu_ms: float


def main(count: int = ARTICLES, rounds: int = ROUNDS) -> None:
    """Prints the table."""
    load()
    core = _apart()
    articles = messages(count)
    began = time.process_time()
    expected = sorted(
        encode_signal(s) for _, raw in articles if isinstance(a := read(raw), Article) for s in signals(a)
    )
    pure = (time.process_time() - began) / count * 1e3
    taken: dict[str, list[Run]] = {name: [] for name in PROGRAMS}
    with tempfile.TemporaryDirectory() as folder, stand.kafka() as broker:
        for _ in range(rounds):
            for name in PROGRAMS:
                taken[name].append(_run(broker, folder, name, articles, expected, core))
        half = middle(run.rate for run in taken["worker"]) / 2
        delays = sorted(_delays(broker, folder, articles, half, core))
    where = "a core of its own each" if core is not None else "no core of its own"
    print(
        f"{count} articles of {origin()}, {rounds} rounds, {where}; the pure functions alone: {pure:.2f} ms of CPU an article"
    )
    print(f"{'what':28}{'articles/s':>12}   {'spread':18}{'ratio':>7}   {'spread':16}{'CPU ms':>8}")
    for name, runs in taken.items():
        ratios = [mine.rate / yard.rate for mine, yard in zip(runs, taken[YARDSTICK], strict=True)]
        rates = [run.rate for run in runs]
        print(
            f"{name:28}{middle(rates):>12.0f}   {spread(rates, 0):18}{middle(ratios):>7.2f}   {spread(ratios):16}"
            f"{middle(run.cpu_ms for run in runs):>8.2f}"
        )
    p50, p99 = statistics.median(delays) * 1e3, statistics.quantiles(delays, n=100)[98] * 1e3
    print(
        f"delay, article's append to signal's, at {half:.0f} articles/s (half the worker's rate), {len(delays)} signals:"
    )
    print(f"  p50 {p50:.0f} ms, p99 {p99:.0f} ms, most {delays[-1] * 1e3:.0f} ms")
    print("asked: the worker at least 0.80 of the aiokafka loop; p50 under 50 ms, p99 under 250 ms", flush=True)


def _apart() -> int | None:
    """The core for the measured process; this one, and the broker that it starts, keep to the others. None with one core."""
    cores = os.sched_getaffinity(0)
    if len(cores) < 2:
        return None
    os.sched_setaffinity(0, cores - {max(cores)})
    return max(cores)


def _run(broker: Broker, folder: str, name: str, articles: Messages, expected: list[bytes], core: int | None) -> Run:
    program, env = PROGRAMS[name]
    place = stand.site(broker, env=env)
    with stand.programs(place, folder, program, core=core) as running:
        stand.until_ready(running)
        stand.warm(place, articles, running)
        before = running[0].cpu()
        stand.feed(place, articles)
        stand.until_drained(place, running)
        cpu = running[0].cpu() - before
    seconds, came = stand.seconds_taken(place)
    if sorted(came) != expected:
        sys.exit(f"{name}: {len(came)} signals, and not those of classify, which are {len(expected)}")
    return Run(len(articles) / seconds, cpu / len(articles) * 1e3)


def _delays(broker: Broker, folder: str, articles: Messages, rate: float, core: int | None) -> list[float]:
    """Seconds from each article's append to that of each of its signals."""
    place = stand.site(broker)
    with stand.programs(place, folder, stand.WORKER, core=core) as running:
        stand.until_ready(running)
        stand.warm(place, articles, running)
        stand.feed(place, articles, rate)
        stand.until_drained(place, running)
    return [seconds for seconds, _ in stand.delays(place)]


if __name__ == "__main__":
    options = argparse.ArgumentParser()
    options.add_argument("--articles", type=int, default=ARTICLES)
    options.add_argument("--rounds", type=int, default=ROUNDS)
    chosen = options.parse_args()
    main(chosen.articles, chosen.rounds)

"""How the rate grows with partitions, workers and processes, and what a worker needs to start and to stay.

    python -m benchmarks.scale [--articles 300] [--rounds 5] [--lines 600]

Workers and broker share the machine's cores as its kernel sees fit. Rounds are interleaved, ratios are taken within a round.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import stand
from benchmarks.tables import middle, spread
from benchmarks.texts import messages, origin
from streams.embedded import Broker

ARTICLES, ROUNDS, LINES = 300, 5, 6_000
SHAPES = tuple((partitions, workers) for partitions in (1, 2, 4) for workers in (1, 2))
_FEW = 40
_MAIN = (sys.executable, "-W", "ignore", "-c", "from streams.cli import main; main()")
Messages = list[tuple[bytes, bytes]]


def main(count: int = ARTICLES, rounds: int = ROUNDS, lines: int = LINES) -> None:
    """Prints the table."""
    articles = messages(count)
    rates: dict[tuple[int, int], list[float]] = {shape: [] for shape in SHAPES}
    starts: list[float] = []
    memory: list[float] = []
    with tempfile.TemporaryDirectory() as folder, stand.kafka() as broker:
        for _ in range(rounds):
            for shape in SHAPES:
                rate, megabytes = _run(broker, folder, articles, *shape)
                rates[shape].append(rate)
                memory += megabytes
            starts.append(_start(broker, folder, articles[:_FEW]))
    print(
        f"{count} articles of {origin()}, {rounds} rounds, {len(os.sched_getaffinity(0))} cores for workers and broker together"
    )
    print(f"{'partitions, workers':28}{'articles/s':>12}   {'spread':18}{'ratio':>7}   {'spread':16}")
    for (partitions, workers), found in rates.items():
        _row(f"{partitions}, {workers}", found, rates[SHAPES[0]])
    print(f"memory of a worker: {middle(memory):.0f} MiB at most, {spread(memory, 0)}")
    print(f"start of a worker to its first signal: {middle(starts):.1f} s, {spread(starts, 1)}")
    _commands(lines, rounds)
    print("asked: --jobs 2 at least 1.8, memory at most 250 MB, first signal under 4 s, --help under 0.3 s", flush=True)


def _row(what: str, rates: list[float], base: list[float]) -> None:
    ratios = [mine / first for mine, first in zip(rates, base, strict=True)]
    print(f"{what:28}{middle(rates):>12.0f}   {spread(rates, 0):18}{middle(ratios):>7.2f}   {spread(ratios):16}")


def _run(broker: Broker, folder: str, articles: Messages, partitions: int, workers: int) -> tuple[float, list[float]]:
    """Articles a second, and the most memory of each worker in MiB."""
    place = stand.site(broker, partitions)
    with stand.programs(place, folder, stand.WORKER, workers) as running:
        stand.until_ready(running)
        stand.warm(place, articles, running)
        stand.feed(place, articles)
        stand.until_drained(place, running)
        megabytes = [each.megabytes() for each in running]
    return len(articles) / stand.seconds_taken(place)[0], megabytes


def _start(broker: Broker, folder: str, articles: Messages) -> float:
    """Seconds from a worker's start, with articles waiting, to the append of its first signal."""
    place = stand.site(broker)
    stand.feed(place, articles)
    with stand.programs(place, folder, stand.WORKER) as running:
        stand.until_ready(running)
        stand.until_drained(place, running)
    return min(at for _, at, _ in stand.appended(place, stand.signal_topics(place))) - running[0].began


def _commands(lines: int, rounds: int) -> None:
    """`classify` by processes, and the time in which the command line answers."""
    jobs: dict[int, list[float]] = {1: [], 2: []}
    answers: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "articles.jsonl")
        file.write_bytes(b"".join(value + b"\n" for _, value in messages(lines)))
        for _ in range(rounds):
            for count, rates in jobs.items():
                rates.append(lines / _seconds("classify", str(file), "--jobs", str(count)))
            answers.append(_seconds("--help"))
    for count, rates in jobs.items():
        _row(f"classify --jobs {count}", rates, jobs[1])
    print(f"geosignals --help: {middle(answers):.2f} s, {spread(answers)}")


def _seconds(*options: str) -> float:
    began = time.monotonic()
    subprocess.run([*_MAIN, *options], stdout=subprocess.DEVNULL, check=True)
    return time.monotonic() - began


if __name__ == "__main__":
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--articles", type=int, default=ARTICLES)
    arguments.add_argument("--rounds", type=int, default=ROUNDS)
    arguments.add_argument("--lines", type=int, default=LINES)
    chosen = arguments.parse_args()
    main(chosen.articles, chosen.rounds, chosen.lines)

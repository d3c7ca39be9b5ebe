"""What a replay costs: memory on a gigabyte of JSONL, articles a second to a file and to Kafka. Prints one table.

    python benchmarks/replay.py [--megabytes 1000] [--articles 5000] [FILE…]

Articles are those of FILEs, else the seeds', repeated under new ids until there are enough.
"""

import argparse
import itertools
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from schemas.article import Article
from streams.embedded import Broker
from streams.formats import Choice, read_source, sources
from streams.kafka import create_topics, wait_for_group
from streams.replay.items import encoded
from streams.settings import KafkaSettings, Settings, cache_dir

SEEDS = Path(__file__).parent.parent / "seeds" / "articles"
_MEASURED = """
import resource, subprocess, sys
code = subprocess.call(sys.argv[1:], stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(code)
"""
"""A small process in between: Linux counts the memory of whoever starts a program as that program's own."""


@dataclass(frozen=True, slots=True)
class Cost:
    """One command's wall time in seconds and its peak resident memory in MiB, of all its processes the largest."""

    seconds: float
    megabytes: float


def lines(names: list[str]) -> Iterator[bytes]:
    """Articles without end, each with an id of its own."""
    found = [read for source in sources(names) for read in read_source(source, Choice()) if isinstance(read, Article)]
    for number, article in enumerate(itertools.cycle(found)):
        yield encoded(article.model_copy(update={"id": f"{article.id}-{number}"})) + b"\n"


def command(*options: str, env: dict[str, str]) -> Cost:
    """Runs `geosignals replay` and measures it."""
    began = time.monotonic()
    program = [sys.executable, "-W", "ignore", "-c", "from streams.cli import main; main()", "replay", *options]
    done = subprocess.run(
        [sys.executable, "-c", _MEASURED, *program], env=os.environ | env, stdout=subprocess.PIPE, check=False
    )
    if done.returncode:
        raise SystemExit(f"replay {' '.join(options)} ended with {done.returncode}")
    return Cost(time.monotonic() - began, int(done.stdout) / 1024)


def row(what: str, cost: Cost, articles: int) -> None:
    """One line of the table."""
    rate = articles / cost.seconds
    print(f"| {what} | {articles} | {cost.seconds:.1f} | {rate:.0f} | {cost.megabytes:.0f} |", flush=True)


def main() -> None:
    """The table."""
    options = argparse.ArgumentParser()
    options.add_argument("--megabytes", type=int, default=1000)
    options.add_argument("--articles", type=int, default=5000)
    options.add_argument("files", nargs="*", default=[str(path) for path in sorted(SEEDS.glob("*.articles.jsonl"))])
    chosen = options.parse_args()
    print("| what | articles | seconds | articles/s | peak MiB |\n|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        env = {"XDG_STATE_HOME": folder, "GEOSIGNALS_LOG__LEVEL": "warning"}
        few, many = Path(folder) / "few.jsonl", Path(folder) / "many.jsonl"
        few.write_bytes(b"".join(itertools.islice(lines(chosen.files), chosen.articles)))
        count = _fill(many, chosen.files, chosen.megabytes * 1_000_000)
        row(
            f"{chosen.megabytes} MB of JSONL read and counted",
            command(str(many), "--dry-run", "--limit", str(count), env=env),
            count,
        )
        with Broker(cache_dir()) as broker:
            kafka = {"GEOSIGNALS_KAFKA__BOOTSTRAP_SERVERS": broker.address()}
            settings = Settings(kafka=KafkaSettings(bootstrap_servers=broker.address()))
            wait_for_group(settings.kafka, "any")
            create_topics(settings)
            row(f"{chosen.megabytes} MB of JSONL to Kafka", command(str(many), env=env | kafka), count)
        many.unlink()
        for jobs in (1, 2):
            cost = command(str(few), "--output", str(Path(folder) / "out.jsonl"), "--jobs", str(jobs), env=env)
            row(f"to a file, {jobs} process{'es' if jobs > 1 else ''}", cost, chosen.articles)


def _fill(path: Path, names: list[str], size: int) -> int:
    count = 0
    with path.open("wb") as file:
        for line in lines(names):
            if file.tell() >= size:
                return count
            file.write(line)
            count += 1
    return count


if __name__ == "__main__":
    main()

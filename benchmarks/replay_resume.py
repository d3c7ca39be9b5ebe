"""Whether a replay loses or changes anything when it and its worker are killed twice: its signals are those of `classify`.

    python -m benchmarks.replay_resume [FILE…]

The articles of FILEs, else the seeds', go to an embedded Kafka; replay and worker of the replay lane are killed (SIGKILL)
after a third and after two thirds of them, and started again. Prints one line; exit 1 when anything differs.
"""

import argparse
import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from kafka import KafkaConsumer, TopicPartition

from benchmarks.replay import SEEDS
from schemas.article import Article
from schemas.signal import PAYLOADS
from streams.app.lanes import group_name
from streams.embedded import Broker
from streams.formats import Choice, read_source, sources
from streams.kafka import admin, create_topics, lag, wait_for_group
from streams.metrics import Lane
from streams.settings import KafkaSettings, Settings, cache_dir

_PROGRAM = [sys.executable, "-W", "ignore", "-c", "from streams.cli import main; main()"]
_AHEAD = "200"
"""Articles that the replay may be ahead of the worker, so that both are in the middle when they are killed."""
_POLL = 0.1


def start(env: dict[str, str], *options: str) -> "subprocess.Popen[bytes]":
    """A `geosignals` process; what it says is kept in the state folder."""
    with (Path(env["XDG_STATE_HOME"]) / f"{options[0]}.log").open("ab") as log:
        return subprocess.Popen([*_PROGRAM, *options], env=os.environ | env, stdout=log, stderr=log)


def sent(folder: Path) -> int:
    """How many articles the replay's checkpoint vouches for."""
    with contextlib.suppress(FileNotFoundError):
        return int(json.loads((folder / "geosignals" / "replay" / "history.json").read_text())["tally"]["sent"])
    return 0


def replay_with_kills(files: list[str], count: int, env: dict[str, str]) -> None:
    """Sends all in, killing both processes twice; returns when the last replay has ended by itself."""
    history = ("replay", *files, "--job-id", "history", "--resume", "--max-lag", _AHEAD)
    for part in (1, 2, 3):
        worker, replay = start(env, "worker", "--lane", "replay"), start(env, *history)
        while replay.poll() is None and (part == 3 or sent(Path(env["XDG_STATE_HOME"])) < part * count // 3):
            time.sleep(_POLL)
        if part == 3:
            _drain_and_end(worker, env)
            if replay.returncode:
                raise SystemExit(f"the replay ended with {replay.returncode}")
        for process in (replay, worker):
            process.send_signal(signal.SIGKILL)
            process.wait()


def _drain_and_end(worker: "subprocess.Popen[bytes]", env: dict[str, str]) -> None:
    settings = _settings(env["GEOSIGNALS_KAFKA__BOOTSTRAP_SERVERS"])
    partitions = [(settings.topics.replay, number) for number in range(3)]
    with admin(settings.kafka) as client:
        while sum(lag(client, group_name(settings, Lane.REPLAY, None), partitions).values()):
            if worker.poll() is not None:
                raise SystemExit(f"the worker ended with {worker.returncode}")
            time.sleep(_POLL)
    worker.send_signal(signal.SIGTERM)
    worker.wait(60)


def _settings(server: str) -> Settings:
    return Settings(kafka=KafkaSettings(bootstrap_servers=server))


def signals(settings: Settings) -> list[bytes]:
    """The values of all signal topics."""
    consumer = KafkaConsumer(bootstrap_servers=settings.kafka.bootstrap_servers, auto_offset_reset="earliest")
    topics = [settings.topics.of_kind(kind) for kind in PAYLOADS]
    partitions = [TopicPartition(each, number) for each in topics for number in consumer.partitions_for_topic(each)]
    consumer.assign(partitions)
    ends = consumer.end_offsets(partitions)
    found: list[bytes] = []
    while any(consumer.position(each) < end for each, end in ends.items()):
        found += [record.value for records in consumer.poll(500).values() for record in records]
    consumer.close()
    return found


def main() -> None:
    """The comparison."""
    options = argparse.ArgumentParser()
    options.add_argument("files", nargs="*", default=[str(path) for path in sorted(SEEDS.glob("*.articles.jsonl"))])
    files = options.parse_args().files
    count = sum(isinstance(read, Article) for each in sources(files) for read in read_source(each, Choice()))
    with tempfile.TemporaryDirectory() as folder, Broker(cache_dir()) as broker:
        done = subprocess.run([*_PROGRAM, "classify", *files, "--jobs", "2"], capture_output=True, check=True)
        expected = done.stdout.splitlines()
        settings = _settings(broker.address())
        wait_for_group(settings.kafka, "any")
        create_topics(settings)
        env = {
            "GEOSIGNALS_KAFKA__BOOTSTRAP_SERVERS": broker.address(),
            "GEOSIGNALS_METRICS__PORT": "0",
            "XDG_STATE_HOME": folder,
        }
        replay_with_kills(files, count, env)
        came = signals(settings)
    missing, other = set(expected) - set(came), set(came) - set(expected)
    print(
        f"{count} articles, {len(expected)} signals of classify; of the replay lane {len(came)}, "
        f"{len(came) - len(set(came))} of them delivered twice, {len(missing)} missing, {len(other)} different"
    )
    raise SystemExit(1 if missing or other else 0)


if __name__ == "__main__":
    main()

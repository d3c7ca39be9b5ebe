"""One embedded Kafka for the whole session; topics, groups and workers of its own for every test that wants them."""

import functools
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from kafka import KafkaConsumer, KafkaProducer, TopicPartition

from streams.embedded import Broker
from streams.kafka import DEAD_LETTER_BYTES, create_topics, wait_for_group
from streams.settings import KafkaSettings, Settings, TopicSettings, cache_dir

CACHE = cache_dir()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks what needs the embedded Kafka, so that `-m "not broker"` is quick."""
    for item in items:
        fixtures = getattr(item, "fixturenames", ())
        if item.path.parent == Path(__file__).parent and (
            {"broker", "site"} & set(fixtures) or item.path.stem in ("test_run", "test_embedded")
        ):
            item.add_marker(pytest.mark.broker)


PATIENCE = 3
"""How many times slower than a quiet machine one may be, before a wait counts as endless."""


def wait_until(true: Callable[[], bool], seconds: float, what: str) -> None:
    """Returns once `true()` holds; fails the test when it does not within `seconds` of a quiet machine."""
    deadline = time.monotonic() + seconds * PATIENCE
    while not true():
        assert time.monotonic() < deadline, f"not within {seconds * PATIENCE:.0f} s: {what}"
        time.sleep(0.05)


@functools.cache
def _shared_broker() -> Broker:
    running = Broker(CACHE)
    running.start()  # ended by its own exit hook
    wait_for_group(KafkaSettings(bootstrap_servers=running.address()), "any")
    return running


@pytest.fixture(scope="session")
def broker() -> Broker:
    """The one broker of this process, also for the folders whose conftest imports this fixture."""
    return _shared_broker()


@dataclass
class Worker:
    """A worker process of this test: its output, its pages, its end."""

    process: "subprocess.Popen[str]"
    log_file: Path
    pages: str = ""

    def log(self) -> str:
        return self.log_file.read_text(encoding="utf-8")

    def page(self, path: str) -> tuple[int, str]:
        """Status and text of `/metrics`, `/healthz` or `/readyz`."""
        try:
            with urllib.request.urlopen(self.pages + path, timeout=10 * PATIENCE) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def is_ready(self) -> bool:
        """Whether its pages are served and say that its partitions are assigned. Fails when it has ended."""
        self.pages = self.pages or _pages_of(self)
        return bool(self.pages) and self.page("/readyz")[0] == 200

    def metric(self, series: str) -> float:
        """The value of one series, by name and labels as they are printed."""
        line = next(line for line in self.page("/metrics")[1].splitlines() if line.startswith(f"{series} "))
        return float(line.rpartition(" ")[2])

    def end(self, how: int = signal.SIGTERM, within: float = 80) -> int:
        """Sends the signal and returns the exit code."""
        self.process.send_signal(how)
        return self.process.wait(within)


@dataclass
class Site:
    """Topics and a consumer group of this test alone, on the shared broker."""

    broker: Broker
    settings: Settings
    tmp: Path
    env: dict[str, str]
    workers: list[Worker] = field(default_factory=list)

    def send(self, *values: bytes | None, topic: str | None = None, **fields: Any) -> None:
        """Sends records to the articles topic, in order, all to one partition."""
        producer = KafkaProducer(
            bootstrap_servers=self.broker.address(), acks="all", max_request_size=2 * DEAD_LETTER_BYTES
        )
        for value in values:
            producer.send(topic or self.settings.topics.articles, value, **{"partition": 0, **fields}).get(60)
        producer.close()

    def send_quickly(self, values: Sequence[bytes]) -> None:
        """Sends records to all partitions of the articles topic, in no order."""
        producer = KafkaProducer(bootstrap_servers=self.broker.address(), acks="all", linger_ms=5)
        for number, value in enumerate(values):
            producer.send(self.settings.topics.articles, value, partition=number % 3)
        producer.close()

    def records(self, topic: str, isolation: str = "read_committed") -> list[Any]:
        """Everything that the topic holds now."""
        consumer = KafkaConsumer(
            bootstrap_servers=self.broker.address(), auto_offset_reset="earliest", isolation_level=isolation
        )
        partitions = [TopicPartition(topic, number) for number in sorted(consumer.partitions_for_topic(topic))]
        consumer.assign(partitions)
        ends = consumer.end_offsets(partitions)
        found = []
        while any(consumer.position(at) < end for at, end in ends.items()):
            found += [record for records in consumer.poll(500).values() for record in records]
        consumer.close()
        return found

    def signals(self, kind: str = "arms_deal") -> list[Any]:
        """The signals of a kind, by key."""
        return sorted(self.records(self.settings.topics.of_kind(kind)), key=lambda record: record.key)

    def letters(self) -> list[Any]:
        """The dead letters, in the order in which their records came in."""
        return sorted(
            self.records(self.settings.topics.dlq),
            key=lambda record: int(dict(record.headers)["__streams.errors.offset"]),
        )

    def worker(self, *options: str, planted: bool = True, env: Mapping[str, str] | None = None) -> Worker:
        """Starts a worker and waits until it is ready; `planted` has the classifier of tests/shell/planted.py."""
        worker = self.start(options, planted, env or {})
        wait_until(worker.is_ready, 80, "the worker is ready")
        return worker

    def start(self, options: Sequence[str] = (), planted: bool = True, env: Mapping[str, str] | None = None) -> Worker:
        """Starts a worker and does not wait."""
        program = ["-m", "tests.shell.planted"] if planted else ["-c", "from streams.cli import main; main()", "worker"]
        log = self.tmp / f"worker{len(self.workers)}.log"
        with log.open("w") as out:
            process = subprocess.Popen(
                [sys.executable, *program, *options], env=self.env | dict(env or {}), stdout=out, stderr=out, text=True
            )
        self.workers.append(Worker(process, log))
        return self.workers[-1]


def _pages_of(worker: Worker) -> str:
    assert worker.process.poll() is None, worker.log()
    line = next((line for line in worker.log().splitlines() if '"event":"pages"' in line.replace(" ", "")), "")
    return line.partition('"metrics":')[2].partition('"')[2].partition("/metrics")[0]


@contextmanager
def fresh_site(broker: Broker, tmp: Path) -> Iterator[Site]:
    """A fresh site; workers that are left running are killed at its end."""
    mark = uuid4().hex[:8]
    topics = {name: f"{mark}.{topic}" for name, topic in TopicSettings().model_dump().items()}
    env = {name: value for name, value in os.environ.items() if not name.startswith("GEOSIGNALS_")}
    env |= {f"GEOSIGNALS_TOPICS__{name.upper()}": topic for name, topic in topics.items()}
    env |= {
        "GEOSIGNALS_KAFKA__BOOTSTRAP_SERVERS": broker.address(),
        "GEOSIGNALS_KAFKA__GROUP": f"geosignals-{mark}",
        "GEOSIGNALS_METRICS__PORT": "0",
        "PYTHONWARNINGS": "ignore",
    }
    kafka = KafkaSettings(bootstrap_servers=broker.address(), group=f"geosignals-{mark}")
    settings = Settings.model_construct(**{**Settings().__dict__, "kafka": kafka, "topics": TopicSettings(**topics)})
    create_topics(settings)
    site = Site(broker, settings, tmp, env)
    try:
        yield site
    finally:
        for worker in site.workers:
            if worker.process.poll() is None:
                worker.process.kill()
                worker.process.wait()


@pytest.fixture
def site(broker: Broker, tmp_path: Path) -> Iterator[Site]:
    with fresh_site(broker, tmp_path) as site:
        yield site

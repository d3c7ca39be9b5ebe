"""The stand for benchmarks on Kafka: one broker, topics of its own for every run, times as the broker stamps them.

Every topic stamps its records when they are appended, so that delay and duration are differences of one clock and cost the
measured process nothing. Linux: processor time and memory are read from /proc.
"""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from aiokafka import AIOKafkaProducer
from kafka import KafkaConsumer, TopicPartition

from schemas.signal import PAYLOADS
from streams.embedded import Broker
from streams.kafka import admin, create_topics, lag, wait_for_group
from streams.settings import KafkaSettings, Settings, TopicSettings, cache_dir

WORKER = ("-c", "from streams.cli import main; main()", "worker")
_TICKS = os.sysconf("SC_CLK_TCK")
_POLL = 0.1
_WAIT_SECONDS = 300.0
_WARM, _WARM_ARTICLES = b"warm-", 40


@contextmanager
def kafka() -> Iterator[Broker]:
    """A broker that stamps records when they are appended."""
    with Broker(cache_dir(), extra={"log.message.timestamp.type": "LogAppendTime"}) as broker:
        wait_for_group(KafkaSettings(bootstrap_servers=broker.address()), "any")
        yield broker


@dataclass(frozen=True, slots=True)
class Site:
    """Topics and a group for one run, and the environment that says so."""

    settings: Settings
    env: dict[str, str]
    partitions: int


def site(broker: Broker, partitions: int = 1, env: Mapping[str, str] | None = None) -> Site:
    """Fresh topics of so many partitions; `env` is added to the environment of what runs there."""
    mark = uuid4().hex[:8]
    topics = {name: f"{mark}.{topic}" for name, topic in TopicSettings().model_dump().items()}
    own = {name: value for name, value in os.environ.items() if not name.startswith("GEOSIGNALS_")}
    own |= {f"GEOSIGNALS_TOPICS__{name.upper()}": topic for name, topic in topics.items()}
    own |= {
        "GEOSIGNALS_KAFKA__BOOTSTRAP_SERVERS": broker.address(),
        "GEOSIGNALS_KAFKA__GROUP": mark,
        "GEOSIGNALS_LOG__LEVEL": "warning",
    }
    settings = Settings(
        kafka=KafkaSettings(bootstrap_servers=broker.address(), group=mark), topics=TopicSettings(**topics)
    )
    create_topics(settings, partitions=partitions)
    return Site(settings, own | dict(env or {}), partitions)


@dataclass(frozen=True, slots=True)
class Program:
    """A process under measurement."""

    process: "subprocess.Popen[bytes]"
    log: Path
    port: int
    began: float
    """Seconds since the epoch."""

    def is_ready(self) -> bool:
        """Whether its partitions are assigned: a worker says so on its page, a loop in one line. Raises SystemExit."""
        if self.process.poll() is not None:
            raise SystemExit(f"ended with {self.process.returncode}:\n{self.log.read_text()[-2000:]}")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=10) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return self.log.read_bytes().startswith(b"ready")

    def cpu(self) -> float:
        """Seconds of processor time so far, all threads."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def megabytes(self) -> float:
        """The most resident memory so far, in MiB."""
        lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024


@contextmanager
def programs(
    place: Site, folder: str, program: Sequence[str], count: int = 1, core: int | None = None
) -> Iterator[list[Program]]:
    """`count` processes of a Python program on the site, on one core where it is given; ended with the block."""
    running: list[Program] = []
    try:
        for _ in range(count):
            port, log = _free_port(), Path(folder, f"{uuid4().hex}.log")
            with log.open("wb") as out:
                began = time.time()
                process = subprocess.Popen(
                    [sys.executable, "-W", "ignore", *program],
                    env=place.env | {"GEOSIGNALS_METRICS__PORT": str(port)},
                    stdout=out,
                    stderr=out,
                )
            running.append(Program(process, log, port, began))
            if core is not None:
                os.sched_setaffinity(process.pid, {core})
        yield running
    finally:
        for each in running:
            each.process.send_signal(signal.SIGTERM)
        for each in running:
            each.process.wait(60)


def until_ready(running: Sequence[Program]) -> None:
    """Returns when all have their partitions; asked last first, for a member that joins takes the others' away."""
    _until(lambda: all(each.is_ready() for each in reversed(running)), "ready")


def until_drained(place: Site, running: Sequence[Program]) -> None:
    """Returns when the group has committed every article."""
    partitions = [(place.settings.topics.articles, number) for number in range(place.partitions)]
    with admin(place.settings.kafka) as client:
        group = place.settings.kafka.group
        _until(
            lambda: all(each.is_ready() for each in running) and not sum(lag(client, group, partitions).values()),
            "all articles committed",
        )


def feed(place: Site, articles: Sequence[tuple[bytes, bytes]], rate: float | None = None) -> None:
    """Sends articles, one partition after the other: at `rate` a second, else as fast as it goes."""

    async def send() -> None:
        producer = AIOKafkaProducer(
            bootstrap_servers=place.settings.kafka.bootstrap_servers, acks="all", linger_ms=0 if rate else 5
        )
        await producer.start()
        began, sent = time.monotonic(), []
        for number, (key, value) in enumerate(articles):
            if rate is not None:
                await asyncio.sleep(max(0.0, began + number / rate - time.monotonic()))
            topic, partition = place.settings.topics.articles, number % place.partitions
            sent.append(await producer.send(topic, value, key=key, partition=partition))
        await asyncio.gather(*sent)
        await producer.stop()

    asyncio.run(send())


def appended(place: Site, topics: Sequence[str]) -> list[tuple[bytes, float, bytes]]:
    """Key, seconds since the epoch of its append, and value, of every committed record on the topics."""
    consumer = KafkaConsumer(
        bootstrap_servers=place.settings.kafka.bootstrap_servers,
        auto_offset_reset="earliest",
        isolation_level="read_committed",
    )
    partitions = [TopicPartition(topic, n) for topic in topics for n in range(place.partitions)]
    consumer.assign(partitions)
    ends = consumer.end_offsets(partitions)
    found: list[tuple[bytes, float, bytes]] = []
    while any(consumer.position(each) < end for each, end in ends.items()):
        for records in consumer.poll(200).values():
            found += [(record.key, record.timestamp / 1000, record.value) for record in records]
    consumer.close()
    return found


def signal_topics(place: Site) -> list[str]:
    """The topics of all kinds."""
    return [place.settings.topics.of_kind(kind) for kind in PAYLOADS]


def warm(place: Site, articles: Sequence[tuple[bytes, bytes]], running: Sequence[Program]) -> None:
    """Has the first articles done once, under keys of their own: what is filled on first use is filled then."""
    feed(place, [(_WARM + key, value) for key, value in articles[:_WARM_ARTICLES]])
    until_drained(place, running)


def delays(place: Site) -> list[tuple[float, bytes]]:
    """Seconds from its article's append to its own, and value, of every signal since the warm-up."""
    came = appended(place, [place.settings.topics.articles])
    sent = {key: at for key, at, _ in came if not key.startswith(_WARM)}
    since = min(sent.values())
    return [(at - sent[key], value) for key, at, value in appended(place, signal_topics(place)) if at >= since]


def seconds_taken(place: Site) -> tuple[float, list[bytes]]:
    """From the first article's append to the last signal's, and all signals; both since the warm-up."""
    came = appended(place, [place.settings.topics.articles])
    first = min(at for key, at, _ in came if not key.startswith(_WARM))
    since = [(at, value) for _, at, value in appended(place, signal_topics(place)) if at >= first]
    return max(at for at, _ in since) - first, [value for _, value in since]


def _until(true: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + _WAIT_SECONDS
    while not true():
        if time.monotonic() > deadline:
            raise SystemExit(f"not within {_WAIT_SECONDS:.0f} s: {what}")
        time.sleep(_POLL)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

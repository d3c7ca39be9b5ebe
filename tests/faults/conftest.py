"""Sites of the shell's tests, and the comparison that every fault ends with."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from kafka import KafkaAdminClient, KafkaProducer
from kafka.admin import ConfigResource

from schemas.signal import PAYLOADS
from streams.embedded import Broker
from streams.kafka import lag, wait_for_group
from streams.settings import KafkaSettings
from tests.faults.load import message, offline
from tests.shell.conftest import CACHE, Site, broker, site, wait_until

__all__ = ["broker", "site"]

LONG = 80.0
"""Seconds that a slow and busy machine may need; every wait ends as soon as what it waits for is there."""
QUICKLY = {"GEOSIGNALS_WORKER__SESSION_SECONDS": "6"}
"""A worker that was killed is missed after six seconds instead of twenty."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks what needs the embedded Kafka."""
    for item in items:
        if item.path.parent == Path(__file__).parent and {"site", "own_broker"} & set(item.fixturenames):  # type: ignore[attr-defined]
            item.add_marker(pytest.mark.broker)


@pytest.fixture(scope="session")
def own_broker() -> Iterator[Broker]:
    """A broker that may be killed: it misses nobody but its own old registration, which lapses after three seconds."""
    quick = {"broker.session.timeout.ms": "3000", "broker.heartbeat.interval.ms": "500"}
    with Broker(CACHE, extra=quick) as running:
        wait_for_group(KafkaSettings(bootstrap_servers=running.address()), "any")
        yield running


class Feed:
    """Messages into the articles topic in the order of their numbers, over all partitions."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.sent = 0

    def send(self, count: int) -> None:
        """The next `count` messages, confirmed."""
        producer = KafkaProducer(bootstrap_servers=self._site.broker.address(), acks="all", linger_ms=5)
        topic = self._site.settings.topics.articles
        for number in range(self.sent, self.sent + count):
            producer.send(topic, message(number), key=str(number).encode(), partition=number % 3)
        producer.flush()
        producer.close()
        self.sent += count

    def wait_done(self) -> None:
        """Returns when the worker's group has acknowledged all that was sent."""
        settings = self._site.settings
        partitions = [(settings.topics.articles, number) for number in range(3)]
        client = KafkaAdminClient(bootstrap_servers=self._site.broker.address())
        try:
            wait_until(
                lambda: not sum(lag(client, settings.kafka.group, partitions).values()),
                LONG,
                f"all is acknowledged; {self._site.workers[-1].log()[-2000:]}",
            )
        finally:
            client.close()

    def compare(self, *, once: bool) -> int:
        """What arrived is what `geosignals classify` says, record by record: nothing lost, nothing changed, nothing new.

        `once`: and nothing twice, for a consumer that reads what is committed. Returns how many records were too many.
        """
        came = Counter(_signals(self._site))
        expected = {line for number in range(self.sent) for line in offline().signals.get(number, ())}
        _same(set(came), expected, "signals")
        assert len({json.loads(line)["id"] for line in came}) == len(came), "a duplicate is the same bytes"
        letters = Counter(int(letter.key) for letter in self._site.letters())
        _same(set(letters), offline().rejected & set(range(self.sent)), "dead letters")
        assert all(letter.value == message(int(letter.key)) for letter in self._site.letters())
        if once:
            twice = [*(line for line, times in came.items() if times > 1), *(n for n in letters if letters[n] > 1)]
            assert not twice, f"{len(twice)} records came twice: {twice[:3]}"
        return came.total() - len(came) + letters.total() - len(letters)


def _signals(site: Site) -> Iterable[bytes]:
    for kind in PAYLOADS:
        for record in site.signals(kind):
            assert dict(record.headers)["ce_id"].decode() == json.loads(record.value)["id"]
            yield record.value


def _same(came: set[object], expected: set[object], what: str) -> None:
    lost, invented = expected - came, came - expected
    assert not lost and not invented, f"{what}: {len(lost)} lost, {len(invented)} that nobody expects"


@pytest.fixture
def feed(site: Site) -> Feed:
    return Feed(site)


def limit_size(site: Site, topic: str, max_message_bytes: int) -> None:
    """Sets what the topic takes at most."""
    client = KafkaAdminClient(bootstrap_servers=site.broker.address())
    client.alter_configs([ConfigResource("TOPIC", topic, {"max.message.bytes": str(max_message_bytes)})])
    client.close()

"""The shell's real Kafka, `geosignals dlq` as a command in a process of its own, and letters as the worker writes them."""

import subprocess
from dataclasses import dataclass
from typing import Any

import pytest
from kafka import KafkaAdminClient

from streams.app.records import Fault, Headers, Incoming, dead_letter
from tests.conftest import geosignals
from tests.shell.conftest import Site, broker, site

__all__ = ["broker", "site"]


@dataclass
class Office:
    """The dead letters of a site of this test alone."""

    site: Site

    def dlq(self, *options: str) -> "subprocess.CompletedProcess[str]":
        """Runs `geosignals dlq`."""
        env = {name: value for name, value in self.site.env.items() if name.startswith("GEOSIGNALS_")}
        return geosignals("dlq", *options, **env)

    def letter(
        self, value: bytes, code: str = "not_json", key: bytes | None = b"k", headers: Headers = (), **fields: Any
    ) -> None:
        """Puts one letter into the box, as the worker does for a record with this value and these headers."""
        topic = fields.pop("topic", self.site.settings.topics.articles)
        incoming = Incoming(topic, 0, 7, None, key, value, headers)
        record = dead_letter(incoming, Fault("read", code, "E", "line 1"), self.site.settings.topics.dlq)
        self.site.send(value, topic=record.topic, key=record.key, headers=list(record.headers), **fields)

    def returned(self) -> list[bytes]:
        """The values in the articles topic."""
        return [record.value for record in self.site.records(self.site.settings.topics.articles)]

    def remembered(self) -> dict[int, tuple[int, str]]:
        """What the group of requeues has committed, by partition: offset and text."""
        group = f"{self.site.settings.kafka.group}-dlq"
        client = KafkaAdminClient(bootstrap_servers=self.site.broker.address())
        offsets = client.list_group_offsets(group).get(group, {})
        client.close()
        return {at.partition: (state.offset, state.metadata) for at, state in offsets.items() if state.offset >= 0}


@pytest.fixture
def office(site: Site) -> Office:
    return Office(site)

"""The shell's real Kafka, and replays as commands in processes of their own."""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from kafka.admin import ConfigResource

from streams.kafka import admin
from tests.shell.conftest import Site, broker, site

__all__ = ["broker", "site"]

_MAIN = "from streams.cli import main; main()"


@dataclass
class Desk:
    """Runs `geosignals replay` for a site of this test alone; its checkpoints lie in the test's own directory."""

    site: Site

    @property
    def env(self) -> dict[str, str]:
        return self.site.env | {"XDG_STATE_HOME": str(self.site.tmp / "state"), "GEOSIGNALS_LOG__FORMAT": "json"}

    def start(self, *options: str) -> "subprocess.Popen[str]":
        command = [sys.executable, "-c", _MAIN, "replay", *options]
        return subprocess.Popen(command, env=self.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def replay(self, *options: str) -> tuple[int, str, str]:
        """Exit code, standard output, standard error."""
        process = self.start(*options)
        out, err = process.communicate(timeout=120)
        return process.returncode, out, err

    def arrived(self, topic: str | None = None) -> list[tuple[str, bytes | None]]:
        """Key and value of each record of the replay lane (or a topic), partition by partition in order."""
        records = self.site.records(topic or self.site.settings.topics.replay)
        return [(record.key.decode(), record.value) for record in records]

    def arrived_values(self) -> list[tuple[bytes | None, bytes | None]]:
        """Key and value of each record of the replay lane, keys as they are."""
        return [(record.key, record.value) for record in self.site.records(self.site.settings.topics.replay)]

    def configure(self, topic: str, **values: str) -> None:
        """Sets a topic's configuration; names with underscores for dots."""
        with admin(self.site.settings.kafka) as client:
            config = {name.replace("_", "."): value for name, value in values.items()}
            client.alter_configs([ConfigResource("TOPIC", topic, config)])

    def checkpoint(self) -> dict[str, object]:
        (path,) = (self.site.tmp / "state" / "geosignals" / "replay").glob("*.json")
        return json.loads(path.read_text())  # type: ignore[no-any-return]


@pytest.fixture
def desk(site: Site) -> Iterator[Desk]:
    yield Desk(site)


def jsonl(path: Path, articles: Sequence[dict[str, object]]) -> Path:
    """A file of articles, one a line."""
    path.write_text("".join(json.dumps(each) + "\n" for each in articles), encoding="utf-8")
    return path


def numbered(count: int, **fields: object) -> list[dict[str, object]]:
    """Articles a0, a1, …, one an hour from the first of March 2022."""
    return [
        {"id": f"a{n}", "title": f"Title {n}", "body": "Text.", "published_at": _hour(n), **fields}
        for n in range(count)
    ]


def _hour(number: int) -> str:
    return f"2022-03-{1 + number // 24 % 31:02d}T{number % 24:02d}:00:00Z"

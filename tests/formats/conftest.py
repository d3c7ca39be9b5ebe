"""Files for the readers: the samples, and what hostile ones are made of."""

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest

from schemas.article import Article
from streams.formats import Choice, Read, Rejected, read_source, sources

DATA = Path(__file__).parent / "data"
GOOD = b'{"id": "a", "title": "t"}\n'


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc, arg-type]


def read(path: Path, format: str | None = None, **fields: str) -> list[Read]:
    """All records of one file (or of what lies in a folder)."""
    choice = Choice(format, fields)
    return [record for source in sources([str(path)]) for record in read_source(source, choice)]


def articles(path: Path, format: str | None = None, **fields: str) -> list[Article]:
    return [record for record in read(path, format, **fields) if isinstance(record, Article)]


def rejected(path: Path, format: str | None = None, **fields: str) -> list[tuple[str, str]]:
    """Place (without the folder) and reason of each failure."""
    found = [record for record in read(path, format, **fields) if isinstance(record, Rejected)]
    return [(record.place.rpartition("/")[2], str(record.reason)) for record in found]


class Endless(io.RawIOBase):
    """So many bytes of one byte, without holding them."""

    def __init__(self, byte: bytes, size: int) -> None:
        self._byte, self._left = byte, size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        count = min(len(buffer), self._left)
        buffer[:count] = self._byte * count
        self._left -= count
        return count


@pytest.fixture
def data() -> Path:
    return DATA

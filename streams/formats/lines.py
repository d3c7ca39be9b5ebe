"""Lines of a stream, however long they are, in bounded memory."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO


@dataclass(frozen=True, slots=True)
class Line:
    """One line with its ending: `number` from 1; `size` in bytes, above len(raw) when the line was too long to keep."""

    number: int
    raw: bytes
    size: int

    @property
    def whole(self) -> bool:
        """False when only the beginning was kept."""
        return self.size == len(self.raw)


def lines(stream: BinaryIO, limit: int) -> Iterator[Line]:
    """Every line; of one longer than `limit` bytes (its ending apart) the beginning only."""
    number = 0
    while raw := stream.readline(limit + 2):
        number += 1
        size, last = len(raw), raw
        while not last.endswith(b"\n") and (last := stream.readline(limit)):
            size += len(last)
        yield Line(number, raw, size)


def decoded(line: bytes) -> str:
    """The line as text without its ending and without a byte order mark. Raises UnicodeDecodeError."""
    return line.decode("utf-8-sig").rstrip("\r\n")

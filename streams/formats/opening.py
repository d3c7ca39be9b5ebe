"""Files as bytes: gzip and zstd undone on the way, bombs stopped, a file that grows read as it stood at the start."""

import io
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import zstandard

from streams.formats.inflating import Members, kind_of
from streams.formats.record import BrokenFile, Fault

MAX_RATIO = 250
"""Text that deflates better than this is no text: JSON of one repeated article reaches about 150."""
FREE_BYTES = 16 * 1024 * 1024
"""So much may come out whatever went in: small files of zeros do no harm."""
_BUFFER = 128 * 1024


@dataclass(frozen=True, slots=True)
class Opened:
    """An open input. `stream` gives plain bytes; `consumed()` says how many bytes of the file itself went by."""

    stream: "io.BufferedReader[Any]"
    counter: "_Counted"
    size: int | None
    """The file's size in bytes at opening, None for a pipe."""

    def peek(self, size: int) -> bytes:
        """Plain bytes that come next, at most so many, without taking them."""
        return self.stream.peek(size)[:size]

    def consumed(self) -> int:
        """Bytes of the file read so far, compressed as it lies."""
        return self.counter.count

    def grown(self) -> int:
        """By how many bytes the file has grown since it was opened."""
        return 0 if self.size is None else max(0, self.counter.size_now() - self.size)


@contextmanager
def opened(path: Path) -> Iterator[Opened]:
    """The file, open for reading. Raises OSError when it cannot be opened."""
    with path.open("rb", buffering=0) as raw:
        status = os.fstat(raw.fileno())
        size = status.st_size if path.is_file() else None
        yield _plain(_Counted(raw, size), size)


@contextmanager
def opened_stream(raw: BinaryIO) -> Iterator[Opened]:
    """A stream that is open already (standard input), to its end."""
    yield _plain(_Counted(raw, None), None)


def _plain(counted: "_Counted", size: int | None) -> Opened:
    source = io.BufferedReader(counted, _BUFFER)
    kind = kind_of(source.peek(4)[:4])
    if kind is None:
        return Opened(source, counted, size)
    return Opened(io.BufferedReader(_Inflated(Members(kind, source), counted), _BUFFER), counted, size)


class _Counted(io.RawIOBase):
    """The file's bytes up to its size at opening, counted."""

    def __init__(self, raw: Any, limit: int | None) -> None:
        self._raw = raw
        self._limit = limit
        self.count = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return self._limit is not None

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        end = self._limit or 0
        target = {os.SEEK_SET: 0, os.SEEK_CUR: self.count, os.SEEK_END: end}[whence] + offset
        self.count = int(self._raw.seek(target))
        return self.count

    def tell(self) -> int:
        return self.count

    def size_now(self) -> int:
        """The file's size in bytes as it is now."""
        return os.fstat(self._raw.fileno()).st_size

    def readinto(self, buffer: Any) -> int:
        room = len(buffer) if self._limit is None else min(len(buffer), self._limit - self.count)
        data = self._raw.read(room) if room > 0 else b""
        buffer[: len(data)] = data
        self.count += len(data)
        return len(data)


class _Inflated(io.RawIOBase):
    """What comes out of a decompressor, while it stays in proportion to what went in."""

    def __init__(self, inner: Members, counted: _Counted) -> None:
        self._inner = inner
        self._counted = counted
        self._out = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            data = self._inner.read(len(buffer))
        except (EOFError, zlib.error, zstandard.ZstdError) as error:
            raise BrokenFile(Fault.BAD_FILE, f"the compressed data is broken: {error}"[:300]) from None
        self._out += len(data)
        if self._out > FREE_BYTES + MAX_RATIO * self._counted.count:
            raise BrokenFile(
                Fault.TOO_DENSE, f"{self._out} bytes from {self._counted.count}: over {MAX_RATIO} times its size"
            )
        buffer[: len(data)] = data
        return len(data)

"""gzip (RFC 1952) and zstd (RFC 8878) undone as they are read, in bounded memory.

The standard readers will not do: for a file cut short, zstd's ends as if all was there, and gzip's keeps back what came
before the cut.
"""

import io
import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import zstandard

_SKIPPABLE = re.compile(rb"[\x50-\x5f]\x2a\x4d\x18")
_SKIPPABLE_HEAD = 8
_MAX_WINDOW = 1 << 27


@dataclass(frozen=True, slots=True)
class Kind:
    """A way of compressing: `new` gives a decompressor for one member, `piece` is how many bytes it takes at a time."""

    name: str
    new: Callable[[], Any]
    piece: int


# of 4 KiB gzip makes 4 MiB at most; zstd makes 128 KiB of four bytes, so it gets less
_GZIP = Kind("gzip", lambda: zlib.decompressobj(wbits=31), 4096)
_ZSTD = Kind("zstd", lambda: zstandard.ZstdDecompressor(max_window_size=_MAX_WINDOW).decompressobj(), 512)
_MAGIC = ((re.compile(rb"\x1f\x8b"), _GZIP), (re.compile(rb"\x28\xb5\x2f\xfd|" + _SKIPPABLE.pattern), _ZSTD))


def kind_of(head: bytes) -> Kind | None:
    """How a file is compressed that begins with these four bytes; None when it is not."""
    return next((kind for magic, kind in _MAGIC if magic.match(head)), None)


class Members:
    """The content of a compressed file: its members (gzip) or frames (zstd), one after another."""

    def __init__(self, kind: Kind, source: "io.BufferedReader[Any]") -> None:
        self._kind = kind
        self._source = source
        self._open: Any = None
        self._in = b""
        self._out = memoryview(b"")

    def read(self, size: int) -> bytes:
        """At most so many bytes, none at the end. Raises zlib.error or ZstdError on nonsense, EOFError when it was cut."""
        while not self._out and (self._open is not None or self._begin()):
            piece = self._in or self._source.read(self._kind.piece)
            if not piece:
                raise EOFError(f"the file ends in the middle of its {self._kind.name} data")
            self._out = memoryview(self._open.decompress(piece))
            self._in = self._open.unused_data
            if self._open.eof:
                self._open = None
        data, self._out = bytes(self._out[:size]), self._out[size:]
        return data

    def _begin(self) -> bool:
        """Goes to the next member with content, past zeros (gzip) and indexes (zstd); False when there is none."""
        while head := self._peek(_SKIPPABLE_HEAD):
            if self._kind is _GZIP and not head.strip(b"\x00"):
                self._drop(len(head))
            elif self._kind is _ZSTD and _SKIPPABLE.match(head):
                self._drop(_SKIPPABLE_HEAD + int.from_bytes(head[4:], "little"))
            else:
                self._open = self._kind.new()
                return True
        return False

    def _peek(self, size: int) -> bytes:
        """The next bytes, so many while there are, left where they are."""
        if len(self._in) < size:
            self._in += self._source.read(size - len(self._in))
        return self._in[:size]

    def _drop(self, size: int) -> None:
        while size:
            dropped = len(self._peek(min(size, self._kind.piece)))
            if not dropped:
                raise EOFError(f"the file ends in the middle of its {self._kind.name} data")
            self._in, size = self._in[dropped:], size - dropped

"""JSON objects out of a stream, one by one, whatever stands around them, in bounded memory."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

_CHUNK = 64 * 1024
_OUTSIDE = re.compile(rb'["{}]')
_INSIDE = re.compile(rb'["\\]')
_BETWEEN = b" \t\r\n,[]\xef\xbb\xbf"
"""What may stand between objects: space, the commas and brackets of an array, a byte order mark."""


@dataclass(frozen=True, slots=True)
class Piece:
    """The bytes of one top-level object, or of what stands in its place; `size` above len(raw) when it was too long."""

    raw: bytes
    size: int

    @property
    def whole(self) -> bool:
        """False when only the beginning was kept."""
        return self.size == len(self.raw)


class _Scan:
    """How deep the scan is, and whether inside a string: what has to outlive a chunk."""

    __slots__ = ("depth", "escaped", "quoted")

    def __init__(self) -> None:
        self.depth = 0
        self.quoted = False
        self.escaped = False

    def end_of_object(self, chunk: bytes, at: int) -> int | None:
        """Where the open object ends in the chunk (after its brace), or None when it goes on."""
        while at < len(chunk):
            if self.escaped:
                self.escaped = False
                at += 1
                continue
            mark = (_INSIDE if self.quoted else _OUTSIDE).search(chunk, at)
            if mark is None:
                return None
            at = mark.end()
            if self._crossed(mark[0]):
                return at
        return None

    def _crossed(self, mark: bytes) -> bool:
        """Takes in one mark; True when it closes the object."""
        if mark == b'"':
            self.quoted = not self.quoted
        elif mark == b"\\":
            self.escaped = True
        else:
            self.depth += 1 if mark == b"{" else -1
        return self.depth == 0


def json_objects(stream: BinaryIO, limit: int) -> Iterator[Piece]:
    """Each top-level object as its bytes, unparsed; of one longer than `limit` the beginning only.

    What is neither an object nor an array around objects comes out as a piece too, for the parser to refuse.
    """
    scan, kept, size = _Scan(), bytearray(), 0
    while chunk := stream.read(_CHUNK):
        at = 0
        while at < len(chunk):
            begin, outside = at, scan.depth == 0
            if outside:
                found = chunk.find(b"{", at)
                at = len(chunk) if found < 0 else found
                end: int | None = at if found >= 0 else None
            else:
                end = scan.end_of_object(chunk, at)
                at = len(chunk) if end is None else end
            kept += chunk[begin:at][: max(0, limit - len(kept))]
            size += at - begin
            if end is None:
                continue
            if not outside or kept.strip(_BETWEEN):
                yield Piece(bytes(kept), size)
            kept, size = bytearray(), 0
            if outside:
                kept, size, at, scan.depth = bytearray(b"{"), 1, at + 1, 1
    if kept.strip(_BETWEEN):
        yield Piece(bytes(kept), size)

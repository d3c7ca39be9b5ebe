"""JSON objects out of a stream, one by one, whatever stands around them, in bounded memory."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from schemas.article import InvalidArticle, Reason, load_json
from streams.formats.record import BrokenFile, Fault, Read, rejected, too_large

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


def records(stream: BinaryIO, source: str, limit: int, read: Callable[[bytes, str], Iterable[Read]]) -> Iterator[Read]:
    """What `read` makes of each top-level object, given its bytes and its place; it may raise InvalidArticle.

    An object longer than `limit` bytes is turned away unread.
    """
    for number, piece in enumerate(json_objects(stream, limit), 1):
        place = f"{source}#{number}"
        if not piece.whole:
            yield too_large(place, piece.size, piece.raw, limit)
            continue
        try:
            yield from read(piece.raw, place)
        except InvalidArticle as error:
            yield rejected(place, error, piece.raw)


def load_object(raw: bytes) -> dict[str, Any]:
    """The object, by the letter of JSON. Raises InvalidArticle, also for what is no object."""
    value = load_json(raw)
    if not isinstance(value, dict):
        raise InvalidArticle(Reason.NOT_JSON, "not a JSON object")
    return value


class _Scan:
    """How deep the scan is, and whether inside a string: what has to outlive a chunk."""

    __slots__ = ("arrays", "depth", "escaped", "quoted")

    def __init__(self) -> None:
        self.arrays = 0
        self.depth = 0
        self.quoted = False
        self.escaped = False

    def says_something(self, between: bytearray) -> bool:
        """True when more stands between two objects than may; else the arrays that begin and end there are counted."""
        if between.strip(_BETWEEN):
            return True
        self.arrays += between.count(b"[") - between.count(b"]")
        return False

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

    What is neither an object nor an array around objects comes out as a piece too, for the parser to refuse. Raises
    BrokenFile when an array is not closed: the file was cut.
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
            if not outside or scan.says_something(kept):
                yield Piece(bytes(kept), size)
            kept, size = bytearray(), 0
            if outside:
                kept, size, at, scan.depth = bytearray(b"{"), 1, at + 1, 1
    if scan.depth or scan.says_something(kept):
        yield Piece(bytes(kept), size)
    elif scan.arrays > 0:
        raise BrokenFile(Fault.BAD_FILE, "it ends inside an array")

"""WARC (ISO 28500), as in CC-NEWS: the HTML pages among its responses (extras `warc` and `html`).

Records are framed here, so that one with a wrong length costs itself and no other; warcio reads the HTTP inside.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from streams.formats.page import Origin, article_of_page
from streams.formats.record import (
    MAX_RECORD_BYTES,
    BrokenFile,
    Fault,
    Read,
    Rejected,
    Skip,
    Skipped,
    too_large,
    whole_number,
)

_PAGES = ("text/html", "application/xhtml+xml")
_BEGIN = b"WARC/1."
_MAX_HEADER = 64 * 1024
_CHUNK = 64 * 1024
_END = b"\r\n\r\n"


@dataclass(frozen=True, slots=True)
class _Record:
    """One record: `head` and `block` as they stand; `size` of the block as stated; `fault`: why it cannot be read."""

    head: bytes
    block: bytes
    size: int
    fault: str | None = None

    def header(self, name: str) -> str:
        """The value of a header, "" when absent."""
        for line in self.head.split(b"\r\n")[1:]:
            key, _, value = line.partition(b":")
            if key.strip().lower() == name.lower().encode():
                return value.strip().decode("utf-8", "replace")
        return ""


class _Rewound:
    """A stream that takes back what was read too much."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._back = b""

    def read(self, size: int) -> bytes:
        """At most `size` bytes; fewer only at the end."""
        taken, self._back = self._back[:size], self._back[size:]
        return taken + self._stream.read(size - len(taken)) if len(taken) < size else taken

    def line(self) -> bytes:
        """The next line, of a very long one the next part."""
        if not self._back:
            return self._stream.readline(_MAX_HEADER)
        head, mark, self._back = self._back.partition(b"\n")
        return head + mark if mark else head + self._stream.readline(_MAX_HEADER)

    def back(self, data: bytes) -> None:
        """Puts data in front of what comes next."""
        self._back = data + self._back


def read(stream: BinaryIO, source: str) -> Iterator[Read]:
    """One article a `response` record of type HTML with status 200; other records are passed over."""
    for number, record in enumerate(_records(_Rewound(stream)), 1):
        place = f"{source}#{number}"
        if record.fault is not None:
            yield Rejected(place, Fault.BAD_RECORD, record.fault, record.head + record.block)
        elif record.header("WARC-Type") != "response":
            yield Skipped(place, Skip.NOT_TEXT)
        elif record.size > len(record.block):
            yield too_large(place, record.size, record.head)
        else:
            yield _of_response(record, place)


def _records(stream: _Rewound) -> Iterator[_Record]:
    while line := stream.line():
        if line.startswith(_BEGIN):
            yield _record(stream, line)
        elif line.strip():
            yield _Record(b"", line, len(line), "no record begins here; reading goes on at the next one")
            _to_next_record(stream)


def _record(stream: _Rewound, first: bytes) -> _Record:
    head = first
    while (line := stream.line()).strip() and len(head) < _MAX_HEADER:
        head += line
    stated = _Record(head, b"", 0).header("Content-Length")
    size = whole_number(stated)
    if size is None or len(head) >= _MAX_HEADER:
        _to_next_record(stream)
        return _Record(head, b"", 0, f"no usable Content-Length ({stated[:40]!r})")
    block = stream.read(min(size, MAX_RECORD_BYTES))
    if len(block) == MAX_RECORD_BYTES < size:
        passed = _pass_over(stream, size - len(block))
        return _Record(head, block, size, None if passed else "the file ends inside this record")
    return _ended(stream, _Record(head, block, size))


def _ended(stream: _Rewound, record: _Record) -> _Record:
    """The record when it ends as it must; else its length is wrong, and what it swallowed of the next goes back."""
    end = stream.read(len(_END))
    if len(record.block) == record.size and end == _END:
        return record
    swallowed = record.block.find(b"\n" + _BEGIN)
    if swallowed >= 0:
        stream.back(record.block[swallowed + 1 :] + end)
    else:
        stream.back(end)
        _to_next_record(stream)
    return _Record(record.head, record.block, record.size, f"the record does not end after its {record.size} bytes")


def _pass_over(stream: _Rewound, size: int) -> bool:
    while size > 0:
        chunk = stream.read(min(size, _CHUNK))
        if not chunk:
            return False
        size -= len(chunk)
    return True


def _to_next_record(stream: _Rewound) -> None:
    while line := stream.line():
        if line.startswith(_BEGIN):
            stream.back(line)
            return


def _of_response(record: _Record, place: str) -> Read:
    parsed = _parsed(record)
    headers = parsed.http_headers if parsed is not None else None
    if headers is None:
        return Rejected(place, Fault.BAD_RECORD, "a response with no readable HTTP headers", record.head + record.block)
    kind = (headers.get_header("Content-Type") or "").lower()
    if not kind.startswith(_PAGES) or headers.get_statuscode() != "200":
        return Skipped(place, Skip.NOT_TEXT)
    raw = parsed.content_stream().read(MAX_RECORD_BYTES + 1)
    if len(raw) > MAX_RECORD_BYTES:
        return too_large(place, len(raw), raw)
    origin = Origin(
        id=record.header("WARC-Record-ID").strip("<>") or None,
        url=record.header("WARC-Target-URI").strip("<>") or None,
        charset=kind.partition("charset=")[2].strip(" \"'") or None,
    )
    return article_of_page(raw, place, origin)


def _parsed(record: _Record) -> Any:
    """warcio's record, with the HTTP headers read and the body's chunks and compression undone; None when broken."""
    try:
        from warcio.archiveiterator import ArchiveIterator  # type: ignore[import-untyped] # an extra
        from warcio.exceptions import ArchiveLoadFailed  # type: ignore[import-untyped] # an extra
        from warcio.statusandheaders import StatusAndHeadersParserException  # type: ignore[import-untyped] # an extra
    except ImportError:
        raise BrokenFile(Fault.MISSING_EXTRA, "WARC needs extras: pip install 'geosignals[warc,html]'") from None
    try:
        return next(iter(ArchiveIterator(io.BytesIO(record.head + b"\r\n" + record.block + _END))), None)
    except (ArchiveLoadFailed, StatusAndHeadersParserException, EOFError, ValueError):
        return None

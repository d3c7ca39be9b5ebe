"""CSV and TSV (RFC 4180): a header, then one article a row."""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO

from schemas.article import Reason
from streams.formats.columns import columns_of, fields_of
from streams.formats.lines import Line, decoded, lines
from streams.formats.record import (
    MAX_RECORD_BYTES,
    BrokenFile,
    Fault,
    Read,
    Rejected,
    article_or_rejected,
    too_large,
)

_DELIMITERS = (",", "\t", ";", "|")
_REST_OF_QUOTED = re.compile(rb'[^"]*+(?:""[^"]*+)*+"')
"""From inside a quoted cell to its closing quote; a doubled quote is text."""


@dataclass(frozen=True, slots=True)
class Row:
    """The bytes of one record, it may span lines inside quotes; `size` above len(raw) when it was too long to keep."""

    number: int
    raw: bytes
    size: int
    closed: bool
    """False when a quote that opened was never closed before the file ended."""


def read(stream: BinaryIO, source: str, fields: Mapping[str, str] | None = None) -> Iterator[Read]:
    """One article a row. `fields` maps article fields to column names where the usual names do not fit.

    A row that is too long, not UTF-8 or of another width than the header is rejected with the line it begins on.
    """
    csv.field_size_limit(MAX_RECORD_BYTES)
    physical = lines(stream, MAX_RECORD_BYTES)
    first = next(physical, None)
    if first is None:
        return
    header, delimiter = _header(first)
    columns = columns_of(header, fields or {})
    for row in _rows(physical, delimiter):
        place = f"{source}:{row.number}"
        if row.size > len(row.raw):
            yield too_large(place, row.size, row.raw)
        elif row.raw.strip():
            yield _article(row, place, header, delimiter, columns)


def _article(row: Row, place: str, header: list[str], delimiter: str, columns: Mapping[str, str]) -> Read:
    raw = row.raw
    if not row.closed:
        return Rejected(place, Fault.BAD_RECORD, "a quote is opened and never closed", raw)
    try:
        cells = _cells(row.raw, delimiter)
    except UnicodeDecodeError as error:
        return Rejected(place, Reason.NOT_UTF8, f"byte {error.start}: {error.reason}", raw)
    except csv.Error as error:
        return Rejected(place, Fault.BAD_RECORD, str(error), raw)
    if len(cells) != len(header):
        return Rejected(place, Fault.BAD_RECORD, f"{len(cells)} cells, the header has {len(header)}", raw)
    # of columns of one name the first counts
    named = dict(zip(reversed(header), reversed(cells), strict=True))
    return article_or_rejected(fields_of(named, columns), place, row.raw)


def _cells(raw: bytes, delimiter: str) -> list[str]:
    return next(csv.reader([decoded(raw)], delimiter=delimiter, strict=True))


def _header(line: Line) -> tuple[list[str], str]:
    """The column names and the delimiter: of the usual ones the one that the header holds most."""
    try:
        text = decoded(line.raw)
        delimiter = max(_DELIMITERS, key=text.count)
        names = _cells(line.raw, delimiter)
    except UnicodeDecodeError as error:
        raise BrokenFile(Fault.BAD_FILE, f"line 1 is not UTF-8: byte {error.start}: {error.reason}") from None
    except (csv.Error, StopIteration):
        raise BrokenFile(Fault.BAD_FILE, "line 1 is no header") from None
    return [name.strip() for name in names], delimiter


def _rows(physical: Iterator[Line], delimiter: str) -> Iterator[Row]:
    """Records, cut where a line ends outside quotes. An endless quote costs no memory and is seen at the end."""
    opening = re.compile(b"(?:^|" + re.escape(delimiter.encode()) + b')"')
    kept, size, number, inside = bytearray(), 0, 0, False
    for line in physical:
        number = number or line.number
        kept += line.raw[: max(0, MAX_RECORD_BYTES - len(kept))]
        size += line.size
        # of a line that was cut the quotes are not known: the next line is taken as a new record
        inside = line.whole and _quoted_after(line.raw, opening, inside)
        if not inside:
            yield Row(number, bytes(kept), size, closed=True)
            kept, size, number = bytearray(), 0, 0
    if number:
        yield Row(number, bytes(kept), size, closed=False)


def _quoted_after(raw: bytes, opening: re.Pattern[bytes], inside: bool) -> bool:
    """True when the line ends inside quotes. A quote opens a cell only at the cell's start."""
    at = 0
    while True:
        if inside:
            closing = _REST_OF_QUOTED.match(raw, at)
            if closing is None:
                return True
            at = closing.end()
        begin = opening.search(raw, at)
        if begin is None:
            return False
        at, inside = begin.end(), True

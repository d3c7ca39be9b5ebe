"""GDELT's Global Knowledge Graph 2.1 (tab-separated) and its Article List (JSON lines): titles, no article text."""

import re
from collections.abc import Iterator
from html import unescape
from typing import BinaryIO

from schemas.article import InvalidArticle, Reason, load_json
from streams.formats.lines import lines
from streams.formats.record import (
    MAX_RECORD_BYTES,
    Fault,
    Read,
    Rejected,
    article_or_rejected,
    rejected,
    too_large,
)
from streams.formats.times import digits, rfc3339

# columns of the GKG 2.1 codebook, from 0
_RECORD_ID, _DATE, _SOURCE, _URL, _TRANSLATION, _EXTRAS = 0, 1, 3, 4, 25, 26
_COLUMNS = 27
_FROM = re.compile(r"srclc:([a-z]{2,3})")


def read(stream: BinaryIO, source: str) -> Iterator[Read]:
    """One article a line, flagged `truncated`: a GKG record with a page title, or an Article List entry."""
    for line in lines(stream, MAX_RECORD_BYTES):
        place = f"{source}:{line.number}"
        if not line.whole:
            yield too_large(place, line.size, line.raw)
        elif line.raw.lstrip()[:1] == b"{":
            yield _of_list(line.raw, place)
        elif line.raw.strip():
            yield _of_graph(line.raw, place)


def _of_graph(raw: bytes, place: str) -> Read:
    try:
        cells = raw.decode().rstrip("\r\n").split("\t")
    except UnicodeDecodeError as error:
        return Rejected(place, Reason.NOT_UTF8, f"byte {error.start}: {error.reason}", raw)
    if len(cells) != _COLUMNS:
        return Rejected(place, Fault.BAD_RECORD, f"{len(cells)} columns, GKG 2.1 has {_COLUMNS}", raw)
    extras, url = cells[_EXTRAS], cells[_URL]
    original = _FROM.search(cells[_TRANSLATION])
    fields = {
        "id": cells[_RECORD_ID],
        "title": _extra(extras, "PAGE_TITLE"),
        "truncated": True,
        "published_at": digits(_extra(extras, "PAGE_PRECISEPUBTIMESTAMP")) or digits(cells[_DATE]),
        "source": cells[_SOURCE],
        "url": url if url.startswith("http") else None,
        "language": original[1] if original else "en",
        "authors": tuple(filter(None, (name.strip() for name in _extra(extras, "PAGE_AUTHORS").split(";")))),
    }
    return article_or_rejected(fields, place, raw)


def _extra(extras: str, name: str) -> str:
    """The content of one element of the last column, which is a row of XML elements and no document."""
    _, opened, rest = extras.partition(f"<{name}>")
    return unescape(rest.partition(f"</{name}>")[0]).strip() if opened else ""


def _of_list(raw: bytes, place: str) -> Read:
    """An entry is known by its url. `desc` is the page's own teaser."""
    try:
        entry = load_json(raw)
    except InvalidArticle as error:
        return rejected(place, error, raw)
    fields = {
        "title": unescape(str(entry.get("title") or "")),
        "body": unescape(str(entry.get("desc") or "")),
        "truncated": True,
        "published_at": rfc3339(str(entry.get("date") or "")),
        "source": entry.get("outletName") or entry.get("domain"),
        "url": entry.get("url"),
        "language": entry.get("lang"),
        "authors": tuple(filter(None, (entry.get("author"),))),
    }
    return article_or_rejected(fields, place, raw)

"""Plain text: one article a file, as written or as a scraper saved its page, furniture and all."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO

from schemas.article import MAX_MESSAGE_BYTES, Reason
from streams.formats.furniture import agency_of, authors_of, is_furniture, words
from streams.formats.printed_dates import printed_date
from streams.formats.record import Read, Rejected, article_or_rejected, too_large

_CRUMBS = re.compile(
    r"^(?:date\s+)?(?:\d{4}-\d\d-\d\d\S*\s+)?home\s*(?P<mark>[/>»›|])\s*(?P<crumbs>.+)$", re.IGNORECASE
)
_PRINTED = re.compile(
    r"(?P<label>first published|published|posted|last updated|updated|^date|^)(?: on| at)?[\s:|]*"
    r"(?=\d{1,4}[ \-]|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d)",
    re.IGNORECASE,
)
_DATE_LABELS = ("first published", "published", "posted", "last updated", "updated", "date", "")
"""Whose date is the article's, best first."""
_SENTENCE_END = re.compile(r"[.!?][\"'”’)\]]*$")
_MAX_TITLE = 250
_MIN_SENTENCE_WORDS = 9
_MAX_DATE_WORDS = 14


def read(stream: BinaryIO, source: str) -> Iterator[Read]:
    """The one article of the file: title, time, agency and authors from the lines around it, the rest as body."""
    raw = stream.read(MAX_MESSAGE_BYTES + 1)
    if len(raw) > MAX_MESSAGE_BYTES:
        yield too_large(source, len(raw), raw, MAX_MESSAGE_BYTES)
        return
    try:
        text = _decoded(raw)
    except UnicodeDecodeError as error:
        place = f"{source}:{raw[: error.start].count(10) + 1}"
        yield Rejected(place, Reason.NOT_UTF8, f"byte {error.start}: {error.reason}", raw)
        return
    yield article_or_rejected(_fields([line.strip() for line in text.splitlines() if line.strip()]), source, raw)


def _decoded(raw: bytes) -> str:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16")
    return raw.decode("utf-8-sig")


def _fields(lines: list[str]) -> dict[str, object]:
    title, rest = _title(lines)
    head = _head_length(rest)
    kept = [
        line
        for at, line in enumerate(rest)
        if not (
            is_furniture(line) or agency_of(line) or authors_of(line) or _dated(line) or _is_tag_line(line, at < head)
        )
    ]
    body = "\n\n".join(_without_repeats(kept))
    return {
        "title": title,
        "body": body,
        "truncated": not body,
        "published_at": _published(lines),
        "source": next(filter(None, map(agency_of, rest)), None),
        "authors": next(filter(None, map(authors_of, rest)), ()),
    }


def _title(lines: list[str]) -> tuple[str, list[str]]:
    """The title and the lines without it: the last crumb of a breadcrumb line, else a first line if no sentence."""
    title = ""
    rest = list(lines)
    if rest and (crumbs := _CRUMBS.match(rest[0])):
        title = crumbs["crumbs"].split(f" {crumbs['mark']} ")[-1].strip()
        rest = rest[1:]
    elif (
        len(rest) > 1 and len(rest[0]) <= _MAX_TITLE and not _SENTENCE_END.search(rest[0]) and not is_furniture(rest[0])
    ):
        title = rest[0]
    return title, [line for line in rest if line != title]


def _head_length(lines: list[str]) -> int:
    """How many lines stand before the first paragraph; none when no line is a paragraph (a poem, a list)."""
    for at, line in enumerate(lines):
        if _SENTENCE_END.search(line) and len(line.split()) >= _MIN_SENTENCE_WORDS and not is_furniture(line):
            return at
    return 0


def _is_tag_line(line: str, in_head: bool) -> bool:
    """True for sections and keywords between the headline and the first paragraph."""
    return in_head and not _SENTENCE_END.search(line) and len(line.split()) < _MIN_SENTENCE_WORDS


def _without_repeats(lines: list[str]) -> Iterator[str]:
    """The lines but those that a later one says again word for word: decks and pull quotes."""
    later: set[str] = set()
    kept: list[str] = []
    for line in reversed(lines):
        bare = line.casefold().rstrip(" .")
        if bare not in later:
            kept.append(line)
        later.add(bare)
    return reversed(kept)


def _published(lines: list[str]) -> datetime | None:
    """The date that the page gives itself: of several labels ("First Published", "Updated") the best one's."""
    dated: dict[str, datetime] = {}
    for line in lines:
        if found := _dated(line):
            dated.setdefault(*found)
    return next((dated[label] for label in _DATE_LABELS if label in dated), None)


def _dated(line: str) -> tuple[str, datetime] | None:
    """The label and time of a line that only dates the page; a sentence that mentions a date is none."""
    crumbs = _CRUMBS.match(line)
    text = line[: crumbs.start("mark")] if crumbs else line
    label = _PRINTED.search(text)
    if label is None or len(text.split()) > _MAX_DATE_WORDS or _SENTENCE_END.search(text):
        return None
    time = printed_date(text[label.end() :], words().zones)
    return (label["label"].lower(), time) if time else None

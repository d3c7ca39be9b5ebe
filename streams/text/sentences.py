"""Sentences and paragraphs as half-open spans into the text."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Protocol, cast

MAX_SENTENCE = 1_500
"""Code points; a longer one is a list or no prose and is cut at a space, so that work inside a sentence stays bounded."""

MAX_PIECE = 20_000
"""A line longer than this is cut before it is split: no sentence of a news article is as long."""


class _Splitter(Protocol):
    def spans(self, text: str) -> Iterator[tuple[int, int]]: ...


@cache
def _splitter() -> _Splitter:
    from nupunkt import load

    return cast("_Splitter", load("default"))


_END = re.compile(r"[.!?][\"”’)\]]* +")
_OPENING = '"“‘([«'
_ABBREVIATED = frozenset(
    [
        "adm",
        "apr",
        "aug",
        "bln",
        "brig",
        "bros",
        "capt",
        "cmdr",
        "co",
        "col",
        "corp",
        "dec",
        "dept",
        "dlrs",
        "dr",
        "est",
        "etc",
        "ext",
        "feb",
        "fig",
        "gen",
        "gov",
        "hon",
        "inc",
        "jan",
        "jr",
        "jul",
        "jun",
        "lt",
        "ltd",
        "maj",
        "mar",
        "mln",
        "mr",
        "mrs",
        "ms",
        "mt",
        "no",
        "nov",
        "oct",
        "op",
        "pct",
        "ph",
        "pp",
        "pres",
        "prof",
        "rep",
        "reps",
        "rev",
        "sec",
        "sen",
        "sens",
        "sep",
        "sept",
        "sgt",
        "sr",
        "st",
        "supt",
        "univ",
        "vol",
        "vs",
    ]
)


def _spans(line: str) -> Iterator[tuple[int, int]]:
    """The sentences of a line: plain ends are decided here, nupunkt judges stretches with a doubtful full stop."""
    at, doubtful = 0, False
    for match in _END.finditer(line):
        ends = _ends(line, match)
        if ends:
            yield from _judged(line, at, match.end()) if doubtful else ((at, match.end()),)
            at, doubtful = match.end(), False
        elif ends is None:
            doubtful = True
    if at < len(line):
        yield from _judged(line, at, len(line)) if doubtful else ((at, len(line)),)


def _ends(line: str, match: re.Match[str]) -> bool | None:
    """True where the mark ends a sentence, False where it does not, None where only a closer look can tell.

    Before a small letter nothing ends. Behind a whole word that is no abbreviation and before a capital, a sentence does.
    """
    following = line[match.end() : match.end() + 2].lstrip(_OPENING)[:1]
    if following.islower():
        return False
    before = line[max(0, match.start() - 20) : match.start()].rsplit(" ", 1)[-1].lstrip(_OPENING)
    whole = before.isalpha() and len(before) > (1 if before.islower() else 3)
    return True if whole and following.isupper() and before.lower() not in _ABBREVIATED else None


def _judged(line: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    return ((start + first, start + last) for first, last in _splitter().spans(line[start:end]))


def _bounded(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > MAX_SENTENCE:
        cut = text.rfind(" ", start + 1, start + MAX_SENTENCE)
        cut = cut if cut > start else start + MAX_SENTENCE
        yield start, cut
        start = cut + 1 if text[cut : cut + 1] == " " else cut
    if start < end:
        yield start, end


def sentence_spans(text: str, start: int = 0) -> Iterator[tuple[int, int, int]]:
    """(start, end, paragraph) of each sentence from `start` on, without the space around it.

    Lines are paragraphs: a sentence never runs over a line's end, as headings and a site's furniture have no full stop.

    >>> [("Talks began. They ended.\\nNext"[a:b], p) for a, b, p in sentence_spans("Talks began. They ended.\\nNext")]
    [('Talks began.', 0), ('They ended.', 0), ('Next', 1)]
    """
    paragraph, at = -1, start
    while at < len(text):
        stop = text.find("\n", at)
        stop = len(text) if stop < 0 else stop
        line = text[at : min(stop, at + MAX_PIECE)]
        if line.strip():
            paragraph += at == start or text[at - 1] == "\n"
            for first, last in _spans(line):
                piece = line[first:last]
                inner = piece.strip()
                if inner:
                    begin = at + first + piece.index(inner[0])
                    yield from ((a, b, paragraph) for a, b in _bounded(text, begin, begin + len(inner)))
        at = at + len(line) if at + len(line) < stop else stop + 1

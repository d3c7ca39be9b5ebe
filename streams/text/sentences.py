"""Sentences and paragraphs as half-open spans into the text."""

from collections.abc import Iterator
from functools import cache
from typing import Protocol, cast

MAX_PIECE = 20_000
"""A line longer than this is cut before it is split: no sentence of a news article is as long."""


class _Splitter(Protocol):
    def spans(self, text: str) -> Iterator[tuple[int, int]]: ...


@cache
def _splitter() -> _Splitter:
    from nupunkt import load

    return cast("_Splitter", load("default"))


def _may_end(line: str) -> bool:
    return ". " in line or "? " in line or "! " in line or "\u201d " in line or '" ' in line


def sentence_spans(text: str, start: int = 0) -> Iterator[tuple[int, int, int]]:
    """(start, end, paragraph) of each sentence from `start` on, without the space around it.

    Lines are paragraphs: a sentence never runs over a line's end, as headings and a site's furniture have no full stop.

    >>> [("Talks began. They ended.\\nNext"[a:b], p) for a, b, p in sentence_spans("Talks began. They ended.\\nNext")]
    [('Talks began.', 0), ('They ended.', 0), ('Next', 1)]
    """
    split = _splitter().spans
    paragraph, at = -1, start
    while at < len(text):
        stop = text.find("\n", at)
        stop = len(text) if stop < 0 else stop
        line = text[at : min(stop, at + MAX_PIECE)]
        if line.strip():
            paragraph += at == start or text[at - 1] == "\n"
            for first, last in split(line) if _may_end(line) else ((0, len(line)),):
                piece = line[first:last]
                inner = piece.strip()
                if inner:
                    begin = at + first + piece.index(inner[0])
                    yield begin, begin + len(inner), paragraph
        at = at + len(line) if at + len(line) < stop else stop + 1

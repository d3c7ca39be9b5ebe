"""What stands between quotation marks, over paragraphs too."""

from bisect import bisect_right
from dataclasses import dataclass
from operator import attrgetter

_OPENING = "“«"
_CLOSING = "”»"
MAX_QUOTE = 4_000
"""Code points; an opening mark with no closing one within this is a slip of the pen and opens nothing."""


@dataclass(frozen=True, slots=True)
class Quote:
    """One stretch of quoted words: half-open span of the words without their marks."""

    start: int
    end: int

    def overlaps(self, start: int, end: int) -> bool:
        """True where the span shares a character with the quote."""
        return self.start < end and start < self.end


def quotes(text: str) -> tuple[Quote, ...]:
    """All quotes in order; they never overlap.

    A quote that opens again at the next paragraph without having closed goes on there (the printers' custom).

    >>> text = 'He said: “We agree.” "Soon," he added.'
    >>> [text[q.start : q.end] for q in quotes(text)]
    ['We agree.', 'Soon,']
    """
    found: list[Quote] = []
    at = 0
    while at < len(text):
        begin = _next(text, _OPENING + '"', at)
        if begin < 0:
            break
        end = _close(text, begin)
        if end < 0:
            at = begin + 1
            continue
        if end > begin + 1:
            found.append(Quote(begin + 1, end))
        at = end if text[end] == "\n" else end + 1
    return tuple(found)


def _next(text: str, marks: str, at: int, stop: int | None = None) -> int:
    stop = len(text) if stop is None else stop
    places = [place for mark in marks if (place := text.find(mark, at, stop)) >= 0]
    return min(places, default=-1)


def _close(text: str, begin: int) -> int:
    """Where the quote that opens at `begin` ends: its closing mark, or its paragraph's end where the next one reopens."""
    stop = min(len(text), begin + MAX_QUOTE)
    line = text.find("\n", begin, stop)
    line = stop if line < 0 else line
    marks = '"' if text[begin] == '"' else _CLOSING
    end = _next(text, marks, begin + 1, line)
    if end >= 0:
        return end
    rest = text[line : line + 4].lstrip()
    return line if line < stop and rest[:1] == text[begin] else -1


def quote_at(found: tuple[Quote, ...], position: int) -> Quote | None:
    """The quote that holds the position, or None."""
    index = bisect_right(found, position, key=_start) - 1
    return found[index] if index >= 0 and position < found[index].end else None


def quote_in(found: tuple[Quote, ...], start: int, end: int) -> Quote | None:
    """The first quote that shares a character with the span, or None."""
    index = bisect_right(found, start, key=_end)
    return found[index] if index < len(found) and found[index].start < end else None


_start, _end = attrgetter("start"), attrgetter("end")

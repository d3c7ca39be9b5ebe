"""Years and dates named in a text, as far as they are given: YYYY, YYYY-MM or YYYY-MM-DD."""

import re
from dataclasses import dataclass

_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_MONTH = "|".join(_MONTHS) + "|jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec"
_DATE = re.compile(
    rf"\b(?:(?P<d1>\d{{1,2}})(?:st|nd|rd|th)? (?P<m1>{_MONTH})\.?,? (?P<y1>(?:19|20)\d\d)"
    rf"|(?P<m2>{_MONTH})\.? (?:(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?,? )?(?P<y2>(?:19|20)\d\d)"
    rf"|(?P<y3>(?:19|20)\d\d)(?![-–]?\d|(?:,\d)|\w))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Day:
    """A date as far as the text gives it, and its half-open span."""

    start: int
    end: int
    text: str


def dates(text: str, start: int = 0, end: int | None = None) -> tuple[Day, ...]:
    """All dates that carry a year.

    >>> [d.text for d in dates("signed on 5 October 2018, due in March 2026 and 2027")]
    ['2018-10-05', '2026-03', '2027']
    """
    found = []
    for match in _DATE.finditer(text, start, len(text) if end is None else end):
        year = match["y1"] or match["y2"] or match["y3"]
        month, day = match["m1"] or match["m2"], match["d1"] or match["d2"]
        iso = year if month is None else f"{year}-{_number(month):02d}"
        if day is not None and 1 <= int(day) <= 31:
            iso += f"-{int(day):02d}"
        found.append(Day(match.start(), match.end(), iso))
    return tuple(found)


def _number(month: str) -> int:
    return next(n for n, name in enumerate(_MONTHS, 1) if name.startswith(month.lower()[:3]))

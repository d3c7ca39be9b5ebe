"""The times that pages print: "Sep 03 2025 | 6:58 AM IST", "3 September 2025, 18:58 GMT", "2025-09-03"."""

import re
from datetime import UTC, datetime, timedelta, timezone

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(?P<month>(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6})\.?"
_CLOCK = re.compile(
    r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::\d{2})?\s*(?P<half>[ap]\.?m\b\.?)?\s*(?P<zone>[A-Z]{2,4}\b)?",
    re.IGNORECASE,
)
_DATES = (
    re.compile(r"\b(?P<year>\d{4})-(?P<number>\d{2})-(?P<day>\d{2})"),
    re.compile(rf"\b{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})\b", re.IGNORECASE),
    re.compile(rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+{_MONTH},?\s+(?P<year>\d{{4}})\b", re.IGNORECASE),
)
_CLOCK_WITHIN = 16
"""A time of day belongs to a date when it begins within so many characters after it."""


def printed_date(text: str, zones: dict[str, str]) -> datetime | None:
    """The first date in the text with the time of day beside it, aware and in UTC; None when there is none.

    A zone that `zones` does not know, or none at all, is taken as UTC; a date with no time of day is its midnight.

    >>> printed_date("Sep 03 2025 | 6:58 AM IST", {"IST": "+05:30"}).isoformat()
    '2025-09-03T01:28:00+00:00'
    >>> printed_date("in the year 2025", {}) is None
    True
    """
    for pattern in _DATES:
        date = pattern.search(text)
        if date is None:
            continue
        parts = date.groupdict()
        month = int(parts["number"]) if "number" in parts else _MONTHS.index(parts["month"][:3].lower()) + 1
        clock = _CLOCK.search(text, date.end(), date.end() + _CLOCK_WITHIN + len("00:00:00 a.m. ABCD"))
        hour, minute, zone = _time_of_day(clock, date.end(), zones)
        try:
            return datetime(int(parts["year"]), month, int(parts["day"]), hour, minute, tzinfo=zone).astimezone(UTC)
        except (ValueError, OverflowError):
            continue
    return None


def _time_of_day(clock: re.Match[str] | None, after: int, zones: dict[str, str]) -> tuple[int, int, timezone]:
    if clock is None or clock.start() - after > _CLOCK_WITHIN:
        return 0, 0, UTC
    hour = int(clock["hour"])
    if clock["half"]:
        hour = hour % 12 + (12 if clock["half"][0] in "pP" else 0)
    offset = zones.get((clock["zone"] or "").upper(), "+00:00")
    sign = -1 if offset.startswith("-") else 1
    minutes = int(offset[1:3]) * 60 + int(offset[4:6])
    return hour, int(clock["minute"]), timezone(sign * timedelta(minutes=minutes))

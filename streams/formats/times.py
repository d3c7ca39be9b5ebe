"""Times as files write them. All results are aware and in UTC; None where the text is no time."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


def rfc822(text: str | None) -> datetime | None:
    """The time of an RSS `pubDate` (RFC 822 with two or four digits of year), or of an RFC 3339 text in its place.

    >>> rfc822("Wed, 03 Sep 2025 06:57:00 +0530").isoformat()
    '2025-09-03T01:27:00+00:00'
    >>> rfc822("soon") is None
    True
    """
    if not text or not text.strip():
        return None
    try:
        return _utc(parsedate_to_datetime(text.strip()))
    except (ValueError, IndexError, TypeError):
        return rfc3339(text)


def rfc3339(text: str | None) -> datetime | None:
    """The time of an ISO 8601 text; a naive one is taken as UTC.

    >>> rfc3339("2025-09-03T06:57+05:30").isoformat()
    '2025-09-03T01:27:00+00:00'
    """
    try:
        return _utc(datetime.fromisoformat((text or "").strip()))
    except ValueError:
        return None


def digits(text: str | None) -> datetime | None:
    """The time of fourteen digits, YYYYMMDDHHMMSS, as GDELT writes it.

    >>> digits("20250903012700").isoformat()
    '2025-09-03T01:27:00+00:00'
    """
    text = (text or "").strip()
    if len(text) != 14 or not text.isdigit() or not text.isascii():
        return None
    try:
        return datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None


def _utc(time: datetime) -> datetime | None:
    try:
        return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    except OverflowError:
        return None

"""Which articles of the history are wanted, from what the user wrote on the command line."""

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from schemas.article import Article

_COMPARISON = re.compile(r"(?P<field>[a-z_]+)\s*(?P<sign>!=|<=|>=|=|<|>)\s*(?P<value>.*)", re.DOTALL)
_SIGNS: Mapping[str, Callable[[Any, Any], bool]] = MappingProxyType(
    {"=": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
)
_RATE = re.compile(r"(?P<count>\d+(?:\.\d+)?)(?:/(?P<unit>s|m|min|h))?")
_SPEED = re.compile(r"(?P<factor>\d+(?:\.\d+)?)x?")
_SECONDS = {"s": 1, "m": 60, "min": 60, "h": 3600}
_MILLISECONDS_FROM = 1e11
"""Epochs from here on are milliseconds: as seconds this is the year 5138."""


class WrongOption(ValueError):
    """An option's text cannot be read: what is wrong and what would be right."""


@dataclass(frozen=True, slots=True)
class Filter:
    """`field sign value`, as in `source=Reuters`. Of several values (authors, tags) one must match."""

    field: str
    sign: str
    value: str | int | datetime

    def matches(self, article: Article) -> bool:
        """Whether the article's field compares so; an absent field only differs (`!=`)."""
        present = getattr(article, self.field)
        compare = _SIGNS[self.sign]
        if isinstance(present, tuple):
            if self.sign == "!=":
                return self.value not in present
            return any(compare(each, self.value) for each in present)
        if present is None:
            return self.sign == "!="
        return compare(present, self.value)


@dataclass(frozen=True, slots=True)
class Selection:
    """What of the history is wanted: `since` inclusive, `until` exclusive, every filter, at most `limit` articles."""

    since: datetime | None = None
    until: datetime | None = None
    filters: tuple[Filter, ...] = ()
    limit: int | None = None

    def reason_against(self, article: Article | None, when: datetime | None) -> str | None:
        """Why the record is not wanted (since, until, undated, filter), or None when it is.

        `when` is the time that since and until are compared with; `article` None is a tombstone: no filter matches it.
        """
        if self.since is not None or self.until is not None:
            if when is None:
                return "undated"
            if self.since is not None and when < self.since:
                return "since"
            if self.until is not None and when >= self.until:
                return "until"
        if self.filters and (article is None or not all(each.matches(article) for each in self.filters)):
            return "filter"
        return None


def filter_of(text: str) -> Filter:
    """The comparison that `--filter` names. Raises WrongOption."""
    parts = _COMPARISON.fullmatch(text.strip())
    if parts is None:
        raise WrongOption(f"--filter {text!r}: write FIELD=VALUE, or != < <= > >= in place of =")
    field, sign, value = parts["field"], parts["sign"], parts["value"].strip()
    if field not in Article.model_fields:
        raise WrongOption(f"--filter {text!r}: articles have no field {field!r}, but {', '.join(Article.model_fields)}")
    if field == "published_at":
        return Filter(field, sign, moment(value, "--filter"))
    if field in ("version", "truncated"):
        known = {"true": 1, "false": 0} if field == "truncated" else {}
        number = known.get(value.lower(), int(value) if value.isdecimal() else None)
        if number is None:
            raise WrongOption(f"--filter {text!r}: {value!r} is no value of {field}")
        return Filter(field, sign, number)
    return Filter(field, sign, value)


def moment(text: str, option: str) -> datetime:
    """The time, aware, that an ISO 8601 text or an epoch (seconds or milliseconds) says; a naive one is UTC.

    >>> moment("2025-09-03", "--since").isoformat(), moment("1756857600", "--since").isoformat()
    ('2025-09-03T00:00:00+00:00', '2025-09-03T00:00:00+00:00')

    Raises WrongOption.
    """
    try:
        if re.fullmatch(r"-?\d{9,}(\.\d+)?", text):
            epoch = float(text)
            return datetime.fromtimestamp(epoch / 1000 if abs(epoch) >= _MILLISECONDS_FROM else epoch, UTC)
        parsed = datetime.fromisoformat(text)
        return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        raise WrongOption(f"{option} {text!r}: write a time as 2025-09-03, 2025-09-03T06:00Z or an epoch") from None


def rate_of(text: str) -> float:
    """Articles a second: "100", "100/s", "6000/m" (a minute), "3600/h". Raises WrongOption."""
    parts = _RATE.fullmatch(text.strip())
    if parts is None or float(parts["count"]) <= 0:
        raise WrongOption(f"--rate {text!r}: write a number above 0 as 100/s, 6000/m or 3600/h")
    return float(parts["count"]) / _SECONDS[parts["unit"] or "s"]


def speed_of(text: str) -> float:
    """How much faster than it happened: "10x" or "10". Raises WrongOption."""
    parts = _SPEED.fullmatch(text.strip())
    if parts is None or float(parts["factor"]) <= 0:
        raise WrongOption(f"--speed {text!r}: write a number above 0 as 10x or 0.5x")
    return float(parts["factor"])

"""One dead letter: what its headers say, what of it can be shown, and the record that goes back. Pure."""

import re
from dataclasses import dataclass
from datetime import datetime

from streams.app.records import ATTEMPT_HEADER, ERROR_PREFIXES, Headers, attempts

_NUMBER = re.compile(r"\d{1,18}", re.ASCII)
_AGES = ((86_400, "d"), (3_600, "h"), (60, "m"), (1, "s"))


@dataclass(frozen=True, slots=True)
class Letter:
    """A record of the dead-letter topic. `timestamp_ms` is the time of the record that failed; None: it has none.

    `begin` is the first offset after the record before it: what lies between holds no record (marks of transactions).
    """

    partition: int
    begin: int
    offset: int
    timestamp_ms: int | None
    key: bytes | None
    value: bytes | None
    headers: Headers

    @property
    def reason(self) -> str | None:
        """Why it is here; None when it does not say. A stranger may have written it: to be escaped before it is shown."""
        return self._said("geo.errors.code")

    @property
    def detail(self) -> str | None:
        """The place in words, or the exception's message; a stranger's text as well."""
        return self._said("__streams.errors.message")

    @property
    def topic(self) -> str | None:
        """The topic that the record came from; a stranger's text as well."""
        return self._said("__streams.errors.topic")

    @property
    def origin(self) -> tuple[int | None, int | None]:
        """Partition and offset that the record had there."""
        return self._number("partition"), self._number("offset")

    @property
    def attempt(self) -> int:
        """How often it was tried, at least once: a letter that does not say counts as one of the first attempt."""
        return max(1, attempts(self.headers))

    def _said(self, name: str) -> str | None:
        value = next((value for own, value in self.headers if own == name), None)
        return None if value is None else value.decode("utf-8", "replace")

    def _number(self, name: str) -> int | None:
        text = self._said(f"__streams.errors.{name}") or ""
        return int(text) if _NUMBER.fullmatch(text) else None


@dataclass(frozen=True, slots=True)
class Choice:
    """Which letters are meant: of these reasons (None: all), with a time from `since` on (inclusive)."""

    reasons: frozenset[str] | None = None
    since: datetime | None = None

    def takes(self, letter: Letter) -> bool:
        """Whether the letter is meant; one without a time is not younger than anything."""
        if self.since is not None and (letter.timestamp_ms is None or letter.timestamp_ms < milliseconds(self.since)):
            return False
        return self.reasons is None or letter.reason in self.reasons


def returning_headers(letter: Letter) -> list[tuple[str, bytes]]:
    """The record's own headers, and the number of attempts, which the worker counts on from.

    A header without a value is left out: kafka-python writes none, and the worker reads none.
    """
    own = [(name, value) for name, value in letter.headers if value is not None and not name.startswith(ERROR_PREFIXES)]
    return [*own, (ATTEMPT_HEADER, str(letter.attempt).encode())]


def shown(raw: bytes | None, limit: int) -> str:
    r"""The first `limit` bytes as one line of printable text: all else as `\n`, `\xNN`, `\uNNNN`, a backslash doubled.

    >>> shown(b"\x1b[31m caf\xe9\n", 100), shown("é\u202e".encode(), 100), shown(b"abcd", 2)
    ('\\x1b[31m caf\\xe9\\n', 'é\\u202e', 'ab…')
    """
    text = (raw or b"")[:limit].replace(b"\\", b"\\\\").decode("utf-8", "backslashreplace")
    return printable(text) + ("…" if len(raw or b"") > limit else "")


def printable(text: str) -> str:
    """The text with everything escaped that is no visible character or a plain space."""
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text)


def age(seconds: float) -> str:
    """In the largest unit that fits.

    >>> age(5), age(7_300), age(-1)
    ('5s', '2h', '0s')
    """
    whole = max(0, int(seconds))
    size, unit = next(((size, unit) for size, unit in _AGES if whole >= size), _AGES[-1])
    return f"{whole // size}{unit}"


def milliseconds(when: datetime) -> int:
    """Since the epoch."""
    return round(when.timestamp() * 1000)

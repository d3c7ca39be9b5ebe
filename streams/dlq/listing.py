"""Dead letters as rows for people and machines: small, whatever the letters weigh, and with nothing that a terminal obeys."""

import heapq
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from streams.dlq.box import opened
from streams.dlq.letter import Choice, Letter, age, printable, shown
from streams.settings import Settings

_KEY_BYTES = 256
_FIRST_BYTES = 80
_UNKNOWN = "?"


@dataclass(frozen=True, slots=True)
class Row:
    """What of a letter is shown, escaped already. `topic`, `partition` and `offset`: where the record was read.

    None: the letter does not say. `first` are the first bytes of the value, `size` is all of it in bytes.
    """

    reason: str | None
    detail: str | None
    topic: str | None
    partition: int | None
    offset: int | None
    key: str | None
    first: str
    size: int
    time_ms: int | None
    attempt: int
    letter: tuple[int, int]
    """Its own partition and offset in the dead-letter topic."""
    requeued: bool

    @property
    def place(self) -> str:
        """`topic/partition/offset`, as the record was read."""
        parts = (self.topic, self.partition, self.offset)
        return "/".join(_UNKNOWN if part is None else str(part) for part in parts)

    def line(self, now: float) -> str:
        """Seven columns between tabs: age, reason, place, attempt, key, `requeued` or a dash, first bytes."""
        old = _UNKNOWN if self.time_ms is None else age(now - self.time_ms / 1000)
        gone = "requeued" if self.requeued else "-"
        key = "-" if self.key is None else self.key
        return "\t".join((old, self.reason or _UNKNOWN, self.place, str(self.attempt), key, gone, self.first))

    def json_line(self, now: float) -> str:
        """The same and more as a JSON object in ASCII; `age_seconds` and `time` are null for a letter without a time."""
        when = None if self.time_ms is None else self.time_ms / 1000
        fields: dict[str, Any] = {
            "reason": self.reason,
            "detail": self.detail,
            "topic": self.topic,
            "partition": self.partition,
            "offset": self.offset,
            "key": self.key,
            "first": self.first,
            "bytes": self.size,
            "age_seconds": None if when is None else max(0, int(now - when)),
            "time": None if when is None else datetime.fromtimestamp(when, UTC).isoformat().replace("+00:00", "Z"),
            "attempt": self.attempt,
            "letter": {"partition": self.letter[0], "offset": self.letter[1]},
            "requeued": self.requeued,
        }
        return json.dumps(fields)


def row(letter: Letter, requeued: bool) -> Row:
    """The letter, cut and escaped."""
    partition, offset = letter.origin
    return Row(
        reason=_printable(letter.reason),
        detail=_printable(letter.detail),
        topic=_printable(letter.topic),
        partition=partition,
        offset=offset,
        key=None if letter.key is None else shown(letter.key, _KEY_BYTES),
        first=shown(letter.value, _FIRST_BYTES),
        size=len(letter.value or b""),
        time_ms=letter.timestamp_ms,
        attempt=letter.attempt,
        letter=(letter.partition, letter.offset),
        requeued=requeued,
    )


def rows(settings: Settings, choice: Choice, limit: int | None = None) -> list[Row]:
    """The chosen letters from the oldest to the youngest; with a limit, the youngest so many. Raises KafkaUnavailable."""
    with opened(settings, choice.since) as box:

        def chosen() -> Iterator[Row]:
            for letters in box.letters():
                yield from (row(each, box.has_gone_back(each)) for each in letters if choice.takes(each))

        if limit is None:
            return sorted(chosen(), key=_order)
        return heapq.nlargest(limit, chosen(), key=_order)[::-1]


def _order(row: Row) -> tuple[int, tuple[int, int]]:
    return (-1 if row.time_ms is None else row.time_ms, row.letter)


def _printable(text: str | None) -> str | None:
    return None if text is None else printable(text)

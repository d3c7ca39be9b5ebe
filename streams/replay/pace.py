"""How fast history goes in: by a rate, or by the time that lay between the articles."""

import time
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """What pacing needs of time, passed in so that a year of news can be tested in a moment."""

    def monotonic(self) -> float:
        """Seconds, never going back."""

    def sleep(self, seconds: float) -> None:
        """Returns that much later."""


@dataclass(frozen=True, slots=True)
class WallClock:
    """The real clock."""

    def monotonic(self) -> float:
        """Seconds since some moment."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Waits."""
        time.sleep(seconds)


@dataclass(slots=True)
class Pace:
    """When the next article may go. `rate` in articles a second; `speed` 10 makes an hour of news pass in six minutes.

    Both None is as fast as it goes; with both, the slower one holds.
    """

    clock: Clock
    rate: float | None = None
    speed: float | None = None
    _next: float | None = None
    _began: tuple[float, datetime] | None = field(default=None)

    def wait(self, published_at: datetime | None) -> float:
        """Seconds until an article of this time may go, 0 when it may go now. An undated one waits for none."""
        now = self.clock.monotonic()
        due = now
        if self.rate is not None and self._next is not None:
            due = max(due, self._next)
        if self.speed is not None and published_at is not None:
            if self._began is None:
                self._began = (now, published_at)
            began, first = self._began
            due = max(due, began + (published_at - first).total_seconds() / self.speed)
        return due - now

    def sent(self) -> None:
        """An article has gone: with a rate the next one waits its turn. A pause is not made up for by a burst."""
        if self.rate is not None:
            now = self.clock.monotonic()
            self._next = max(now, self._next if self._next is not None else now) + 1 / self.rate

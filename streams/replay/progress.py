"""How a replay is going: a bar on a terminal, a line every 30 seconds in a log."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from streams import logs
from streams.formats.opening import Opened
from streams.replay.pace import Clock
from streams.replay.tally import Tally

log = logs.get(__name__)

_LINE_SECONDS = 30.0
_BAR_SECONDS = 0.2


@dataclass(slots=True)
class Read:
    """How much of the input went by, of how much: bytes of files, or records of a topic; `total` 0 is not known."""

    total: int = 0
    _before: int = 0
    _open: Opened | None = None

    def watch(self, opened: Opened) -> None:
        """The next file is open; the ones before are through."""
        if self._open is not None:
            self._before += self._open.size or self._open.consumed()
        self._open = opened

    def share(self, records: int) -> float | None:
        """Between 0 and 1, None when the total is not known."""
        if not self.total:
            return None
        done = self._before + self._open.consumed() if self._open is not None else records
        return min(1.0, done / self.total)


class Showing:
    """Called with the counts after every step; shows them when it is time to."""

    def __init__(self, read: Read, clock: Clock, job: str, lag: Callable[[], int | None]) -> None:
        self._read, self._clock, self._job, self._lag = read, clock, job, lag
        self._began = self._shown = self._logged = clock.monotonic()
        self._at_start: int | None = None
        self._bar = _bar() if sys.stderr.isatty() else None
        self._task = self._bar.add_task(job, total=1.0, rate="", lag="") if self._bar is not None else None

    def __enter__(self) -> Self:
        if self._bar is not None:
            self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def __call__(self, tally: Tally) -> None:
        now = self._clock.monotonic()
        if self._at_start is None:
            self._at_start = tally.read
        if self._bar is not None and self._task is not None:
            if now - self._shown >= _BAR_SECONDS:
                self._shown = now
                share, lag = self._read.share(tally.read), self._lag()
                behind = "" if lag is None else f"lag {lag}"
                rate = f"{self._rate(tally, now):.0f}/s"
                self._bar.update(
                    self._task, completed=share or 0.0, total=None if share is None else 1.0, rate=rate, lag=behind
                )
        elif now - self._logged >= _LINE_SECONDS:
            self._logged = now
            self._log(tally, now)

    def _rate(self, tally: Tally, now: float) -> float:
        return (tally.read - (self._at_start or 0)) / max(now - self._began, 1e-3)

    def _log(self, tally: Tally, now: float) -> None:
        share = self._read.share(tally.read)
        left = (now - self._began) * (1 - share) / share if share else None
        log.info(
            "replay going on",
            job_id=self._job,
            read=tally.read,
            sent=tally.sent,
            failed=sum(tally.failed.values()),
            per_second=round(self._rate(tally, now), 1),
            share=None if share is None else round(share, 4),
            seconds_left=None if left is None else round(left),
            lag=self._lag(),
        )


def _bar() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[rate]}"),
        TextColumn("{task.fields[lag]}"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        redirect_stdout=False,
        redirect_stderr=True,  # what is said meanwhile stands above the bar
        transient=True,
    )

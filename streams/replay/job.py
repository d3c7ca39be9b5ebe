"""One replay: its items, what is wanted of them, and the books: counts, position, failures, checkpoint."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from streams.formats import Rejected, Skipped
from streams.replay import checkpoint
from streams.replay.checkpoint import Checkpoint
from streams.replay.items import Item, Outbound, Position
from streams.replay.pace import Clock, WallClock
from streams.replay.rejects import Reject
from streams.replay.selection import Selection
from streams.replay.tally import Tally

_CHECKPOINT_SECONDS = 0.1

Watch = Callable[[Tally], None]


@dataclass(frozen=True, slots=True)
class Job:
    """What is replayed: `items` begin after the checkpoint's position. `path` None keeps no checkpoint."""

    id: str
    items: Iterable[Item]
    selection: Selection
    start: Checkpoint
    path: Path | None
    reject: Reject
    watch: Watch = lambda tally: None
    clock: Clock = field(default_factory=WallClock)

    def decided(self) -> Iterator[tuple[Item, str | None]]:
        """Each item with the reason why nothing is sent of it, None for those that go; ends at the limit."""
        limit, wanted = self.selection.limit, self.start.tally.sent
        if limit is not None and wanted >= limit:
            return
        for item in self.items:
            reason = self._reason(item)
            yield item, reason
            wanted += reason is None
            if limit is not None and wanted >= limit:
                return

    def _reason(self, item: Item) -> str | None:
        if isinstance(item.what, Outbound):
            return self.selection.reason_against(item.what.article, item.what.when)
        return str(item.what.reason)


class Books:
    """The running state of a job: entries are made in the order of the input, when a record is settled for good."""

    def __init__(self, job: Job) -> None:
        self.tally: Tally = job.start.tally
        self.output_bytes = job.start.output_bytes
        self._position: Position = job.start.position
        self._job = job
        self._written_at = job.clock.monotonic()
        self._dirty = False

    def enter(self, item: Item, reason: str | None, failure: Rejected | None = None) -> None:
        """Counts one settled record: sent when both are None, failed when it is a failure, else skipped."""
        failure = failure or (item.what if isinstance(item.what, Rejected) else None)
        if failure is not None:
            self.tally.fail(str(failure.reason))
            self._job.reject(failure)
        elif reason is not None or isinstance(item.what, Skipped):
            self.tally.skip(str(reason))
        else:
            self.tally.send()
        self._position = item.mark.onto(self._position)
        self._dirty = True

    def keep(self, *, now: bool = False) -> None:
        """Shows the state, and writes the checkpoint when the last one is a moment old, or at once with `now`."""
        self._job.watch(self.tally)
        if self._job.path is None or not self._dirty:
            return
        time = self._job.clock.monotonic()
        if now or time - self._written_at >= _CHECKPOINT_SECONDS:
            start = self._job.start
            state = Checkpoint(start.job, self._position, self.tally, self.output_bytes, start.ends)
            checkpoint.write(self._job.path, state)
            self._written_at, self._dirty = time, False

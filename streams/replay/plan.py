"""What the user asked for, put together: where articles come from, where they go, how fast, and from which point on."""

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from os.path import abspath
from pathlib import Path
from typing import BinaryIO

import structlog

from streams.app.lanes import group_name
from streams.app.priority import step_back
from streams.formats import Choice, Source, mapped, sources
from streams.formats.paths import STDIN
from streams.kafka import admin
from streams.metrics import Lane
from streams.replay import checkpoint, online, topic
from streams.replay.checkpoint import Checkpoint
from streams.replay.items import Item, file_items
from streams.replay.job import Job
from streams.replay.pace import Pace, WallClock
from streams.replay.progress import Read, Showing
from streams.replay.rejects import Reject
from streams.replay.selection import Selection, WrongOption, filter_of, moment, rate_of, speed_of
from streams.replay.tally import Tally
from streams.settings import KafkaSettings, Settings, state_dir

_SAMPLE = 3
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Wish:
    """The command line. `names` are paths, or with `from_topic` topics; texts are as written."""

    names: tuple[str, ...] = ()
    from_topic: bool = False
    since: str | None = None
    until: str | None = None
    offsets: tuple[int | None, int | None] = (None, None)
    filters: tuple[str, ...] = ()
    limit: int | None = None
    rate: str | None = None
    speed: str | None = None
    max_lag: int | None = None
    to_topic: str | None = None
    output: Path | None = None
    jobs: int = 1
    dry_run: bool = False
    job_id: str | None = None
    resume: bool = False
    format: str | None = None
    maps: tuple[str, ...] = ()

    def described(self, kafka: KafkaSettings) -> tuple[str, ...]:
        """What makes this the same job as another: input, choice and goal, not how fast it goes.

        Paths are absolute, for `archive/` of another directory is another archive; what one Kafka has another has not.
        """
        names = (
            self.names if self.from_topic else tuple(name if name == STDIN else abspath(name) for name in self.names)
        )
        output = None if self.output is None else abspath(self.output)
        parts = (names, self.from_topic, self.since, self.until, self.offsets, self.filters, self.limit)
        servers = kafka.bootstrap_servers if self.from_topic or output is None else None
        return tuple(map(str, (*parts, servers, self.to_topic, output, self.format, self.maps)))


@dataclass(frozen=True, slots=True)
class _Input:
    items: Iterable[Item]
    read: Read


def carry_out(wish: Wish, settings: Settings, reject: Reject, say: Say, out: BinaryIO) -> Tally:
    """Does the whole replay and says the end report. Raises WrongOption, ChangedInput, KafkaUnavailable."""
    choice, selection = _choice(wish), _selection(wish)
    pace = Pace(WallClock(), rate_of(wish.rate) if wish.rate else None, speed_of(wish.speed) if wish.speed else None)
    goal = wish.to_topic or settings.topics.replay
    topics = (wish.names or (settings.topics.articles,)) if wish.from_topic else ()
    if goal in topics and wish.output is None and not wish.dry_run:
        raise WrongOption(f"--to-topic {goal}: a topic is not replayed into itself")
    job = checkpoint.job_id(wish.described(settings.kafka))
    identity = wish.job_id or job
    start, path = _start(wish, job, identity)
    structlog.contextvars.bind_contextvars(job_id=identity)
    step_back(settings.worker.replay_niceness)
    with ExitStack() as stack:
        if topics and not start.ends:
            start = replace(start, ends=topic.topic_ends(settings.kafka, topics))
        given = _topic_input(wish, settings, start) if topics else _file_input(wish, choice, start)
        gate = _gate(wish, settings, goal, stack)
        showing = Showing(given.read, pace.clock, identity, lambda: gate.lag if gate is not None else None)
        work = Job(identity, given.items, selection, start, path, reject, stack.enter_context(showing))
        if wish.dry_run or wish.output is not None:
            tally = _without_broker(wish, work, settings.min_confidence, out)
        else:
            tally = online.to_topic(work, settings.kafka, goal, pace, gate)
    say(f"replay {identity}{' (dry run)' if wish.dry_run else ''}: {tally.report()}")
    return tally


def _without_broker(wish: Wish, work: Job, min_confidence: float, out: BinaryIO) -> Tally:
    from streams.replay import offline

    if wish.output is None or wish.dry_run:
        return offline.dry(work, lambda value: _show(value, out), _SAMPLE)
    return offline.to_file(work, wish.output, jobs=wish.jobs, min_confidence=min_confidence)


def _choice(wish: Wish) -> Choice:
    try:
        return Choice(wish.format, mapped(wish.maps))
    except ValueError as error:
        raise WrongOption(str(error)) from None


def _selection(wish: Wish) -> Selection:
    return Selection(
        since=moment(wish.since, "--since") if wish.since else None,
        until=moment(wish.until, "--until") if wish.until else None,
        filters=tuple(filter_of(each) for each in wish.filters),
        limit=wish.limit,
    )


def _start(wish: Wish, job: str, identity: str) -> tuple[Checkpoint, Path | None]:
    """Where to begin, and where to keep the checkpoint: a dry run keeps none, standard input cannot be gone on with."""
    if wish.resume and STDIN in wish.names:
        raise WrongOption("--resume: standard input cannot be read again")
    if wish.dry_run:
        return Checkpoint(job), None
    try:
        path = checkpoint.path_of(state_dir(), identity)
    except ValueError as error:
        raise WrongOption(str(error)) from None
    return (checkpoint.read(path, job) if wish.resume else Checkpoint(job)), path


def _file_input(wish: Wish, choice: Choice, start: Checkpoint) -> _Input:
    found = list(sources(wish.names))
    read = Read(total=sum(_size(each) for each in found))
    return _Input(file_items(found, choice, start.position, read.watch), read)


def _size(source: Source) -> int:
    return source.path.stat().st_size if source.refused is None and source.path.is_file() else 0


def _topic_input(wish: Wish, settings: Settings, start: Checkpoint) -> _Input:
    first, last = wish.offsets
    part = topic.Range(first, last, moment(wish.since, "--since") if wish.since else None)
    read = Read(total=topic.size(settings.kafka, start.ends, part))
    return _Input(topic.topic_items(settings.kafka, start.ends, start.position, part), read)


def _gate(wish: Wish, settings: Settings, goal: str, stack: ExitStack) -> online.LagGate | None:
    if wish.max_lag is None or wish.dry_run or wish.output is not None:
        return None
    client = stack.enter_context(admin(settings.kafka))
    lane = Lane.LIVE if goal == settings.topics.articles else Lane.REPLAY
    partitions = [(goal, int(name.rpartition("/")[2])) for name in topic.topic_ends(settings.kafka, (goal,))]
    return online.LagGate(client, group_name(settings, lane, None), partitions, wish.max_lag)


def _show(value: bytes, out: BinaryIO) -> None:
    out.write(value + b"\n")
    out.flush()

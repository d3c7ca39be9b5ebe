"""Runs lanes until they are told to stop or have to: the only code that knows about signals, deadlines and exit codes."""

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Sequence
from enum import IntEnum
from types import FrameType
from typing import Any, NoReturn, cast

from streams import logs
from streams.app.build import LaneApp
from streams.app.lagwatch import LagWatch
from streams.app.strict import StrictConsumer
from streams.health import Health
from streams.metrics import Metrics
from streams.settings import Settings

log = logs.get(__name__)

_ABANDON_SECONDS = 5.0


class Exit(IntEnum):
    """Exit codes of every command."""

    OK = 0
    FAILED = 1
    USAGE = 2
    UNACKED = 70
    """The worker left without acknowledging: a restart reads the same records again."""
    INTERRUPTED = 130


class Stop:
    """A wish to end, from a signal or from within. From the first wish on the clock of the shutdown deadline runs."""

    def __init__(self, deadline_seconds: float) -> None:
        self.code = Exit.OK
        self._seconds = deadline_seconds
        self._loop = asyncio.get_running_loop()
        self._wished = asyncio.Event()
        self._deadline: threading.Timer | None = None

    def on_signals(self) -> None:
        """SIGTERM and SIGINT wish to end; a second SIGINT ends at once."""
        for number in (signal.SIGTERM, signal.SIGINT):
            # not the loop's own handlers: those run only when the loop is free, and the clock must run even if it is not
            signal.signal(number, self._on_signal)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        if number == signal.SIGINT:
            if self._deadline is not None:
                leave(Exit.INTERRUPTED)
            self.code = Exit.INTERRUPTED
        self.wish()

    def wish(self) -> None:
        """Ends the lanes in order; may be called from any thread."""
        if self._deadline is None:
            self._deadline = threading.Timer(self._seconds, _too_late, [self._seconds])
            self._deadline.daemon = True
            self._deadline.start()
        self._loop.call_soon_threadsafe(self._wished.set)

    async def wait(self) -> None:
        """Returns when somebody wished to end."""
        await self._wished.wait()


def _too_late(seconds: float) -> None:
    log.error("shutdown_deadline", seconds=seconds)
    leave(Exit.UNACKED)


def leave(code: int) -> NoReturn:
    """Ends the process now, whatever its threads do; what was written is flushed."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            pass
    os._exit(code)


async def serve(lanes: Sequence[LaneApp], settings: Settings, metrics: Metrics, health: Health, stop: Stop) -> Exit:
    """Runs the lanes until `stop` is wished or one of them fails; returns the exit code, OK when all was acknowledged."""
    _follow_assignment(lanes, health)
    watch = LagWatch(settings.kafka, lambda: _assignments(lanes), metrics, health)
    watch.start()
    wished = asyncio.create_task(stop.wait())
    running = [asyncio.create_task(_run(lane), name=lane.group) for lane in lanes]
    ends: list[asyncio.Future[Any]] = [wished, *running, *(lane.stage.failed for lane in lanes)]
    try:
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        if not wished.done():
            return await _failed(lanes, running)
        return await _end(lanes, health, stop)
    finally:
        watch.stop()


async def _run(lane: LaneApp) -> None:
    log.info("lane_started", lane=lane.lane, group=lane.group, topic=lane.topic)
    await lane.app.start()
    await lane.app.wait()  # until it is stopped or has crashed


async def _end(lanes: Sequence[LaneApp], health: Health, stop: Stop) -> Exit:
    """Stops taking, drains, commits, leaves the groups."""
    health.leaving = True
    log.info("stopping")
    await asyncio.gather(*(lane.stage.close() for lane in lanes))
    if any(lane.stage.failed.done() for lane in lanes):
        return await _failed(lanes, [])
    await asyncio.gather(*(lane.app.stop() for lane in lanes))
    log.info("stopped", articles=sum(lane.stage.done for lane in lanes))
    return stop.code


async def _failed(lanes: Sequence[LaneApp], running: Sequence["asyncio.Task[None]"]) -> Exit:
    """Says why, and leaves the groups uncommitted."""
    for lane in lanes:
        cause = lane.stage.failed.result() if lane.stage.failed.done() else lane.app.crash_reason
        if cause is not None:
            log.critical("lane_failed", lane=lane.lane, cause=type(cause).__name__, exc_info=cause)
    for task in running:
        if task.done() and not task.cancelled() and (error := task.exception()) is not None:
            log.critical("lane_failed", lane=task.get_name(), cause=type(error).__name__, exc_info=error)
    logs.hush("faust")  # its tasks are about to lose their consumer, and would each say so
    leaving = [cast(StrictConsumer, lane.app.consumer).abandon() for lane in lanes]
    try:
        await asyncio.wait_for(asyncio.gather(*leaving, return_exceptions=True), _ABANDON_SECONDS)
    except TimeoutError:
        log.warning("groups_not_left", detail="the broker does not answer")
    return Exit.UNACKED


def _assignments(lanes: Sequence[LaneApp]) -> dict[str, list[tuple[str, int]]]:
    return {
        lane.group: sorted((tp.topic, tp.partition) for tp in lane.app.consumer.assignment() if tp.topic == lane.topic)
        for lane in lanes
        if lane.assigned.is_set()
    }


def _follow_assignment(lanes: Sequence[LaneApp], health: Health) -> None:
    """Readiness: every lane has been assigned its partitions (perhaps none, with more workers than partitions)."""

    def follow(lane: LaneApp) -> None:
        @lane.app.on_partitions_assigned.connect(weak=False)
        async def assigned(app: object, partitions: object, **fields: object) -> None:
            lane.assigned.set()
            health.assigned = all(other.assigned.is_set() for other in lanes)

        @lane.app.on_partitions_revoked.connect(weak=False)
        async def revoked(app: object, partitions: object, **fields: object) -> None:
            lane.assigned.clear()
            health.assigned = False

    for lane in lanes:
        follow(lane)

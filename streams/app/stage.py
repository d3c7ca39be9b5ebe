"""The strict stage: a record is acknowledged only after the broker has confirmed every output of it, in input order.

Two coroutines share an ordered, bounded list. `take` judges records and hands their outputs to the producer; `settle`
waits for the confirmations in input order and only then acknowledges. The bound is the backpressure. A delivery that
fails, or an exception that nobody foresaw, ends the process unacknowledged: a restart reads the record again.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from streams import logs
from streams.app.limit import LetterLimit
from streams.app.records import Incoming, Outgoing
from streams.app.verdict import Verdict
from streams.health import Health
from streams.metrics import Lane, Metrics

log = logs.get(__name__)

Send = Callable[[Outgoing, Incoming], Awaitable[Awaitable[Any]]]
"""Hands a record to the producer; the awaitable inside is done when the broker has confirmed it, or raises."""


@dataclass(frozen=True, slots=True)
class _InFlight:
    message: Any
    incoming: Incoming
    verdict: Verdict
    deliveries: Sequence[Awaitable[Any]]


class Stage:
    """One lane's strict stage. `failed` is set, with the cause, when the process has to end unacknowledged."""

    def __init__(
        self,
        lane: Lane,
        judge: Callable[[Incoming], Verdict],
        send: Send,
        acknowledge: Callable[[Any], None],
        metrics: Metrics,
        health: Health,
        in_flight: int,
        limit: LetterLimit,
    ) -> None:
        self.lane = lane
        self.failed: asyncio.Future[BaseException] = asyncio.get_running_loop().create_future()
        self.done = 0
        self._judge = judge
        self._send = send
        self._acknowledge = acknowledge
        self._metrics = metrics
        self._health = health
        self._limit = limit
        self._in_flight: asyncio.Queue[_InFlight] = asyncio.Queue(maxsize=in_flight)
        self._taking = asyncio.Lock()
        self._open = True
        self._handovers = 0

    async def take(self, messages: AsyncIterator[Any]) -> None:
        """Takes records until the stage is closed or fails."""
        try:
            async for message in messages:
                handovers = self._handovers
                async with self._taking:
                    if not self._open:
                        return
                    if handovers == self._handovers:  # else its partition has been handed over while it waited here
                        await self._begin(message)
                await asyncio.sleep(0)  # the producer shares this loop: let it send
        except asyncio.CancelledError:
            raise
        except BaseException as error:  # noqa: BLE001  whatever it is: the process ends unacknowledged
            self.fail(error)

    async def _begin(self, message: Any) -> None:
        incoming = Incoming.of(message)
        self._metrics.count("articles_received", self.lane)
        self._metrics.count("articles_in_progress")
        started = time.perf_counter()
        verdict = self._judge(incoming)
        self._metrics.observe("processing_seconds", time.perf_counter() - started)
        if verdict.fault is not None:
            self._metrics.count("articles_failed", verdict.fault.code)
        self._limit.count(verdict.fault is not None, started)  # what goes over the limit is not sent
        deliveries = [await self._send(record, incoming) for record in verdict.records]
        await self._in_flight.put(_InFlight(message, incoming, verdict, deliveries))

    async def settle(self) -> None:
        """Acknowledges, in input order, what the broker has confirmed; until the stage fails."""
        try:
            while True:
                flight = await self._in_flight.get()
                for delivery in flight.deliveries:
                    await delivery
                self._acknowledge(flight.message)
                self._count(flight)
                self._in_flight.task_done()
        except asyncio.CancelledError:
            raise
        except BaseException as error:  # noqa: BLE001  whatever it is: the process ends unacknowledged
            self.fail(error)

    @asynccontextmanager
    async def quiet(self) -> AsyncIterator[None]:
        """A moment in which nothing is in flight: all that was taken is acknowledged, nothing new is taken.

        Raises RuntimeError when the stage failed, for then that moment never comes.
        """
        async with self._taking:
            drained = asyncio.ensure_future(self._in_flight.join())
            either: set[asyncio.Future[Any]] = {drained, self.failed}
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            if not drained.done():
                drained.cancel()
                raise RuntimeError("the stage failed")
            yield

    @asynccontextmanager
    async def handover(self) -> AsyncIterator[None]:
        """A quiet moment in which partitions change hands; a record that waits at its end is left to the next reader."""
        async with self.quiet():
            try:
                yield
            finally:
                self._handovers += 1

    async def close(self) -> None:
        """Takes nothing more, and returns when all that was taken is acknowledged (or the stage has failed)."""
        try:
            async with self.quiet():
                self._open = False
        except RuntimeError:
            self._open = False

    def fail(self, error: BaseException) -> None:
        """Marks the stage as failed; the first cause counts."""
        if not self.failed.done():
            self.failed.set_result(error)

    def _count(self, flight: _InFlight) -> None:
        metrics, verdict, incoming = self._metrics, flight.verdict, flight.incoming
        now = time.time()
        metrics.count("articles_in_progress", by=-1)
        metrics.set("last_article_timestamp_seconds", now)
        for kind in verdict.kinds:
            metrics.count("signals_emitted", kind)
        if verdict.skipped is not None:
            metrics.count("articles_skipped", verdict.skipped)
        if verdict.fault is not None:
            metrics.count("dead_letters", verdict.fault.code)
            _log_dead_letter(flight)
        if self.lane is Lane.LIVE and verdict.records:
            if incoming.timestamp_ms is not None:
                metrics.observe("delivery_seconds", max(0.0, now - incoming.timestamp_ms / 1000))
            if verdict.kinds and verdict.published_at is not None:
                metrics.observe("article_age_seconds", max(0.0, now - verdict.published_at.timestamp()))
        self.done += 1
        self._health.progressed()


def _log_dead_letter(flight: _InFlight) -> None:
    fault, incoming = flight.verdict.fault, flight.incoming
    assert fault is not None
    log.warning(
        "dead_letter",
        reason=fault.code,
        stage=fault.stage,
        detail=fault.message,
        exception_type=fault.exception,
        article_id=flight.verdict.article_id,
        topic=incoming.topic,
        partition=incoming.partition,
        offset=incoming.offset,
    )

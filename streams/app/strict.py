"""Faust made strict: only the stage acknowledges, a rebalance first finishes what is in flight, commits are whole.

What it changes in Faust 0.15.3, and why:
- Faust acknowledges records that it *skips* around a rebalance, so a commit could pass over one that nobody processed.
  Here `Consumer.ack` does nothing; the stage calls `settle`.
- On a rebalance Faust forgets what was acknowledged and not yet committed, and reads it again; with transactions that
  means the same signal twice. Here all that is in flight is finished and committed before partitions are given up.
- A transaction must hold whole articles: commits wait for a moment in which nothing is in flight.
- A commit that is asked for while another is under way is skipped, though that one may have begun before the last record was
  settled. Here commits wait for one another.
- `Producer` keeps its transactional producers in a dictionary of the class, shared by all apps of a process.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from typing import Any, cast

import faust
from faust.transport.drivers import aiokafka as driver
from faust.types import TP

from streams import logs

log = logs.get(__name__)

REVOKE_SECONDS = 20.0
_faust_log = logging.getLogger("faust.strict")  # Faust's own lines in these classes are Faust's, not ours


class StrictConsumer(driver.Consumer):
    """A consumer whose records count as done when `settle` says so, and never otherwise."""

    logger = _faust_log

    def __init__(self, *args: Any, **fields: Any) -> None:
        super().__init__(*args, **fields)
        self._one_commit = asyncio.Lock()

    @property
    def _strict(self) -> "StrictApp":
        return cast(StrictApp, self.app)

    def ack(self, message: Any) -> bool:
        """Nothing: this is Faust's own path, and it also comes here with records that were only skipped."""
        return False

    def settle(self, message: Any) -> None:
        """The record is done: its offset may be committed."""
        super().ack(message)

    async def commit(self, topics: Any = None, start_new_transaction: bool = True) -> bool:
        """Commits what is settled; with transactions only in a quiet moment, so that each holds whole articles."""
        async with self._one_commit:
            if not self.in_transaction:
                return bool(await super().commit(topics, start_new_transaction))
            try:
                async with self._strict.quiet():
                    return bool(await super().commit(topics, start_new_transaction))
            except RuntimeError:  # the stage failed: the process is about to end, and must not commit half of anything
                return False

    async def on_partitions_revoked(self, revoked: set[TP]) -> None:
        """Finishes and commits what is in flight, while this worker may still commit for these partitions.

        Nothing new is begun until Faust has emptied its buffers: Faust forgets what is acknowledged from here on.
        """
        async with AsyncExitStack() as held:
            if revoked:
                try:
                    await asyncio.wait_for(self._finish(held), REVOKE_SECONDS)
                except (TimeoutError, RuntimeError) as error:
                    log.warning("rebalance_unfinished", detail=str(error) or "deliveries took too long")
                    if self.in_transaction:
                        self._strict.fail(error)
            await super().on_partitions_revoked(revoked)

    async def abandon(self) -> None:
        """Leaves the group without committing, so that whoever starts next need not wait for this member to time out."""
        thread = self._thread
        await thread.call_thread(thread._ensure_consumer().stop)

    async def _finish(self, held: AsyncExitStack) -> None:
        await held.enter_async_context(self._one_commit)
        await held.enter_async_context(self._strict.handover())
        await super().commit()


class StrictProducer(driver.Producer):
    """A producer whose transactional producers belong to this app alone."""

    logger = _faust_log

    def __post_init__(self) -> None:
        self._transaction_producers = {}
        self._trn_locks = {}
        super().__post_init__()

    async def maybe_begin_transaction(self, transactional_id: str) -> None:
        """Begins one for partitions that are new here; those that stayed over a rebalance have theirs."""
        if transactional_id not in self._transaction_producers:
            await self.begin_transaction(transactional_id)


class StrictTransport(driver.Transport):
    """Faust's aiokafka transport with the two above."""

    Consumer = StrictConsumer
    Producer = StrictProducer


class StrictApp(faust.App):
    """A Faust app on the strict transport that writes nothing to the disk."""

    logger = _faust_log

    quiet: Callable[[], AbstractAsyncContextManager[None]]
    """The stage's moment in which nothing is in flight; set by `build_app` before the app starts."""

    handover: Callable[[], AbstractAsyncContextManager[None]]
    """The same while partitions change hands; set by `build_app`."""

    fail: Callable[[BaseException], None]
    """Ends the process unacknowledged; set by `build_app`."""

    def _new_transport(self) -> StrictTransport:
        return StrictTransport(self.conf.broker_consumer, self)

    def _new_producer_transport(self) -> StrictTransport:
        return StrictTransport(self.conf.broker_producer, self)

    def _create_directories(self) -> None:
        """No tables, so no directories."""

    async def deliver(self, record: Mapping[str, Any], source: TP) -> Any:
        """Hands a record to the producer, in the transaction of the partition it derives from; the answer is a future."""
        transactional_id = None
        if self.in_transaction:
            group = self.assignor.group_for_topic(source.topic)
            transactional_id = f"{self.conf.id}-{group}-{source.partition}"
        return await self.producer.send(**record, partition=None, transactional_id=transactional_id)

"""Workers that join and leave under load."""

import asyncio
import time
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

import pytest

from streams.app.limit import LetterLimit
from streams.app.stage import Stage
from streams.app.verdict import Verdict
from streams.health import Health
from streams.metrics import Lane, Metrics
from tests.faults.conftest import LONG, QUICKLY, Feed
from tests.shell.conftest import Site

LOAD = 500
"""Messages that are sent while the second worker joins; what is left of them it takes over."""


@pytest.mark.parametrize("exactly_once", [False, True], ids=["at-least-once", "exactly-once"])
def test_workers_that_join_and_leave_under_load_lose_nothing_and_double_nothing(
    site: Site, feed: Feed, exactly_once: bool
) -> None:
    env = QUICKLY | {"GEOSIGNALS_KAFKA__EXACTLY_ONCE": str(exactly_once).lower()}
    first = site.worker(planted=False, env=env)
    feed.send(200)
    second = site.start(planted=False, env=env)
    deadline = time.monotonic() + LONG
    while not second.is_ready():
        assert time.monotonic() < deadline, second.log()[-2000:]
        if feed.sent < LOAD:
            feed.send(20)
    feed.send(150)
    assert first.end() == 0
    feed.send(150)
    feed.wait_done()
    assert second.end() == 0
    feed.compare(once=True)


def test_a_record_that_waits_while_partitions_change_hands_is_left_to_the_next_reader() -> None:
    asyncio.run(_handed_over())


async def _handed_over() -> None:
    done: list[Any] = []
    queue: asyncio.Queue[Any] = asyncio.Queue()

    async def messages() -> AsyncIterator[Any]:
        while True:
            yield await queue.get()

    stage = Stage(
        lane=Lane.LIVE,
        judge=lambda incoming: Verdict(skipped="tombstone"),
        send=lambda record, incoming: pytest.fail("a tombstone gives no record"),
        acknowledge=done.append,
        metrics=Metrics("0", "0"),
        health=Health(1),
        in_flight=5,
        limit=LetterLimit(None, 1, 1),
    )
    running = [asyncio.create_task(stage.take(messages())), asyncio.create_task(stage.settle())]
    before, between, after = (
        SimpleNamespace(topic="t", partition=0, offset=n, timestamp=None, key=None, value=None, headers=None)
        for n in range(3)
    )
    await queue.put(before)
    while not done:
        await asyncio.sleep(0)
    async with stage.handover():
        await queue.put(between)
        while not queue.empty():
            await asyncio.sleep(0)
    await queue.put(after)
    while len(done) < 2:
        await asyncio.sleep(0)
    assert done == [before, after]
    for task in running:
        task.cancel()

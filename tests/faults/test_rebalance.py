"""Workers that join and leave under load."""

import time

import pytest

from tests.faults.conftest import LONG, QUICKLY, Feed
from tests.faults.load import SIZE
from tests.shell.conftest import Site


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
        if feed.sent < SIZE - 300:
            feed.send(20)
    feed.send(150)
    assert first.end() == 0
    feed.send(150)
    feed.wait_done()
    assert second.end() == 0
    feed.compare(once=True)

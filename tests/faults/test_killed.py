"""A worker that dies loses nothing: what it had not finished is read again, and gives the same bytes."""

import random
import signal

import pytest

from tests.faults.conftest import LONG, QUICKLY, Feed
from tests.shell.conftest import Site, wait_until

EACH = 300
RECEIVED = 'geosignals_articles_received_total{lane="live"}'


@pytest.mark.parametrize(
    ("exactly_once", "rounds"), [(False, 2), (True, 1)], ids=["at-least-once", "exactly-once"]
)  # `make soak` kills it more often
def test_a_worker_killed_at_random_moments_loses_nothing(
    site: Site, feed: Feed, exactly_once: bool, rounds: int
) -> None:
    env = QUICKLY | {"GEOSIGNALS_KAFKA__EXACTLY_ONCE": str(exactly_once).lower()}
    moments = random.Random(6)
    for _ in range(rounds):
        worker = site.worker(planted=False, env=env)
        feed.send(EACH)
        taken = moments.randrange(1, EACH)
        wait_until(lambda: worker.metric(RECEIVED) >= taken, LONG, f"{taken} are taken")  # noqa: B023
        assert worker.end(signal.SIGKILL) == -signal.SIGKILL
    last = site.worker(planted=False, env=env)
    feed.wait_done()
    assert last.end() == 0
    feed.compare(once=exactly_once)

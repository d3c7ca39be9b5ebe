"""A broker that dies and comes back, and one that is gone when the worker is told to stop."""

import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from streams.embedded import Broker
from tests.faults.conftest import LONG, QUICKLY, Feed
from tests.shell.conftest import Site, fresh_site, wait_until

RECEIVED = 'geosignals_articles_received_total{lane="live"}'


@pytest.fixture
def mortal(own_broker: Broker, tmp_path: Path) -> Iterator[Site]:
    """A site on the broker that may be killed."""
    with fresh_site(own_broker, tmp_path) as site:
        yield site


def test_a_broker_killed_under_load_that_comes_back_costs_nothing(mortal: Site) -> None:
    feed = Feed(mortal)
    worker = mortal.worker(planted=False, env=QUICKLY)
    feed.send(300)
    wait_until(lambda: worker.metric(RECEIVED) >= 50, LONG, "it has begun")
    mortal.broker.kill()
    assert worker.page("/healthz")[0] == 200  # a broker that is gone is no reason to restart a worker
    mortal.broker.start()
    feed.send(100)
    feed.wait_done()
    assert worker.end() == 0
    feed.compare(once=False)


def test_sigterm_while_the_broker_is_gone_ends_it_at_its_deadline_unacknowledged(mortal: Site) -> None:
    feed = Feed(mortal)
    worker = mortal.worker(planted=False, env=QUICKLY | {"GEOSIGNALS_WORKER__SHUTDOWN_SECONDS": "4"})
    feed.send(300)
    wait_until(lambda: worker.metric(RECEIVED) >= 50, LONG, "it has begun")
    mortal.broker.kill()
    began = time.monotonic()
    assert worker.end(signal.SIGTERM, within=LONG) == 70
    assert 3 < time.monotonic() - began < 4 + 20
    assert "shutdown_deadline" in worker.log()
    mortal.broker.start()
    again = mortal.worker(planted=False, env=QUICKLY)
    feed.wait_done()
    assert again.end() == 0
    feed.compare(once=False)

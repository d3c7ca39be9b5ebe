"""The worker killed again and again, and nothing lost: the test of tests/faults/test_killed.py with more rounds."""

import random
import signal
import tempfile
import time
from pathlib import Path

from streams.embedded import Broker
from streams.kafka import wait_for_group
from streams.settings import KafkaSettings
from tests.faults.conftest import LONG, QUICKLY, Feed
from tests.faults.load import SIZE
from tests.shell.conftest import CACHE, fresh_site, wait_until

RECEIVED = 'geosignals_articles_received_total{lane="live"}'


def kills(rounds: int, seed: int, *, exactly_once: bool) -> None:
    """Kills as many workers, prints what came of it. Raises AssertionError when a record is lost, changed or, with
    `exactly_once`, there twice."""
    began, chance = time.monotonic(), random.Random(seed)
    env = QUICKLY | {"GEOSIGNALS_KAFKA__EXACTLY_ONCE": str(exactly_once).lower()}
    with tempfile.TemporaryDirectory() as home, Broker(CACHE) as broker:
        wait_for_group(KafkaSettings(bootstrap_servers=broker.address()), "any")
        with fresh_site(broker, Path(home)) as site:
            feed = Feed(site)
            for _ in range(rounds):
                worker = site.worker(planted=False, env=env)
                feed.send(SIZE // rounds)
                taken = chance.randrange(1, SIZE // rounds)
                wait_until(lambda: worker.metric(RECEIVED) >= taken, LONG, f"{taken} are taken")  # noqa: B023
                worker.end(signal.SIGKILL)
            last = site.worker(planted=False, env=env)
            feed.wait_done()
            assert last.end() == 0
            twice = feed.compare(once=exactly_once)
    print(
        f"kill -9, {'exactly' if exactly_once else 'at least'} once: {rounds} rounds, {feed.sent} messages, "
        f"0 lost, {twice} twice (the same bytes), {time.monotonic() - began:.0f} s",
        flush=True,
    )

"""Outputs that the broker does not take: the worker leaves unacknowledged, and the next one loses nothing.

A permission that is taken away is tried where there are permissions: tests/security/test_access.py,
`test_a_worker_whose_permission_is_taken_away_leaves_unacknowledged`.
"""

import pytest
from kafka import KafkaAdminClient

from streams.kafka import create_topics
from tests.faults.conftest import LONG, Feed, limit_size
from tests.shell.conftest import Site

ENOUGH = 1_000_000


@pytest.mark.parametrize(
    ("topic", "exactly_once"), [("arms_deal", True), ("dlq", False)], ids=["signal-exactly-once", "dead-letter"]
)
def test_an_output_that_the_broker_refuses_ends_the_worker_and_a_restart_loses_nothing(
    site: Site, feed: Feed, topic: str, exactly_once: bool
) -> None:
    env = {"GEOSIGNALS_KAFKA__EXACTLY_ONCE": str(exactly_once).lower()}
    name = str(getattr(site.settings.topics, topic))
    worker = site.worker(planted=False, env=env)
    feed.send(40)
    feed.wait_done()
    limit_size(site, name, 60)
    feed.send(40)
    assert worker.process.wait(LONG) == 70
    assert '"lane_failed"' in worker.log() and "MessageSizeTooLarge" in worker.log()
    limit_size(site, name, ENOUGH)
    again = site.worker(planted=False, env=env)
    feed.wait_done()
    assert again.end() == 0
    feed.compare(once=exactly_once)


def test_a_topic_that_is_deleted_ends_the_worker_and_a_restart_loses_nothing(site: Site, feed: Feed) -> None:
    worker = site.worker(planted=False, env={"GEOSIGNALS_WORKER__DELIVERY_SECONDS": "5"})
    client = KafkaAdminClient(bootstrap_servers=site.broker.address())
    client.delete_topics([site.settings.topics.of_kind("sanctions_stance")])
    client.close()
    feed.send(40)
    assert worker.process.wait(LONG) == 70
    assert '"lane_failed"' in worker.log()
    create_topics(site.settings)
    again = site.worker(planted=False)
    feed.wait_done()
    assert again.end() == 0
    feed.compare(once=False)

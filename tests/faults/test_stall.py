"""Nothing waits for ever unseen: a worker that is stuck says so, and one that has no partitions is not ready."""

import json
import signal
import time

import pytest

from streams.health import Health
from tests.faults.conftest import LONG
from tests.shell.conftest import Site, wait_until


@pytest.mark.parametrize(
    ("lag", "assigned", "idle", "status"),
    [(5, True, 11, 503), (5, True, 9, 200), (0, True, 11, 200), (5, False, 11, 200)],
    ids=["stalled", "not-yet", "nothing-to-do", "nothing-of-ours"],
)
def test_a_worker_is_stalled_when_records_wait_and_none_is_finished(
    lag: int, assigned: bool, idle: float, status: int
) -> None:
    health = Health(10, assigned=assigned, lag=lag, last_progress=time.monotonic() - idle)
    assert health.alive()[0] == status
    health.progressed()
    assert health.alive()[0] == 200


@pytest.mark.parametrize(
    ("assigned", "leaving", "status"), [(True, False, 200), (False, False, 503), (True, True, 503)]
)
def test_readiness_follows_the_assignment(assigned: bool, leaving: bool, status: int) -> None:
    assert Health(10, assigned=assigned, leaving=leaving).ready()[0] == status


def test_a_worker_that_is_stuck_fails_its_health_page_and_its_log_says_why(site: Site) -> None:
    worker = site.worker(env={"GEOSIGNALS_WORKER__STALL_SECONDS": "1"})
    site.send(json.dumps({"id": "a", "title": "STUCK"}).encode())
    wait_until(lambda: worker.page("/healthz")[0] == 503, LONG, "the page fails")
    assert worker.page("/healthz")[1].startswith("stalled: 1 records wait")
    wait_until(lambda: '"event": "stalled"' in worker.log(), LONG, "the log says so")
    assert worker.end(signal.SIGKILL) == -signal.SIGKILL

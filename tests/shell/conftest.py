"""One embedded Kafka for the whole session, and the small tools that tests on it share."""

import time
from collections.abc import Callable, Iterator

import pytest

from streams.embedded import Broker
from streams.settings import cache_dir

CACHE = cache_dir()


@pytest.fixture(scope="session")
def broker() -> Iterator[Broker]:
    with Broker(CACHE) as running:
        yield running


def wait_until(true: Callable[[], bool], seconds: float, what: str) -> None:
    """Returns once `true()` holds; fails the test when it does not within `seconds`."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        time.sleep(0.05)

"""Too many dead letters are a fault of ours: the limit on their share, as numbers and on the real worker."""

import pytest

from streams.app.limit import LetterLimit, TooManyDeadLetters
from tests.faults.conftest import LONG, Feed
from tests.shell.conftest import Site


def _counted(limit: LetterLimit, letters: str, seconds: float, began: float = 0.0) -> int:
    """How many of the records are let through: each sign is one, x a dead letter, `seconds` after the one before."""
    for number, sign in enumerate(letters):
        try:
            limit.count(sign == "x", began + number * seconds)
        except TooManyDeadLetters:
            return number
    return len(letters)


@pytest.mark.parametrize(
    ("letters", "seconds", "through"),
    [
        pytest.param("x" * 9, 0, 9, id="too-few-to-be-a-share"),
        pytest.param("x" * 10, 0, 9, id="all-of-them"),
        pytest.param(".x" * 50, 0, 100, id="half-is-not-over-half"),
        pytest.param("." * 50 + "x" * 60, 0, 100, id="one-more-than-half"),
        pytest.param("." * 30 + "x" * 30, 4, 37, id="what-is-older-than-the-window-does-not-count"),
        pytest.param("x" * 100, 7, 100, id="too-slow-to-be-many"),
    ],
)
def test_the_limit_is_a_share_of_what_came_in_the_window(letters: str, seconds: float, through: int) -> None:
    assert _counted(LetterLimit(share=0.5, seconds=60, least=10), letters, seconds) == through


def test_without_a_limit_every_record_may_be_a_dead_letter() -> None:
    assert _counted(LetterLimit(share=None, seconds=60, least=1), "x" * 1000, 0) == 1000


def test_the_window_keeps_few_numbers_whatever_the_rate() -> None:
    limit = LetterLimit(share=0.5, seconds=60, least=10)
    _counted(limit, "..x" * 20_000, 0.01)
    assert len(limit._steps) <= 61


def test_over_the_limit_the_worker_ends_unacknowledged_and_loses_nothing(site: Site, feed: Feed) -> None:
    env = {"GEOSIGNALS_WORKER__DEAD_LETTER_SHARE": "0.05", "GEOSIGNALS_WORKER__DEAD_LETTER_LEAST": "50"}
    worker = site.worker(planted=False, env=env)
    feed.send(200)  # one in ten is broken
    assert worker.process.wait(LONG) == 70
    assert "TooManyDeadLetters" in worker.log() and "the limit is 5% over 15 minutes" in worker.log()
    assert len(site.letters()) < 20
    again = site.worker(planted=False, env={**env, "GEOSIGNALS_WORKER__DEAD_LETTER_SHARE": "0.2"})
    feed.wait_done()
    assert again.end() == 0
    feed.compare(once=False)

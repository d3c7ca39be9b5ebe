"""A fault of ours in one article, and an end that somebody asked for: neither costs anything else."""

import signal

import pytest

from tests.faults.conftest import LONG
from tests.shell.conftest import Site, wait_until
from tests.shell.test_worker import article


def test_an_article_on_which_a_detector_raises_is_a_dead_letter_and_the_rest_goes_on(site: Site) -> None:
    worker = site.worker()
    site.send(article(1), article(2, "EXPLODE now"), article(3))
    wait_until(lambda: len(site.signals()) == 2 and bool(site.letters()), LONG, "two signals, one letter")
    (letter,) = site.letters()
    headers = dict(letter.headers)
    assert letter.value == article(2, "EXPLODE now")
    assert (headers["geo.errors.stage"], headers["geo.errors.code"]) == (b"classify", b"unexpected")
    assert headers["__streams.errors.exception"] == b"builtins.RuntimeError"
    assert b"planted.py" in headers["__streams.errors.stacktrace"]
    assert b"\x1b" not in headers["__streams.errors.message"]
    wait_until(lambda: '"article_id": "a2"' in worker.log(), 20, "the letter is logged")
    assert "\x1b" not in worker.log()
    assert worker.metric('geosignals_articles_failed_total{reason="unexpected"}') == 1


@pytest.mark.parametrize("commits", [(), ("--slow-commits",)], ids=["between-commits", "during-a-commit"])
def test_sigterm_drains_what_was_taken_and_the_next_worker_does_it_not_again(
    site: Site, commits: tuple[str, ...]
) -> None:
    worker = site.worker(*commits)
    site.send(*(article(number) for number in range(300)))
    wait_until(lambda: worker.metric('geosignals_articles_received_total{lane="live"}') > 0, LONG, "it has begun")
    assert worker.end(signal.SIGTERM) == 0
    done = len(site.signals())
    assert done > 0
    again = site.worker()
    wait_until(lambda: len(site.signals()) == 300, LONG, "the rest is done")
    assert again.metric('geosignals_articles_received_total{lane="live"}') == 300 - done
    assert again.end(signal.SIGINT) == 130

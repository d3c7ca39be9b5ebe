"""A worker's log as machines read it: every line an event in JSON, one for a dead letter, none for a good article."""

import json
from typing import Any

import pytest

from tests.shell.conftest import Site, Worker, wait_until

pytestmark = pytest.mark.broker


def lines_of(worker: Worker) -> list[dict[str, Any]]:
    """Every line of the log; one that is no JSON object fails the test."""
    lines = [json.loads(line) for line in worker.log().splitlines()]
    for line in lines:
        assert list(line)[:3] == ["ts", "level", "event"], line
    return lines


def article(number: int) -> bytes:
    return json.dumps({"id": f"a{number}", "title": "A deal"}).encode()


def test_one_line_for_a_dead_letter_and_none_for_a_good_article(site: Site) -> None:
    worker = site.worker()
    before = len(lines_of(worker))
    site.send(*(article(number) for number in range(50)))
    site.send(b"{broken", b"{}")
    wait_until(lambda: len(site.signals()) == 50 and len(site.letters()) == 2, 30, "all are done")
    wait_until(lambda: len(lines_of(worker)) >= before + 2, 20, "both dead letters are logged")
    letters = lines_of(worker)[before:]
    assert [line["event"] for line in letters] == ["dead_letter", "dead_letter"]
    assert [line["reason"] for line in letters] == ["not_json", "no_text"]
    assert [(line["topic"], line["partition"], line["offset"]) for line in letters] == [
        (site.settings.topics.articles, 0, 50),
        (site.settings.topics.articles, 0, 51),
    ]
    assert worker.end() == 0
    assert [line["event"] for line in lines_of(worker)[before + 2 :]] == ["stopping", "stopped"]


def test_what_faust_and_its_client_log_has_the_same_form(site: Site) -> None:
    worker = site.worker(env={"GEOSIGNALS_LOG__LEVEL": "debug"})
    assert worker.end() == 0
    libraries = {str(line.get("logger", "")).partition(".")[0] for line in lines_of(worker)}
    assert {"faust", "aiokafka"} <= libraries

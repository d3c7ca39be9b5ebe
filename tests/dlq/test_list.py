"""What `dlq list` promises: every letter with its reason and place, and nothing in it that a terminal obeys."""

import json
import time

import pytest

from streams.metrics import FAILURES
from tests.dlq.conftest import Office
from tests.shell.conftest import wait_until

pytestmark = pytest.mark.broker

STRUCTURED = [("content-type", b"application/cloudevents+json")]
BAD = {
    "not_json": b"{'single': 'quotes'}",
    "not_utf8": b'{"title": "caf\xe9"}',
    "no_text": b'{"id": "x", "title": " ", "body": ""}',
    "bad_field": b'{"id": 7, "title": "t"}',
    "too_large": b'{"title": "' + b"x" * 2_000_000 + b'"}',
    "too_deep": b'{"title": ' + b"[" * 100_000,
    "unexpected": b'{"id": "e", "title": "EXPLODE"}',
}
HOSTILE = b'\x1b]0;owned\x07\x1b[2J\r\n\t\x00\x9b31m \xe2\x80\xae\xe2\x80\x8b\xc2\x9b{"\\n"}'


def test_each_reason_is_listed_with_its_place_its_first_bytes_and_its_age(office: Office) -> None:
    office.site.worker()
    office.site.send(*BAD.values(), key=b"k1")
    office.site.send(b'{"specversion": "1.0", "data": {"title": "t"}}', key=b"k1", headers=STRUCTURED)
    wait_until(lambda: len(office.site.letters()) == len(BAD) + 1, 30, "all of them are dead letters")

    plain = office.dlq("list")
    assert plain.returncode == 0, plain.stderr
    rows = [line.split("\t") for line in plain.stdout.splitlines()]
    topic = office.site.settings.topics.articles
    place_of = {reason: f"{topic}/0/{at}" for at, reason in enumerate([*BAD, "bad_envelope"])}
    assert {row[1]: row[2] for row in rows} == place_of
    assert {tuple(row[3:6]) for row in rows} == {("1", "k1", "-")}
    assert {row[1]: row[6] for row in rows}["not_json"] == "{'single': 'quotes'}"
    assert {row[1]: row[6] for row in rows}["not_utf8"] == '{"title": "caf\\xe9"}'
    assert all(row[0][-1] in "sm" and row[0][:-1].isdigit() for row in rows)
    assert max(map(len, plain.stdout.splitlines())) < 300

    objects = [json.loads(line) for line in office.dlq("list", "--json").stdout.splitlines()]
    assert {each["reason"]: f"{each['topic']}/{each['partition']}/{each['offset']}" for each in objects} == place_of
    large = next(each for each in objects if each["reason"] == "too_large")
    assert (large["bytes"], large["attempt"], large["requeued"]) == (len(BAD["too_large"]), 1, False)
    assert large["first"].endswith("x…") and 0 <= large["age_seconds"] < 300

    some = office.dlq("list", "--json", "--reason", "no_text", "--reason", "too_deep").stdout.splitlines()
    assert {json.loads(line)["reason"] for line in some} == {"no_text", "too_deep"}


def test_since_and_limit_go_by_the_time_of_the_record_and_the_oldest_comes_first(office: Office) -> None:
    day, now = 86_400_000, int(time.time() * 1000)
    for days in (3, 1, 5):
        office.letter(b"%d days" % days, timestamp_ms=now - days * day)
    assert _first(office, "list") == ["5 days", "3 days", "1 days"]
    assert _first(office, "list", "--limit", "2") == ["3 days", "1 days"]
    assert _first(office, "list", "--since", str(now - 4 * day)) == ["3 days", "1 days"]
    assert _first(office, "list", "--since", str(now - 1 * day)) == ["1 days"]
    assert _first(office, "list", "--since", str(now)) == []


def test_nothing_that_a_stranger_wrote_reaches_the_terminal_as_it_is(office: Office) -> None:
    office.letter(HOSTILE, key=HOSTILE)
    raw = [(name, HOSTILE) for name in ("geo.errors.code", "__streams.errors.topic", "__streams.errors.message")]
    office.site.send(HOSTILE, topic=office.site.settings.topics.dlq, key=None, headers=raw)
    for options in (["list"], ["list", "--json"], ["requeue", "--dry-run"], ["requeue"]):
        done = office.dlq(*options)
        lines = done.stdout.split("\n")[:-1]
        assert len(lines) == 2, done.stderr
        assert all(sign.isprintable() or sign == "\t" for line in lines for sign in line), lines
        assert all(sign.isprintable() or sign == "\n" for sign in done.stderr), done.stderr
        assert "]0;owned" in done.stdout
    columns = [line.split("\t") for line in office.dlq("list").stdout.splitlines()]
    assert {len(each) for each in columns} == {7}
    shown = r'\x1b]0;owned\x07\x1b[2J\r\n\t\x00\x9b31m \u202e\u200b\x9b{"\\n"}'
    assert {each[6] for each in columns} == {shown}


def test_a_reason_or_a_time_that_does_not_exist_is_a_usage_error_that_names_what_does(office: Office) -> None:
    wrong = office.dlq("list", "--reason", "nothing")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert all(reason in wrong.stderr for reason in FAILURES)
    assert office.dlq("requeue", "--since", "yesterday").returncode == 2


def _first(office: Office, *options: str) -> list[str]:
    return [line.split("\t")[6] for line in office.dlq(*options).stdout.splitlines()]

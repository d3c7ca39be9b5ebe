"""Each way in works for each command with exactly what the runbook allows; without, one line says what is wrong."""

import json
import re
import signal
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from kafka import KafkaAdminClient
from kafka.admin import (
    ACLFilter,
    ACLOperation,
    ACLPermissionType,
    ACLResourcePatternType,
    ResourcePatternFilter,
    ResourceType,
)

from streams.kafka import client_options
from tests.security.certificates import Authority
from tests.security.conftest import LACKING, PASSWORD, WAYS, Site, consumer, producer
from tests.security.permissions import Permission
from tests.shell.conftest import wait_until

pytestmark = pytest.mark.broker

SIGNALS = "geo.signals.arms-deal.v1"
DEAL = {
    "title": "Poland signs contract for 180 South Korean tanks",
    "body": "WARSAW - Poland signed a contract with South Korea on Friday to buy 180 K2 tanks for $6.5 billion.",
}


def articles(home: Path, name: str) -> Path:
    """A file with one article whose id is the name."""
    path = home / f"{name}.jsonl"
    path.write_text(json.dumps({"id": name, **DEAL}) + "\n", encoding="utf-8")
    return path


def one_line(err: str) -> str:
    (line,) = err.strip().splitlines()
    assert line.startswith("geosignals: ")
    assert len(line) < 400
    assert PASSWORD not in line
    return line


def letters_of(site: Site, key: str) -> list[bytes]:
    """The dead letters with this key."""
    reading = consumer(site.admin, "geo.articles.dlq.v1")
    found = [record.value for record in reading if record.key == key.encode()]
    reading.close()
    return found


LETTER = [
    ("__streams.errors.topic", b"geo.articles.v1"),
    ("__streams.errors.partition", b"0"),
    ("__streams.errors.offset", b"0"),
    ("geo.errors.code", b"withheld"),
    ("geo.errors.attempt", b"1"),
]


def send_broken(
    site: Site, key: str, topic: str = "geo.articles.v1", headers: Sequence[tuple[str, bytes]] = ()
) -> None:
    """A record that is no JSON; with a letter's headers, a dead letter."""
    sending = producer(site.admin)
    sending.send(topic, b"{broken", key=key.encode(), headers=list(headers)).get(20)
    sending.close()


@pytest.mark.parametrize("way", WAYS)
def test_every_command_works_with_what_the_runbook_allows(secured: Site, way: str, tmp_path: Path) -> None:
    commands = [
        ("creator", ["topics", "create"], r"\bexists\b"),
        ("checker", ["topics", "check"], "all there, all right"),
        ("replayer", ["replay", articles(tmp_path, f"{way}-1"), "--job-id", f"{way}-1"], "sent 1"),
        ("rewinder", ["replay", "--from-topic", "--to-offset", "0", "--job-id", f"{way}-2"], "sent 0"),
        ("rewinder", ["replay", articles(tmp_path, f"{way}-3"), "--max-lag", "1000", "--job-id", f"{way}-3"], "sent 1"),
    ]
    if way in ("plain", "saslplain"):  # the clients are the same, only how they come in differs
        commands = commands[1:3]
    with ThreadPoolExecutor(2) as pool:
        ends = list(pool.map(lambda each: secured.run(each[1], secured.access(way, each[0])), commands))
    for (_, arguments, says), (code, out, err) in zip(commands, ends, strict=True):
        assert code == 0, (arguments, err)
        assert re.search(says, out + err), (arguments, out, err)
        assert PASSWORD not in out + err


@pytest.mark.parametrize(
    ("way", "user", "options"),
    [
        ("scram", "live", {}),
        ("mutual", "live", {}),
        ("plain", "once", {"GEOSIGNALS_KAFKA__EXACTLY_ONCE": "true"}),
        ("saslplain", "live", {"GEOSIGNALS_LOG__LEVEL": "debug"}),
    ],
)
def test_the_worker_works_with_what_the_runbook_allows_and_shows_no_secret(
    secured: Site, way: str, user: str, options: dict[str, str]
) -> None:
    send_broken(secured, f"letter-{way}")
    log = secured.home / f"worker-{way}.log"
    worker = secured.start(["worker"], secured.access(way, user) | options, log)
    wait_until(lambda: bool(letters_of(secured, f"letter-{way}")), 60, f"its dead letter; {log.read_text()[-1500:]}")
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(120) == 0
    said = log.read_text(encoding="utf-8")
    assert PASSWORD not in said
    assert '"lane_failed"' not in said and '"lag_unknown"' not in said


def test_the_replay_lane_works_with_what_the_runbook_allows_and_gives_signals(secured: Site, tmp_path: Path) -> None:
    code, _, err = secured.run(
        ["replay", articles(tmp_path, "history"), "--job-id", "history"], secured.access("scram", "replayer")
    )
    assert code == 0, err
    log = secured.home / "worker-replay.log"
    worker = secured.start(["worker", "--lane", "replay"], secured.access("scram", "replaylane"), log)

    def arrived() -> bool:
        reading = consumer(secured.admin, SIGNALS)
        found = [record for record in reading if record.key == b"history"]
        reading.close()
        return bool(found)

    wait_until(arrived, 60, f"the signal; {log.read_text()[-1500:]}")
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(120) == 0


def test_without_permission_each_command_says_so_in_one_line(secured: Site, tmp_path: Path) -> None:
    article = articles(tmp_path, "refused")
    commands = [
        ("stranger", ["topics", "create"], "may not be created: TopicAuthorizationFailed"),
        ("stranger", ["worker"], "no permission to see it"),
        ("stranger", ["replay", article], "TopicAuthorizationFailed"),
        ("stranger", ["replay", "--from-topic"], "there is no topic geo.articles.v1"),
        ("replayer", ["replay", article, "--max-lag", "5"], "GroupAuthorizationFailed"),
        ("sender", ["replay", article], "TopicAuthorizationFailed"),
        ("sender", ["dlq", "list"], "geo.articles.dlq.v1"),
        ("lister", ["dlq", "requeue"], "GroupAuthorizationFailed"),
    ]
    with ThreadPoolExecutor(3) as pool:
        ends = list(pool.map(lambda each: secured.run(each[1], secured.access("scram", each[0])), commands))
    for (_, arguments, says), (code, out, err) in zip(commands, ends, strict=True):
        assert (code, out) == (1, ""), (arguments, out, err)
        assert says in one_line(err.replace("\r", "\n").strip().splitlines()[-1]), (arguments, err)


@pytest.mark.parametrize("way", ["scram", "mutual"])
def test_dead_letters_are_listed_and_sent_back_with_what_the_runbook_allows(secured: Site, way: str) -> None:
    send_broken(secured, f"back-{way}", "geo.articles.dlq.v1", LETTER)
    code, out, err = secured.run(["dlq", "list"], secured.access(way, "lister"))
    assert (code, f"back-{way}" in out) == (0, True), err
    code, _, err = secured.run(["dlq", "requeue", "--reason", "withheld"], secured.access(way, "requeuer"))
    assert code == 0, err
    reading = consumer(secured.admin, "geo.articles.v1")
    assert [record.value for record in reading if record.key == f"back-{way}".encode()] == [b"{broken"]
    reading.close()


def test_topics_that_a_user_may_not_see_are_reported_as_missing(secured: Site) -> None:
    code, out, _ = secured.run(["topics", "check"], secured.access("scram", "stranger"))
    assert code == 1
    assert len(out.splitlines()) == 6 and all(line.endswith(": missing") for line in out.splitlines())


def test_the_worker_needs_every_row_of_its_table(secured: Site) -> None:
    def refused(user: str) -> tuple[int, str, str]:
        return secured.run(["worker"], secured.access("scram", user))

    with ThreadPoolExecutor(3) as pool:
        ends = dict(zip(LACKING, pool.map(refused, LACKING), strict=True))
    for user, (code, _, err) in ends.items():
        lacking: Permission = LACKING[user][0]
        assert code == 1, (lacking, err)
        said = one_line(err)
        assert lacking.name in said or (lacking.resource == "group" and "GroupAuthorizationFailed" in said)


def test_who_cannot_come_in_is_told_in_one_line(secured: Site, tmp_path: Path) -> None:
    scram, mutual = secured.access("scram", "live"), secured.access("mutual", "live")
    prefix = "GEOSIGNALS_KAFKA__"
    uncertified = {name: value for name, value in mutual.items() if "CERTFILE" not in name and "KEY" not in name}
    cases = [
        (
            secured.access("scram", "live", f"not-{PASSWORD}"),
            "a wrong user name, password or mechanism|AuthenticationFailed",
        ),
        (scram | {f"{prefix}SSL_CAFILE": str(Authority(tmp_path).cafile)}, "certificate verify failed"),
        (scram | {f"{prefix}SECURITY_PROTOCOL": "SASL_PLAINTEXT"}, f"Kafka at {secured.broker.address('SCRAM')}"),
        (uncertified, f"Kafka at {secured.broker.address('MUTUAL')}"),
        (secured.access("mutual", "live", f"not-{PASSWORD}"), "the TLS files cannot be used"),
    ]
    with ThreadPoolExecutor(len(cases)) as pool:  # most of them wait for ten seconds before they give up
        ends = list(pool.map(lambda case: secured.run(["worker"], case[0]), cases))
    for (_, says), (code, out, err) in zip(cases, ends, strict=True):
        assert (code, out) == (1, ""), err
        assert re.search(says, one_line(err))


def test_a_worker_whose_permission_is_taken_away_leaves_unacknowledged(secured: Site) -> None:
    log = secured.home / "worker-revoked.log"
    worker = secured.start(["worker"], secured.access("scram", "revoked"), log)
    wait_until(lambda: '"lane_started"' in log.read_text(), 60, "it has started")
    send_broken(secured, "before")
    wait_until(lambda: bool(letters_of(secured, "before")), 60, "a dead letter")
    client = KafkaAdminClient(**client_options(secured.admin))
    client.delete_acls(
        [
            ACLFilter(
                principal="User:revoked",
                host="*",
                operation=ACLOperation.WRITE,
                permission_type=ACLPermissionType.ALLOW,
                resource_pattern=ResourcePatternFilter(
                    ResourceType.TOPIC, "geo.articles.dlq.v1", ACLResourcePatternType.LITERAL
                ),
            )
        ]
    )
    client.close()
    send_broken(secured, "after")
    assert worker.wait(120) == 70
    assert '"lane_failed"' in log.read_text() and "TopicAuthorizationFailed" in log.read_text()
    again = secured.start(["worker"], secured.access("scram", "live"), log)
    wait_until(lambda: len(letters_of(secured, "after")) == 1, 60, "another worker reads it again")
    again.send_signal(signal.SIGTERM)
    assert again.wait(120) == 0

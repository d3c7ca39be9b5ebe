"""Records of a real worker as others read them: the cloudevents package, kcat, a consumer of twenty lines."""

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml
from cloudevents.core.bindings.kafka import KafkaMessage, from_kafka_event
from jsonschema import Draft202012Validator

from streams.contracts.asyncapi import document
from streams.embedded import Broker
from tests.outside import ROOT, program, ran
from tests.shell.conftest import Site, fresh_site, wait_until

pytestmark = pytest.mark.broker

TRACE = [("traceparent", b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"), ("ce_replayid", b"job-1")]


def article(number: int) -> bytes:
    return json.dumps(
        {"id": f"a{number}", "title": "A deal", "body": "Text.", "published_at": "2025-09-03T06:57:00Z"}
    ).encode()


def message_schema(name: str, part: str) -> Draft202012Validator:
    """The schema of a message's headers or payload, as the AsyncAPI document has it."""
    whole = yaml.safe_load((ROOT / "schemas" / "contracts" / "asyncapi.yaml").read_text(encoding="utf-8"))
    assert whole == document()
    schema = {**whole["components"]["messages"][name][part], "components": whole["components"]}
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


def headers_of(record: Any) -> dict[str, str]:
    return {name: value.decode() for name, value in record.headers}


@pytest.fixture(scope="module")
def served(broker: Broker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site whose worker has made two signals and one dead letter."""
    with fresh_site(broker, tmp_path_factory.mktemp("served")) as site:
        worker = site.worker()
        site.send(article(1), headers=TRACE)
        site.send(article(2), b"{broken")
        wait_until(lambda: len(site.signals()) == 2 and len(site.letters()) == 1, 20, "two signals and a letter")
        assert worker.end() == 0
        yield site


def test_records_are_what_the_asyncapi_document_says(served: Site) -> None:
    for record in served.signals():
        message_schema("arms_deal_signal", "headers").validate(headers_of(record))
        message_schema("arms_deal_signal", "payload").validate(json.loads(record.value))
    (letter,) = served.letters()
    message_schema("deadLetter", "headers").validate(headers_of(letter))


def test_the_cloudevents_package_reads_a_signal(served: Site) -> None:
    record = served.signals()[0]
    event = from_kafka_event(KafkaMessage(dict(record.headers), record.key, record.value))
    value = json.loads(record.value)
    assert event.get_data() == value
    assert (event.get_specversion(), event.get_id()) == ("1.0", value["id"])
    assert (event.get_type(), event.get_source()) == ("geosignals.signal.arms_deal.v1", "/geosignals")
    assert (event.get_subject(), event.get_datacontenttype()) == ("a1", "application/json")
    time = event.get_time()
    assert time is not None and time.isoformat() == "2025-09-03T06:57:00+00:00"
    assert event.get_extension("replayid") == "job-1"


@pytest.mark.tools
def test_kcat_reads_the_topics(served: Site) -> None:
    topic = served.settings.topics.of_kind("arms_deal")
    read = ("-C", "-q", "-e", "-o", "beginning")
    shown = ran(program("kcat"), "-b", served.broker.address(), "-t", topic, *read, "-f", "%k\t%h\t%s\n")
    assert shown.returncode == 0, shown.stderr
    rows = {row.split("\t")[0]: row.split("\t") for row in shown.stdout.splitlines()}
    assert set(rows) == {"a1", "a2"}
    headers, value = rows["a1"][1], json.loads(rows["a1"][2])
    assert f"ce_id={value['id']}" in headers and "traceparent=00-0af7" in headers
    letters = ran("kcat", "-b", served.broker.address(), "-t", served.settings.topics.dlq, *read, "-f", "%h\t%s\n")
    assert "geo.errors.code=not_json" in letters.stdout and letters.stdout.endswith("\t{broken\n")


@pytest.mark.tools
def test_an_article_sent_by_kcat_gives_its_signal(site: Site) -> None:
    worker = site.worker()
    sent = ran(
        program("kcat"),
        "-b",
        site.broker.address(),
        "-t",
        site.settings.topics.articles,
        "-P",
        stdin=article(7).decode(),
    )
    assert sent.returncode == 0, sent.stderr
    wait_until(lambda: len(site.signals()) == 1, 20, "its signal")
    assert worker.end() == 0


def test_the_example_consumer_keeps_each_signal_once_over_duplicates_and_crashes(site: Site, tmp_path: Path) -> None:
    topic, database = site.settings.topics.of_kind("arms_deal"), tmp_path / "signals.db"
    worker = site.worker()
    site.send(article(1), article(2), article(1))
    wait_until(lambda: len(site.signals()) == 3, 20, "three records")
    example = [sys.executable, "-W", "ignore", ROOT / "deploy" / "consumer_example.py"]
    for kept in (3, 4):  # killed and started again, on the same database
        site.send(article(2), article(kept))
        consumer = subprocess.Popen([*example, site.broker.address(), database, topic])
        try:
            wait_until(partial(_holds, database, kept), 40, f"{kept} signals are kept")
        finally:
            consumer.kill()
            consumer.wait()
    assert worker.end() == 0
    assert len(site.signals()) == 7
    assert len({record.value for record in site.signals()}) == 4


def _holds(database: Path, signals: int) -> bool:
    with sqlite3.connect(database) as store:
        try:
            return bool(store.execute("SELECT count(*) FROM signals").fetchone()[0] == signals)
        except sqlite3.OperationalError:  # the consumer has not made its table yet
            return False

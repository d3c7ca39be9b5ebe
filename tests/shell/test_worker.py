"""What the worker promises on a real Kafka: good news comes through, bad input never stops it, nothing is lost quietly."""

import json

from kafka.admin import KafkaAdminClient

from streams.app.records import ATTEMPT_HEADER
from streams.metrics import FAILURES, TABLE, Kind
from tests.shell.conftest import Site, wait_until


def article(number: int, title: str = "A deal", **fields: object) -> bytes:
    return json.dumps({"id": f"a{number}", "title": title, "body": "Text.", **fields}).encode()


STRUCTURED = [("content-type", b"application/cloudevents+json; charset=UTF-8")]
BAD = {
    "not-json": (b"{'single': 'quotes'}", "not_json"),
    "not-utf8": (b'{"title": "caf\xe9"}', "not_utf8"),
    "no-text": (b'{"id": "x", "title": " ", "body": ""}', "no_text"),
    "wrong-types": (b'{"id": 7, "title": ["a"], "body": {}}', "bad_field"),
    "two-megabytes": (b'{"title": "' + b"x" * 2_000_000 + b'"}', "too_large"),
    "deep-nesting": (b'{"title": ' + b"[" * 100_000, "too_deep"),
    "nan": (b'{"title": "t", "version": NaN}', "not_json"),
    "duplicate-keys": (b'{"title": "one", "title": "two"}', "not_json"),
    "lone-surrogate": (b'{"title": "half \\ud800"}', "not_json"),
    "empty": (b"", "not_json"),
}


def test_every_bad_sort_is_a_dead_letter_and_the_good_ones_between_come_through(site: Site) -> None:
    worker = site.worker()
    for number, (value, _) in enumerate(BAD.values()):
        site.send(article(number), value)
    truncated = b'{"specversion": "1.0", "id": "1", "source": "s", "type": "t", "data": {"title": "cut o'
    site.send(truncated, headers=STRUCTURED)
    site.send(b'{"specversion": "1.0", "id": "1", "data": {"title": "t"}}', headers=STRUCTURED)
    site.send(article(99))
    wait_until(lambda: len(site.signals()) == len(BAD) + 1, 80, "all good articles gave their signal")
    letters = site.letters()
    assert [letter.value for letter in letters] == [value for value, _ in BAD.values()] + [
        truncated,
        b'{"specversion": "1.0", "id": "1", "data": {"title": "t"}}',
    ]
    codes = [dict(letter.headers)["geo.errors.code"].decode() for letter in letters]
    assert codes == [code for _, code in BAD.values()] + ["not_json", "bad_envelope"]
    assert worker.page("/healthz")[0] == 200
    assert worker.end() == 0


def test_a_dead_letter_is_the_record_as_it_came_with_the_reason_beside(site: Site) -> None:
    worker = site.worker()
    headers = [("x-mine", b"\xff\x00"), ("empty", b""), ("geo.errors.code", b"old"), (ATTEMPT_HEADER, b"2")]
    site.send(b"{", key=b"k\xff", headers=headers, timestamp_ms=1_700_000_000_123)
    wait_until(lambda: bool(site.letters()), 80, "the letter is there")
    (letter,) = site.letters()
    assert (letter.key, letter.value, letter.timestamp) == (b"k\xff", b"{", 1_700_000_000_123)
    kept = [header for header in letter.headers if not header[0].startswith(("__streams.errors.", "geo.errors."))]
    assert kept == headers[:2]
    errors = dict(letter.headers[2:])
    assert errors.pop("__streams.errors.message").startswith(b"Expecting property name")
    assert errors == {
        "__streams.errors.exception": b"schemas.article.InvalidArticle",
        "__streams.errors.stacktrace": b"",
        "__streams.errors.topic": site.settings.topics.articles.encode(),
        "__streams.errors.partition": b"0",
        "__streams.errors.offset": b"0",
        "geo.errors.stage": b"read",
        "geo.errors.code": b"not_json",
        "geo.errors.attempt": b"3",
    }
    wait_until(lambda: '"dead_letter"' in worker.log(), 20, "it is logged")
    assert worker.log().count('"dead_letter"') == 1


def test_a_tombstone_and_an_article_without_signals_are_done_without_output(site: Site) -> None:
    worker = site.worker()
    site.send(None, key=b"withdrawn")
    site.send(article(1, "NOTHING here"), article(2))
    wait_until(lambda: len(site.signals()) == 1, 80, "the good one came through")
    assert not site.letters()
    skipped = 'geosignals_articles_skipped_total{reason="tombstone"}'
    wait_until(lambda: worker.metric(skipped) == 1, 10, "the tombstone is counted")
    assert worker.metric('geosignals_articles_received_total{lane="live"}') == 3


def test_signals_are_cloudevents_that_carry_trace_and_replay_id_on(site: Site) -> None:
    site.worker()
    passed = [("traceparent", b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"), ("tracestate", b"k=v")]
    site.send(
        article(1, published_at="2025-09-03T06:57:00+05:30"), headers=[*passed, ("ce_replayid", b"job"), ("x", b"y")]
    )
    site.send(article(2), timestamp_ms=1_700_000_000_000, headers=[("ce_specversion", b"1.0")])
    site.send(article(3), timestamp_ms=1_700_000_000_000)
    wait_until(lambda: len(site.signals()) == 2, 80, "the signals are there")
    first, second = site.signals()
    headers = dict(first.headers)
    assert first.key == b"a1"
    assert headers["ce_id"].decode() == json.loads(first.value)["id"]
    assert headers["ce_time"] == b"2025-09-03T01:27:00Z"
    assert [headers[name] for name in ("ce_specversion", "ce_source", "ce_type", "ce_subject", "content-type")] == [
        b"1.0",
        b"/geosignals",
        b"geosignals.signal.arms_deal.v1",
        b"a1",
        b"application/json",
    ]
    assert [header for header in first.headers if header[0] in ("traceparent", "tracestate", "ce_replayid")] == [
        *passed,
        ("ce_replayid", b"job"),
    ]
    assert "x" not in headers
    assert dict(second.headers)["ce_time"] == b"2023-11-14T22:13:20Z"
    assert second.timestamp == 1_700_000_000_000


def test_every_series_of_the_table_is_there_at_zero_and_pages_answer(site: Site) -> None:
    worker = site.worker()
    status, page = worker.page("/metrics")
    assert status == 200
    for row in TABLE:
        suffix = {Kind.COUNTER: "_total", Kind.HISTOGRAM: "_count"}.get(row.kind, "")
        lines = [line for line in page.splitlines() if line.startswith(f"geosignals_{row.name}{suffix}")]
        if row.name not in ("consumer_lag_records", "rebalances", "rebalance_seconds"):
            assert lines and all(line.endswith(" 0.0") for line in lines), row.name
    assert sum(line.startswith("geosignals_dead_letters_total{") for line in page.splitlines()) == len(FAILURES)
    assert "_created" not in page
    assert worker.page("/healthz") == (200, "ok\n")
    assert worker.page("/nothing")[0] == 404


def test_pages_answer_while_the_worker_is_busy_and_lag_is_right(site: Site) -> None:
    worker = site.worker()
    site.send(*(article(number, "SLOW") for number in range(6)))
    lag = f'geosignals_consumer_lag_records{{partition="0",topic="{site.settings.topics.articles}"}}'
    wait_until(lambda: lag in worker.page("/metrics")[1] and worker.metric(lag) > 0, 80, "lag is seen")
    assert worker.page("/healthz")[0] == 200


def test_each_lane_has_a_group_of_its_own(site: Site) -> None:
    worker = site.worker("live", "replay")
    site.send(article(1))
    site.send(article(2), topic=site.settings.topics.replay)
    wait_until(lambda: len(site.signals()) == 2, 80, "both lanes work")
    assert worker.metric('geosignals_articles_received_total{lane="replay"}') == 1
    assert worker.end() == 0
    client = KafkaAdminClient(bootstrap_servers=site.broker.address())
    for group, topic in (("", site.settings.topics.articles), ("-replay", site.settings.topics.replay)):
        name = site.settings.kafka.group + group
        offsets = client.list_group_offsets(name)[name]
        assert {at.topic: offset.offset for at, offset in offsets.items() if at.partition == 0} == {topic: 1}
    client.close()

"""What a replay into a real Kafka promises: all of it, in order, marked, resumable, never into live news."""

import asyncio
import json
import os
import re
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from aiokafka import AIOKafkaProducer

from schemas.article import decode_article
from streams.replay.items import encoded
from tests.replay.conftest import Desk, jsonl, numbered
from tests.shell.conftest import wait_until


def ids(desk: Desk) -> list[str]:
    return [key for key, _ in desk.arrived()]


def test_every_article_arrives_once_as_it_is_and_marked_as_replayed(desk: Desk, tmp_path: Path) -> None:
    articles = numbered(50, source="Ö-Press", tags=["a", "b"])
    code, out, err = desk.replay(str(jsonl(tmp_path / "news.jsonl", articles)), "--job-id", "job-1")
    assert (code, out) == (0, ""), err
    assert "replay job-1: read 50, sent 50, skipped 0, failed 0" in err
    records = desk.site.records(desk.site.settings.topics.replay)
    assert {record.key.decode() for record in records} == {f"a{n}" for n in range(50)}
    assert len(records) == 50
    for record in records:
        assert dict(record.headers)["ce_replayid"] == b"job-1"
        read = decode_article(record.value, record.headers)
        given = next(each for each in articles if each["id"] == read.id)
        assert encoded(read) == encoded(decode_article(json.dumps(given).encode()))
    assert desk.arrived(desk.site.settings.topics.articles) == []


def test_what_cannot_be_read_is_counted_kept_raw_and_makes_exit_code_1(desk: Desk, tmp_path: Path) -> None:
    source = tmp_path / "news.jsonl"
    source.write_bytes(
        b'{"id": "a", "title": "t"}\nnot json\n{"id": "b", "title": "caf\xe9"}\n{"id": "c", "title": "t"}\n'
    )
    rejects = tmp_path / "rejects.jsonl"
    code, _, err = desk.replay(str(source), "--rejects", str(rejects))
    assert code == 1
    assert "read 4, sent 2, skipped 0, failed 2 (not_json 1, not_utf8 1)" in err
    first, second = map(json.loads, rejects.read_text().splitlines())
    assert (first["place"], first["reason"], first["raw"]) == (f"{source}:2", "not_json", "not json")
    assert second["raw_base64"]
    assert sorted(ids(desk)) == ["a", "c"]


def test_since_until_filter_and_limit_choose(desk: Desk, tmp_path: Path) -> None:
    articles = numbered(30, source="Reuters")
    articles[7]["source"] = "AP"
    articles.append({"id": "undated", "title": "t", "source": "Reuters"})
    source = str(jsonl(tmp_path / "news.jsonl", articles))
    window = ("--since", "2022-03-01T05:00Z", "--until", "2022-03-01T12:00Z", "--filter", "source=Reuters")
    code, _, err = desk.replay(source, *window)
    assert code == 0
    assert sorted(ids(desk)) == sorted(f"a{n}" for n in range(5, 12) if n != 7)
    assert "skipped 25 (until 18, since 5, filter 1, undated 1)" in err
    code, _, err = desk.replay(source, *window, "--limit", "2", "--to-topic", desk.site.settings.topics.articles)
    assert (code, len(desk.arrived(desk.site.settings.topics.articles))) == (0, 2)


def test_a_dry_run_shows_a_sample_and_sends_nothing(desk: Desk, tmp_path: Path) -> None:
    source = str(jsonl(tmp_path / "news.jsonl", numbered(10)))
    code, out, err = desk.replay(source, "--dry-run", "--brokers", "127.0.0.1:1")
    assert code == 0, err
    assert [json.loads(line)["id"] for line in out.splitlines()] == ["a0", "a1", "a2"]
    assert "(dry run): read 10, sent 10" in err


def test_a_rate_is_kept(desk: Desk, tmp_path: Path) -> None:
    source = str(jsonl(tmp_path / "news.jsonl", numbered(20)))
    began = time.monotonic()
    code, _, _ = desk.replay(source, "--rate", "10/s")
    assert code == 0
    assert time.monotonic() - began > 19 / 10
    stamps = [record.timestamp for record in desk.site.records(desk.site.settings.topics.replay)]
    assert max(stamps) - min(stamps) > 1_700


def test_killed_twice_and_resumed_nothing_is_lost_and_little_is_sent_again(desk: Desk, tmp_path: Path) -> None:
    count = 3000
    source = str(jsonl(tmp_path / "news.jsonl", numbered(count)))
    options = (source, "--rate", "1500/s", "--resume")
    for part in (1, 2):
        process = desk.start(*options)
        wait_until(lambda part=part: _sent(desk) >= part * 800, 60, "part of it has gone")  # type: ignore[misc]
        process.send_signal(signal.SIGKILL)
        process.communicate()
    done = _sent(desk)
    assert done < count
    code, _, err = desk.replay(*options)
    assert code == 0, err
    assert f"read {count}, sent {count}" in err
    arrived = ids(desk)
    assert set(arrived) == {f"a{n}" for n in range(count)}
    assert len(arrived) - count < 1500, "at most what one second had on its way"


def test_ctrl_c_ends_with_130_and_a_checkpoint_that_misses_nothing(desk: Desk, tmp_path: Path) -> None:
    source = str(jsonl(tmp_path / "news.jsonl", numbered(2000)))
    process = desk.start(source, "--rate", "500/s")
    wait_until(lambda: _sent(desk) >= 100, 60, "part of it has gone")
    process.send_signal(signal.SIGINT)
    process.communicate()
    assert process.returncode == 130
    before = len(desk.arrived())
    assert before == _sent(desk)
    code, _, _ = desk.replay(source, "--resume")
    assert (code, len(desk.arrived())) == (0, 2000)


def test_a_checkpoint_of_other_input_is_refused(desk: Desk, tmp_path: Path) -> None:
    one, two = (str(jsonl(tmp_path / name, numbered(3))) for name in ("one.jsonl", "two.jsonl"))
    assert desk.replay(one, "--job-id", "j")[0] == 0
    code, _, err = desk.replay(two, "--job-id", "j", "--resume")
    assert code == 2
    assert "belongs to a replay of other input" in err


def test_history_steps_back_for_live_news(desk: Desk, tmp_path: Path) -> None:
    workers = [desk.site.worker(lane) for lane in ("replay", "live")]
    replay = desk.start(str(jsonl(tmp_path / "news.jsonl", numbered(2000))), "--rate", "20/s")
    wait_until(lambda: _sent(desk) > 0, 60, "the replay is under way")
    own = os.getpriority(os.PRIO_PROCESS, 0)
    seen = [
        os.getpriority(os.PRIO_PROCESS, pid) for pid in (workers[0].process.pid, replay.pid, workers[1].process.pid)
    ]
    replay.kill()
    replay.communicate()
    assert seen == [min(19, own + 10), min(19, own + 10), own]


def test_max_lag_waits_for_the_worker(desk: Desk, tmp_path: Path) -> None:
    source = str(jsonl(tmp_path / "news.jsonl", numbered(300)))
    process = desk.start(source, "--max-lag", "50")
    wait_until(lambda: len(desk.arrived()) == 50, 60, "as many as may wait have gone")
    time.sleep(1.0)
    assert len(desk.arrived()) == 50
    worker = desk.site.worker("replay")
    assert process.wait(60) == 0
    assert len(desk.arrived()) == 300
    assert worker.end() == 0


def test_a_topics_own_history_is_replayed_with_bytes_and_headers_as_they_were(desk: Desk) -> None:
    topics = desk.site.settings.topics
    plain = [json.dumps(each).encode() + b" " for each in numbered(5)]
    desk.site.send(*plain)
    event = json.dumps({"specversion": "1.0", "id": "1", "source": "s", "type": "t", "data": {"title": "in"}}).encode()
    desk.site.send(event, headers=[("traceparent", b"00-1")])
    desk.site.send(b"broken")
    desk.site.send(None, key=b"withdrawn")
    code, _, err = desk.replay("--from-topic")
    assert code == 1
    assert "read 8, sent 7, skipped 0, failed 1 (not_json 1)" in err
    records = desk.site.records(topics.replay)
    assert sorted(record.value for record in records if record.value) == sorted([*plain, event])
    assert [record.key for record in records if record.value is None] == [b"withdrawn"]
    (enveloped,) = (record for record in records if record.value == event)
    assert dict(enveloped.headers)["traceparent"] == b"00-1"
    assert decode_article(enveloped.value, enveloped.headers).title == "in"


def test_a_record_that_kafka_refuses_fails_alone_and_the_others_go(desk: Desk, tmp_path: Path) -> None:
    articles = numbered(300)
    for each in articles:
        each["body"] = os.urandom(400).hex()  # what does not compress makes batches that are too large, and are split
    articles[100]["body"] = os.urandom(50_000).hex()
    desk.configure(desk.site.settings.topics.replay, max_message_bytes="20000")
    rejects = tmp_path / "rejects.jsonl"
    source = jsonl(tmp_path / "news.jsonl", articles)
    code, _, err = desk.replay(str(source), "--rejects", str(rejects))
    assert code == 1, err
    assert "read 300, sent 299, skipped 0, failed 1 (too_large 1)" in err
    assert sorted(ids(desk)) == sorted(f"a{n}" for n in range(300) if n != 100)
    failure = json.loads(rejects.read_text())
    assert (failure["place"], json.loads(failure["raw"])["id"]) == (f"{source}#101", "a100")


def test_headers_of_null_and_times_of_no_calendar_stop_no_replay(desk: Desk) -> None:
    topics = desk.site.settings.topics
    desk.configure(topics.articles, message_timestamp_after_max_ms=str(2**63 - 1))

    async def send() -> None:
        async with AIOKafkaProducer(bootstrap_servers=desk.site.broker.address()) as producer:
            for number, time_ms in enumerate((None, 10**17)):
                value = json.dumps({"id": f"a{number}", "title": "t"}).encode()
                headers = [("empty", None), ("ce_replayid", b"an earlier one")]
                await producer.send_and_wait(topics.articles, value, headers=headers, timestamp_ms=time_ms)

    asyncio.run(send())
    code, _, err = desk.replay("--from-topic", "--job-id", "j")
    assert code == 0, err
    records = desk.site.records(topics.replay)
    assert [list(record.headers) for record in records] == [[("empty", b""), ("ce_replayid", b"j")]] * 2
    code, _, err = desk.replay("--from-topic", "--until", "2100-01-01", "--dry-run")
    assert "sent 1, skipped 1 (undated 1)" in err


def test_a_topic_is_replayed_by_offset_and_by_time_and_never_into_itself(desk: Desk) -> None:
    topics = desk.site.settings.topics
    for number, each in enumerate(numbered(10)):
        desk.site.send(json.dumps(each).encode(), timestamp_ms=1_700_000_000_000 + number * 1000)
    assert desk.replay("--from-topic", "--from-offset", "2", "--to-offset", "5")[0] == 0
    window = ("--since", "1700000007", "--until", "1700000009")
    assert desk.replay("--from-topic", topics.articles, *window)[0] == 0
    arrived = {json.loads(value or b"")["id"] for _, value in desk.arrived_values()}
    assert arrived == {"a2", "a3", "a4", "a7", "a8"}
    code, _, err = desk.replay("--from-topic", topics.replay)
    assert code == 2
    assert "not replayed into itself" in err


def test_options_that_mean_nothing_are_refused_in_one_line(desk: Desk) -> None:
    wrong: tuple[tuple[str, ...], ...] = (
        ("x", "--since", "yesterday"),
        ("x", "--rate", "fast"),
        ("x", "--filter", "colour=red"),
        ("x", "--map", "a"),
        ("x", "--output", "no/such/folder/signals.jsonl"),
        (__file__, "--output", __file__),
        (__file__, "--rejects", __file__),
        (),
    )
    with ThreadPoolExecutor(4) as pool:
        ends = list(pool.map(lambda options: desk.replay(*options), wrong))
    for options, (code, out, err) in zip(wrong, ends, strict=True):
        assert (code, out) == (2, ""), (options, err)
        assert len(re.findall("^geosignals: ", err, re.MULTILINE)) == 1, err


def _sent(desk: Desk) -> int:
    try:
        tally = desk.checkpoint()["tally"]
    except (ValueError, FileNotFoundError):
        return 0
    return int(tally["sent"])  # type: ignore[index]

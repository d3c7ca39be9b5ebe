"""What `dlq requeue` promises: back as it was, once, counted, never past the limit, and nothing when only asked."""

import pytest
from kafka import KafkaAdminClient, KafkaProducer
from kafka.admin import ConfigResource

from streams.app.records import ATTEMPT_HEADER, ERROR_PREFIXES
from tests.dlq.conftest import Office
from tests.shell.conftest import wait_until

pytestmark = pytest.mark.broker


def test_a_letter_goes_back_as_it_was_until_the_limit_and_no_letter_goes_twice(office: Office) -> None:
    office.site.worker()
    office.site.send(b"{", key=b"k\xff", headers=[("x-mine", b"\xff\x00"), ("ce_replayid", b"job")])
    for attempt in (1, 2, 3):
        wait_until(lambda: len(office.site.letters()) == attempt, 30, "the worker has written a letter")  # noqa: B023
        newest = max(office.site.letters(), key=lambda letter: int(dict(letter.headers)[ATTEMPT_HEADER]))
        assert dict(newest.headers)[ATTEMPT_HEADER] == str(attempt).encode()
        done = office.dlq("requeue")
        if attempt < 3:
            assert (done.returncode, done.stdout.count("\n")) == (0, 1), done.stderr
            assert done.stdout.startswith("requeued\tnot_json\t")
            assert "requeued 1, refused 0, failed 0" in done.stderr
    assert (done.returncode, done.stdout.count("\n")) == (1, 1)
    assert done.stdout.startswith("refused\tnot_json\t") and "tried 3 times, the limit is 3" in done.stdout
    assert len(office.site.letters()) == 3
    records = sorted(office.site.records(office.site.settings.topics.articles), key=lambda record: record.offset)
    assert [(record.key, record.value, record.partition) for record in records] == [(b"k\xff", b"{", 0)] * 3
    for tries, record in enumerate(records[1:], 1):
        assert record.headers[:2] == [("x-mine", b"\xff\x00"), ("ce_replayid", b"job")]
        assert record.headers[2:] == [(ATTEMPT_HEADER, str(tries).encode())]
    assert office.dlq("requeue", "--max-attempts", "4").returncode == 0


def test_a_dry_run_shows_what_would_go_and_writes_nothing(office: Office) -> None:
    office.letter(b"one")
    office.letter(b"two", headers=((ATTEMPT_HEADER, b"2"),))
    done = office.dlq("requeue", "--dry-run")
    assert done.returncode == 1
    assert sorted(line.split("\t")[0] for line in done.stdout.splitlines()) == ["refused", "would be requeued"]
    assert (office.returned(), office.remembered()) == ([], {})


def test_only_the_chosen_letters_go_and_the_others_can_go_later(office: Office) -> None:
    for number in range(6):
        office.letter(b"%d" % number, code="no_text" if number % 2 else "not_json")
    assert office.dlq("requeue", "--reason", "no_text").returncode == 0
    assert office.returned() == [b"1", b"3", b"5"]
    marks = {line.split("\t")[6]: line.split("\t")[5] for line in office.dlq("list").stdout.splitlines()}
    assert {value for value, mark in marks.items() if mark == "requeued"} == {"1", "3", "5"}
    assert office.dlq("requeue").returncode == 0
    assert sorted(office.returned()) == [b"0", b"1", b"2", b"3", b"4", b"5"]
    assert office.dlq("requeue").stdout == ""
    assert office.remembered()[0] == (6, "")


def test_letters_that_name_no_topic_of_ours_stay(office: Office) -> None:
    office.letter(b"loop", topic=office.site.settings.topics.dlq)
    office.letter(b"elsewhere", topic="payments")
    office.site.send(b"foreign", topic=office.site.settings.topics.dlq)
    office.letter(b"replayed", topic=office.site.settings.topics.replay)
    done = office.dlq("requeue")
    assert done.returncode == 1
    assert "requeued 1, refused 3, failed 0" in done.stderr
    assert [record.value for record in office.site.records(office.site.settings.topics.replay)] == [b"replayed"]
    assert len(office.site.records(office.site.settings.topics.dlq)) == 4


def test_a_letter_that_kafka_does_not_take_is_said_and_can_go_later_and_the_others_go(office: Office) -> None:
    office.letter(b"x" * 5_000)
    office.letter(b"small")
    _limit(office, "1000")
    done = office.dlq("requeue")
    assert done.returncode == 1
    assert "requeued 1, refused 0, failed 1" in done.stderr
    assert "failed" in done.stdout and "MessageSizeTooLarge" in done.stdout
    assert office.returned() == [b"small"]
    _limit(office, "1000000")
    assert office.dlq("requeue").returncode == 0
    assert office.returned() == [b"small", b"x" * 5_000]


def test_letters_of_transactions_are_read_when_committed_and_remembered_without_gaps(office: Office) -> None:
    producer = KafkaProducer(
        bootstrap_servers=office.site.broker.address(), transactional_id=f"{office.site.settings.kafka.group}-letters"
    )
    producer.init_transactions()
    for value, is_kept in ((b"one", True), (b"never", False), (b"two", True)):
        producer.begin_transaction()
        producer.send(
            office.site.settings.topics.dlq,
            value,
            partition=0,
            headers=[("__streams.errors.topic", office.site.settings.topics.articles.encode())],
        )
        producer.flush()
        (producer.commit_transaction if is_kept else producer.abort_transaction)()
    producer.close()
    done = office.dlq("requeue")
    assert (done.returncode, sorted(office.returned())) == (0, [b"one", b"two"]), done.stderr
    assert office.remembered()[0] == (5, "")
    assert all(not name.startswith(ERROR_PREFIXES[0]) for name, _ in _headers(office))


def test_without_a_dead_letter_topic_one_line_says_so(office: Office) -> None:
    office.site.env["GEOSIGNALS_TOPICS__DLQ"] = "not.there"
    for options in ("list", "requeue"):
        done = office.dlq(options)
        assert (done.returncode, done.stdout) == (1, "")
        assert "there is no topic not.there" in done.stderr


def _limit(office: Office, size: str) -> None:
    client = KafkaAdminClient(bootstrap_servers=office.site.broker.address())
    resource = ConfigResource("TOPIC", office.site.settings.topics.articles, {"max.message.bytes": size})
    client.alter_configs([resource])
    client.close()


def _headers(office: Office) -> list[tuple[str, bytes]]:
    records = office.site.records(office.site.settings.topics.articles)
    return [header for record in records for header in record.headers]

"""A topic's own history as items, by kafka-python and outside any consumer group: nobody's offsets move."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from kafka import KafkaConsumer, TopicPartition

from schemas.article import InvalidArticle, decode_article
from streams.formats import Rejected, Skip, Skipped
from streams.formats.record import rejected
from streams.kafka import ARTICLE_BYTES, KafkaUnavailable, clear_errors, client_options
from streams.replay.items import Item, Outbound, Position, TopicMark
from streams.settings import KafkaSettings

_POLL_MS = 500
_STALLED_POLLS = 240


@dataclass(frozen=True, slots=True)
class Range:
    """Which part of each partition: offsets from `first` (inclusive) to `last` (exclusive), or from a time on."""

    first: int | None = None
    last: int | None = None
    since: datetime | None = None


def topic_ends(kafka: KafkaSettings, topics: tuple[str, ...]) -> dict[str, int]:
    """Where each partition ("topic/0") ends now. Raises KafkaUnavailable, also for a topic that does not exist."""
    with clear_errors(kafka):
        consumer = KafkaConsumer(**client_options(kafka), group_id=None, enable_auto_commit=False)
        try:
            partitions = [each for topic in topics for each in _partitions(consumer, kafka, topic)]
            return {_name(each): end for each, end in consumer.end_offsets(partitions).items()}
        finally:
            consumer.close()


def size(kafka: KafkaSettings, ends: Position, part: Range) -> int:
    """How many records the range spans, at most: what progress is measured against."""
    with clear_errors(kafka):
        consumer = KafkaConsumer(**client_options(kafka), group_id=None, enable_auto_commit=False)
        try:
            begins = consumer.beginning_offsets([_partition(name) for name in ends])
        finally:
            consumer.close()
    spans = (
        min(int(ends[_name(each)]), part.last or int(ends[_name(each)])) - max(begin, part.first or 0)
        for each, begin in begins.items()
    )
    return sum(max(0, span) for span in spans)


def topic_items(kafka: KafkaSettings, ends: Position, done: Position, part: Range) -> Iterator[Item]:
    """Every record up to `ends`, after what is done; value and headers as they were, the time the record's own."""
    with clear_errors(kafka):
        consumer = KafkaConsumer(
            **client_options(kafka),
            group_id=None,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            max_partition_fetch_bytes=2 * ARTICLE_BYTES,
            isolation_level="read_committed",
        )
        try:
            last = {_partition(name): end if part.last is None else min(end, part.last) for name, end in ends.items()}
            consumer.assign(list(last))
            _seek(consumer, list(last), done, part)
            for record in (record for batch in polled(consumer, last) for record in batch):
                mark = TopicMark(f"{record.topic}/{record.partition}", record.offset + 1)
                yield Item(mark, _outbound(record))
        finally:
            consumer.close()


def polled(consumer: Any, last: Mapping[TopicPartition, int]) -> Iterator[list[Any]]:
    """The records that each poll gives, from where the consumer stands up to `last`; each partition's in order.

    Raises KafkaUnavailable when nothing comes for two minutes.
    """
    idle = 0
    while any(consumer.position(each) < end for each, end in last.items()):
        batches = consumer.poll(timeout_ms=_POLL_MS)
        idle = 0 if batches else idle + 1
        if idle > _STALLED_POLLS:
            raise KafkaUnavailable(f"no records for {_POLL_MS * _STALLED_POLLS // 1000} s, and the end is not reached")
        yield [record for at, records in batches.items() for record in records if record.offset < last[at]]


def _seek(consumer: Any, partitions: list[TopicPartition], done: Position, part: Range) -> None:
    begins = consumer.beginning_offsets(partitions)
    found = consumer.offsets_for_times(dict.fromkeys(partitions, _milliseconds(part.since))) if part.since else {}
    for each in partitions:
        start = max(begins[each], part.first or 0)
        if part.since is not None:
            at = found.get(each)
            start = max(start, at.offset) if at is not None else consumer.end_offsets([each])[each]
        consumer.seek(each, max(start, int(done.get(_name(each), 0))))


def _outbound(record: Any) -> Outbound | Rejected | Skipped:
    headers = tuple((name, value) for name, value in record.headers or ())
    when = _moment(record.timestamp)
    if record.value is None and record.key is None:  # withdraws nothing, and no producer sends it
        return Skipped(f"{record.topic}/{record.partition}@{record.offset}", Skip.TOMBSTONE)
    if record.value is None:
        return Outbound(record.key, None, headers, None, when)
    try:
        article = decode_article(record.value, [(name, value) for name, value in headers if value is not None])
    except InvalidArticle as error:
        return rejected(f"{record.topic}/{record.partition}@{record.offset}", error, record.value)
    return Outbound(record.key, record.value, headers, article, when)


def _partitions(consumer: Any, kafka: KafkaSettings, topic: str) -> list[TopicPartition]:
    numbers = consumer.partitions_for_topic(topic) if topic in consumer.topics() else None
    if not numbers:
        raise KafkaUnavailable(f"Kafka at {kafka.bootstrap_servers}: there is no topic {topic}")
    return [TopicPartition(topic, number) for number in sorted(numbers)]


def _name(partition: TopicPartition) -> str:
    return f"{partition.topic}/{partition.partition}"


def _partition(name: str) -> TopicPartition:
    topic, _, number = name.rpartition("/")
    return TopicPartition(topic, int(number))


def _moment(milliseconds: int) -> datetime | None:
    """The record's time; None for none (-1) and for one that no calendar has: producers may write any number."""
    try:
        return datetime.fromtimestamp(milliseconds / 1000, UTC) if milliseconds >= 0 else None
    except (ValueError, OverflowError, OSError):
        return None


def _milliseconds(when: datetime) -> int:
    return int(when.timestamp() * 1000)

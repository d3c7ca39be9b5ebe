"""The dead-letter topic as it stood when it was opened, and the memory of what of it has gone back, by kafka-python."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from kafka import KafkaConsumer, TopicPartition
from kafka.structs import OffsetAndMetadata

from streams.dlq.ledger import Ranges, holds, merged, read, written
from streams.dlq.letter import Letter, milliseconds
from streams.kafka import CONNECT_SECONDS, DEAD_LETTER_BYTES, KafkaUnavailable, clear_errors, client_options
from streams.replay.topic import polled
from streams.settings import Settings

_LETTERS_AT_ONCE = 100


class Box:
    """Letters up to the ends seen at opening: what arrives later is not read, so that nothing is read in a circle.

    What has gone back is kept as the offsets of a consumer group that reads nothing else. Kafka forgets them when no
    requeue came by for its `offsets.retention.minutes` (a week unless set); a letter may then go back once more, and
    its number of attempts still bounds it.
    """

    def __init__(self, consumer: Any, topic: str, since: datetime | None) -> None:
        self._consumer = consumer
        self._topic = topic
        partitions = [TopicPartition(topic, number) for number in sorted(consumer.partitions_for_topic(topic))]
        consumer.assign(partitions)
        self._begins: dict[TopicPartition, int] = consumer.beginning_offsets(partitions)
        self._ends: dict[TopicPartition, int] = consumer.end_offsets(partitions)
        self._settled = {each: self._remembered(each) for each in partitions}
        self._next = self._starts(since)
        for each, offset in self._next.items():
            consumer.seek(each, offset)

    def letters(self) -> Iterator[list[Letter]]:
        """All of them in batches that fit into memory, each partition's in order."""
        for records in polled(self._consumer, self._ends):
            yield [self._letter(record) for record in records]

    def has_gone_back(self, letter: Letter) -> bool:
        """Whether the letter was sent back before."""
        return holds(self._settled[self._at(letter)], letter.offset)

    def settle(self, letters: Sequence[Letter]) -> None:
        """Remembers that these have gone back. Raises TooScattered."""
        self._settled = self._with(letters)
        # also when nothing is new: it keeps Kafka from forgetting
        self._consumer.commit(self._commits(self._settled), timeout_ms=CONNECT_SECONDS * 1000)

    def require_room(self, letters: Sequence[Letter]) -> None:
        """Raises TooScattered when it could not be remembered that these have gone back."""
        self._commits(self._with(letters))

    def _with(self, letters: Sequence[Letter]) -> dict[TopicPartition, Ranges]:
        more: dict[TopicPartition, list[tuple[int, int]]] = {each: [] for each in self._settled}
        for letter in letters:
            more[self._at(letter)].append((letter.begin, letter.offset + 1))
        return {each: merged([*ranges, *more[each]]) for each, ranges in self._settled.items()}

    def _commits(self, settled: dict[TopicPartition, Ranges]) -> dict[TopicPartition, OffsetAndMetadata]:
        states = {each: written(ranges, self._begins[each]) for each, ranges in settled.items()}
        return {each: OffsetAndMetadata(position, text, -1) for each, (position, text) in states.items()}

    def _remembered(self, partition: TopicPartition) -> Ranges:
        state = self._consumer.committed(partition, metadata=True, timeout_ms=CONNECT_SECONDS * 1000)
        if state is None or not 0 <= state.offset <= self._ends[partition]:  # beyond the end: the topic is a new one
            return ()
        return read(state.offset, state.metadata or "")

    def _starts(self, since: datetime | None) -> dict[TopicPartition, int]:
        if since is None:
            return dict(self._begins)
        found = self._consumer.offsets_for_times(dict.fromkeys(self._begins, milliseconds(since)))
        return {each: found[each].offset if found.get(each) else self._ends[each] for each in self._begins}

    def _at(self, letter: Letter) -> TopicPartition:
        return TopicPartition(self._topic, letter.partition)

    def _letter(self, record: Any) -> Letter:
        at = TopicPartition(record.topic, record.partition)
        begin, self._next[at] = self._next[at], record.offset + 1
        return Letter(
            partition=record.partition,
            begin=begin,
            offset=record.offset,
            timestamp_ms=record.timestamp if record.timestamp >= 0 else None,
            key=record.key,
            value=record.value,
            headers=tuple(record.headers or ()),
        )


@contextmanager
def opened(settings: Settings, since: datetime | None = None) -> Iterator[Box]:
    """The box, closed at the end; `since` leaves out what lies before the first letter of that time.

    Raises KafkaUnavailable, also when there is no dead-letter topic.
    """
    topic = settings.topics.dlq
    with clear_errors(settings.kafka):
        consumer = KafkaConsumer(
            **client_options(settings.kafka),
            group_id=f"{settings.kafka.group}-dlq",
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            max_partition_fetch_bytes=2 * DEAD_LETTER_BYTES,
            max_poll_records=_LETTERS_AT_ONCE,
            isolation_level="read_committed",
        )
        try:
            if topic not in consumer.topics():
                raise KafkaUnavailable(f"Kafka at {settings.kafka.bootstrap_servers}: there is no topic {topic}")
            yield Box(consumer, topic, since)
        finally:
            consumer.close()

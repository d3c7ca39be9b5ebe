"""A replay into Kafka, by kafka-python: in order, paced, never further ahead of the worker than allowed."""

import math
from collections import deque
from dataclasses import dataclass
from typing import Any

from kafka import KafkaAdminClient, KafkaProducer
from kafka.errors import KafkaError, MessageSizeTooLargeError
from kafka.future import Future

from schemas.article import Reason
from streams.app.records import REPLAY_HEADER
from streams.formats import Rejected
from streams.kafka import ARTICLE_BYTES, clear_errors, client_options, lag
from streams.replay.items import Item, Outbound
from streams.replay.job import Books, Job
from streams.replay.pace import Pace
from streams.replay.tally import Tally
from streams.settings import KafkaSettings

_IN_FLIGHT = 5_000
_CONFIRMED_SECONDS = 0.01
_SLICE = 0.1
_LAG_SECONDS = 0.2
_CLOSE_SECONDS = 30.0


@dataclass(slots=True)
class LagGate:
    """Holds articles back while the group has more than `limit` records of the topic before it."""

    client: KafkaAdminClient
    group: str
    partitions: list[tuple[str, int]]
    limit: int
    lag: int = 0
    _allowed: int = 0

    def is_open(self, unconfirmed: int) -> bool:
        """Whether one more may go; asks Kafka only when what it allowed before is used up.

        What is on its way and not in the topic yet counts as lag.
        """
        if self._allowed <= 0:
            self.lag = sum(lag(self.client, self.group, self.partitions).values())
            self._allowed = self.limit - self.lag - unconfirmed
        return self._allowed > 0

    def sent(self) -> None:
        """One more has gone."""
        self._allowed -= 1


def to_topic(job: Job, kafka: KafkaSettings, topic: str, pace: Pace, gate: LagGate | None) -> Tally:
    """Sends what is wanted; a record counts, and the checkpoint moves, when the broker has confirmed it and all before.

    On Ctrl-C what is on its way is waited for, so that nothing of it is sent again. Raises KafkaUnavailable.
    """
    with clear_errors(kafka):
        producer = KafkaProducer(
            **client_options(kafka),
            acks="all",
            linger_ms=20,
            batch_size=256 * 1024,
            compression_type="zstd",
            max_request_size=ARTICLE_BYTES,
            # in kafka-python's idempotent producer one record that the topic refuses fails all that follow;
            enable_idempotence=False,
            # without it only one request at a time keeps corrections behind what they correct when one is sent again
            max_in_flight_requests_per_connection=1,
        )
        sending = _Sending(job, producer, topic, pace, gate)
        try:
            sending.all()
        finally:
            try:
                sending.drain(_CLOSE_SECONDS)
            finally:
                sending.books.keep(now=True)
                producer.close(timeout=_CLOSE_SECONDS)
    return sending.books.tally


class _Sending:
    """The loop: what was sent and is not confirmed yet lies in a queue, in the order of the input."""

    def __init__(self, job: Job, producer: Any, topic: str, pace: Pace, gate: LagGate | None) -> None:
        self.books = Books(job)
        self._job = job
        self._producer = producer
        self._topic = topic
        self._pace = pace
        self._gate = gate
        self._mark = (REPLAY_HEADER, job.id.encode())
        self._queue: deque[tuple[Item, str | None, Any]] = deque()

    def all(self) -> None:
        """Sends everything and waits for the last confirmation."""
        for item, reason in self._job.decided():
            if reason is None and isinstance(item.what, Outbound):
                self._wait_for_turn(item.what)
                self._queue.append((item, None, self._send(item.what)))
            else:
                self._queue.append((item, reason, None))
            self.settle()
            while len(self._queue) >= _IN_FLIGHT:
                self._job.clock.sleep(_CONFIRMED_SECONDS)
                self.settle()
        self.drain(math.inf)

    def drain(self, seconds: float) -> None:
        """Returns when all that is on its way is settled, or after so many seconds. Raises KafkaError.

        By the records' own futures: kafka-python's `flush` fails when a batch was split for its size meanwhile. Each of
        them ends, for the producer gives up what the broker does not answer in time.
        """
        clock = self._job.clock
        deadline = clock.monotonic() + seconds
        self.settle()
        while self._queue and clock.monotonic() < deadline:
            clock.sleep(_CONFIRMED_SECONDS)
            self.settle()

    def settle(self) -> None:
        """Enters what is confirmed, up to the first that is not. Raises KafkaError when the broker refused for good."""
        while self._queue:
            item, reason, future = self._queue[0]
            failure = None
            if future is not None:
                if not future.is_done:
                    break
                if future.failed():
                    failure = _too_large(item, future.exception)
            self._queue.popleft()
            self.books.enter(item, reason, failure)
        self.books.keep()

    def _wait_for_turn(self, record: Outbound) -> None:
        when = record.article.published_at if record.article is not None else None
        while (rest := self._pace.wait(when)) > 0:
            self.settle()
            self._job.clock.sleep(min(rest, _SLICE))
        while self._gate is not None and not self._gate.is_open(len(self._queue)):
            self.settle()
            self._job.clock.sleep(_LAG_SECONDS)

    def _send(self, record: Outbound) -> Any:
        # kafka-python sends no null: the header stays, with an empty value
        kept = [(name, value or b"") for name, value in record.headers if name != REPLAY_HEADER]
        # no timestamp of its own: by the original one the topic's retention would delete the record unread
        headers = [*kept, self._mark]
        try:
            future = self._producer.send(self._topic, key=record.key, value=record.value, headers=headers)
        except MessageSizeTooLargeError as error:  # what the client itself refuses fails like what the broker refuses
            return Future().failure(error)
        self._pace.sent()
        if self._gate is not None:
            self._gate.sent()
        return future


def _too_large(item: Item, error: BaseException) -> Rejected:
    """A record that the broker's limits do not take is a failure of that record; all else ends the replay."""
    if not isinstance(error, MessageSizeTooLargeError):
        raise error if isinstance(error, KafkaError) else KafkaError(str(error))
    raw = item.what.value or b"" if isinstance(item.what, Outbound) else b""
    return Rejected(item.mark.place, Reason.TOO_LARGE, f"{_said(item)}: Kafka does not take {len(raw)} bytes", raw)


def _said(item: Item) -> str:
    article = item.what.article if isinstance(item.what, Outbound) else None
    return "a tombstone" if article is None else f"article {article.id}"

"""Letters back to the topics they came from: each once, each attempt counted, none past the limit."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from kafka import KafkaProducer
from kafka.errors import KafkaError, MessageSizeTooLargeError
from kafka.future import Future

from streams.dlq.box import Box, opened
from streams.dlq.letter import Choice, Letter, returning_headers
from streams.dlq.listing import Row, row
from streams.kafka import CONNECT_SECONDS, DEAD_LETTER_BYTES, clear_errors, client_options
from streams.settings import Settings

_CLOSE_SECONDS = 30.0


class Outcome(StrEnum):
    """What became of a chosen letter."""

    REQUEUED = "requeued"
    WOULD_GO = "would be requeued"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Settled:
    """A letter, what became of it, and why it could not go (empty when it did)."""

    row: Row
    outcome: Outcome
    why: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """Which letters, how often an article is tried in all, and whether anything is written."""

    choice: Choice
    max_attempts: int
    dry_run: bool


def requeue(settings: Settings, plan: Plan) -> Iterator[Settled]:
    """Sends the chosen letters back, and gives each once the broker has answered and it is remembered as gone back.

    Letters that went back before are passed over: if one failed again, the worker has written another letter. Raises
    KafkaUnavailable, after giving what the broker did confirm, and TooScattered.
    """
    ours = (settings.topics.articles, settings.topics.replay)
    with opened(settings, plan.choice.since) as box, _producer(settings) as producer:
        for letters in box.letters():
            chosen = [each for each in letters if plan.choice.takes(each) and not box.has_gone_back(each)]
            judged = [(each, _refusal(each, plan, ours)) for each in chosen]
            yield from (Settled(row(each, False), Outcome.REFUSED, why) for each, why in judged if why)
            going = [each for each, why in judged if not why]
            if plan.dry_run:
                yield from (Settled(row(each, False), Outcome.WOULD_GO) for each in going)
            else:
                yield from _sent_back(box, producer, going)
        if not plan.dry_run:
            box.settle(())


def _refusal(letter: Letter, plan: Plan, ours: Sequence[str]) -> str:
    if letter.topic not in ours:
        return "it came from no articles topic of ours"
    if letter.key is None and letter.value is None:
        return "it has neither key nor value"
    if letter.attempt >= plan.max_attempts:
        return f"tried {letter.attempt} times, the limit is {plan.max_attempts}"
    return ""


def _sent_back(box: Box, producer: Any, letters: Sequence[Letter]) -> Iterator[Settled]:
    box.require_room(letters)
    futures: list[tuple[Letter, Any]] = []
    try:
        for letter in letters:
            futures.append((letter, _send(producer, letter)))
        _await(futures)
    finally:  # on Ctrl-C too: what the broker took is remembered, so that it does not go twice
        _await(futures, _CLOSE_SECONDS)
        box.settle([letter for letter, future in futures if future.is_done and not future.failed()])
    for letter, future in futures:
        if not future.failed():
            yield Settled(row(letter, True), Outcome.REQUEUED)
        else:
            yield Settled(row(letter, False), Outcome.FAILED, type(future.exception).__name__.removesuffix("Error"))
    for _, future in futures:  # a record that the topic does not take concerns that record; all else ends the command
        if future.failed() and not isinstance(future.exception, MessageSizeTooLargeError):
            raise future.exception if isinstance(future.exception, KafkaError) else KafkaError(str(future.exception))


def _await(futures: Sequence[tuple[Letter, Any]], seconds: float | None = None) -> None:
    """Returns when every answer is there; with a time, after it at the latest. Errors stay in the futures."""
    deadline = None if seconds is None else time.monotonic() + seconds
    for _, future in futures:
        if not future.is_done:
            with suppress(KafkaError):
                future.get(None if deadline is None else max(0.0, deadline - time.monotonic()))


def _send(producer: Any, letter: Letter) -> Any:
    number, _ = letter.origin
    try:
        # no timestamp of its own: by the original one the topic's retention could delete the record unread
        return producer.send(
            letter.topic,
            key=letter.key,
            value=letter.value,
            headers=returning_headers(letter),
            # where its key was before, whatever partitioner chose that
            partition=number if number in producer.partitions_for(letter.topic) else None,
        )
    except MessageSizeTooLargeError as error:  # what the client itself refuses fails like what the broker refuses
        return Future().failure(error)


@contextmanager
def _producer(settings: Settings) -> Iterator[Any]:
    with clear_errors(settings.kafka):
        producer = KafkaProducer(
            **client_options(settings.kafka),
            acks="all",
            batch_size=0,  # each letter by itself: one that is too large takes none with it,
            enable_idempotence=False,  # nor fails all that follow, as it does in an idempotent producer of kafka-python
            max_request_size=2 * DEAD_LETTER_BYTES,
            max_block_ms=CONNECT_SECONDS * 1000,
            allow_auto_create_topics=False,
        )
        try:
            yield producer
        finally:
            producer.close(timeout=_CLOSE_SECONDS)

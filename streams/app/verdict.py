"""What becomes of one record: signals, a dead letter or nothing. The only place that catches what nobody foresaw."""

import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from schemas.article import MAX_MESSAGE_BYTES, Article, InvalidArticle, Reason
from schemas.signal import Signal
from streams.app.records import Fault, Incoming, Outgoing, dead_letter, signal_record
from streams.metrics import Failure
from streams.pipeline import Skipped, Unreadable
from streams.settings import TopicSettings

Read = Callable[[bytes | None, Sequence[tuple[str, bytes]]], Article | Unreadable | Skipped]
Classify = Callable[[Article], tuple[Signal, ...]]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outputs of one record, all to be confirmed before it counts as done, and what to count then.

    `kinds` has one entry per signal; `fault` goes with a dead letter, `skipped` with no output at all.
    """

    records: tuple[Outgoing, ...] = ()
    kinds: tuple[str, ...] = ()
    fault: Fault | None = None
    skipped: str | None = None
    article_id: str | None = None
    published_at: datetime | None = None


def judge(incoming: Incoming, read: Read, classify: Classify, topics: TopicSettings) -> Verdict:
    """The verdict on a record. Total: whatever the two functions raise becomes a dead letter."""
    article_id: str | None = None
    stage = "read"
    try:
        article = read(incoming.value, incoming.readable_headers)
        if isinstance(article, Skipped):
            return Verdict(skipped=article.reason)
        if isinstance(article, Unreadable):
            origin = f"{InvalidArticle.__module__}.{InvalidArticle.__qualname__}"
            return _dead(incoming, Fault(stage, article.reason, origin, article.detail), topics)
        article_id, stage = article.id, "classify"
        signals = classify(article)
        stage = "encode"
        records = tuple(signal_record(signal, incoming, topics.of_kind(signal.kind)) for signal in signals)
        if too_large := next((len(r.value) for r in records if r.value and len(r.value) > MAX_MESSAGE_BYTES), None):
            message = f"a signal of {too_large} bytes, the limit is {MAX_MESSAGE_BYTES}"
            return _dead(incoming, Fault(stage, Reason.TOO_LARGE, "ValueError", message), topics, article_id)
        kinds = tuple(signal.kind for signal in signals)
        return Verdict(records, kinds, article_id=article_id, published_at=article.published_at)
    except Exception as error:  # noqa: BLE001  the one guarded place: what nobody foresaw costs one article, not the stream
        fault = Fault(
            stage=stage,
            code=Failure.UNEXPECTED,
            exception=f"{type(error).__module__}.{type(error).__qualname__}",
            message=str(error),
            stacktrace="".join(traceback.format_tb(error.__traceback__)),
        )
        return _dead(incoming, fault, topics, article_id)


def _dead(incoming: Incoming, fault: Fault, topics: TopicSettings, article_id: str | None = None) -> Verdict:
    return Verdict((dead_letter(incoming, fault, topics.dlq),), fault=fault, article_id=article_id)

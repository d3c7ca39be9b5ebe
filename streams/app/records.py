"""Records in and out, and what they carry: CloudEvents headers on signals, the reason on dead letters. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from schemas.signal import Signal, encode_signal
from streams.logs import harmless

Headers = tuple[tuple[str, bytes | None], ...]

CE_SOURCE = "/geosignals"
REPLAY_HEADER = "ce_replayid"
PASSED_ON = ("traceparent", "tracestate", REPLAY_HEADER)
"""Headers of the article's record that its signals carry on."""

ERROR_PREFIXES = ("__streams.errors.", "geo.errors.")
ATTEMPT_HEADER = "geo.errors.attempt"
_MAX_HEADER = 8_000  # bytes of one error header: the letter must fit where the article's record did


@dataclass(frozen=True, slots=True)
class Incoming:
    """One record of an articles topic. `timestamp_ms` None: the record has none."""

    topic: str
    partition: int
    offset: int
    timestamp_ms: int | None
    key: bytes | None
    value: bytes | None
    headers: Headers = ()

    @classmethod
    def of(cls, message: Any) -> "Incoming":
        """From Faust's message, whose timestamp is in seconds."""
        stamp = round(message.timestamp * 1000) if message.timestamp is not None else -1
        return cls(
            topic=message.topic,
            partition=message.partition,
            offset=message.offset,
            timestamp_ms=stamp if stamp >= 0 else None,
            key=message.key,
            value=message.value,
            headers=tuple(message.headers or ()),
        )

    @property
    def readable_headers(self) -> Sequence[tuple[str, bytes]]:
        """Without the null values that Kafka allows and nobody can read."""
        return [(name, value) for name, value in self.headers if value is not None]


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One record for a topic of ours."""

    topic: str
    key: bytes | None
    value: bytes | None
    headers: Headers
    timestamp_ms: int | None


def signal_record(signal: Signal, incoming: Incoming, topic: str) -> Outgoing:
    """The signal as CloudEvents 1.0 in Kafka's binary mode; the key is the article's id, so that its signals keep together."""
    time = signal.article.published_at or _time_of(incoming)
    headers = [
        ("ce_specversion", "1.0"),
        ("ce_id", str(signal.id)),
        ("ce_source", CE_SOURCE),
        ("ce_type", f"geosignals.signal.{signal.kind}.v1"),
        ("ce_subject", signal.article.id),
        ("content-type", "application/json"),
    ]
    if time is not None:
        headers.append(("ce_time", time.astimezone(UTC).isoformat().replace("+00:00", "Z")))
    own: Headers = tuple((name, text.encode("utf-8", "replace")) for name, text in headers)
    passed = tuple((name, value) for name, value in incoming.headers if name in PASSED_ON)
    return Outgoing(topic, signal.article.id.encode(), encode_signal(signal), own + passed, incoming.timestamp_ms)


def _time_of(incoming: Incoming) -> datetime | None:
    """The record's timestamp; None without one, or when it lies beyond the year 9999, as any producer may say."""
    try:
        return datetime.fromtimestamp(incoming.timestamp_ms / 1000, UTC) if incoming.timestamp_ms is not None else None
    except (ValueError, OverflowError, OSError):
        return None


@dataclass(frozen=True, slots=True)
class Fault:
    """Why an article gives a dead letter; `code` labels metrics, so it is from a closed set."""

    stage: str
    code: str
    exception: str
    message: str
    stacktrace: str = ""


def attempts(headers: Headers) -> int:
    """How often the record was tried before, by the first header that counts it; 0 when none does."""
    said = next((value for name, value in headers if name == ATTEMPT_HEADER), None)
    return int(said) if said is not None and said.isdigit() and len(said) < 10 else 0


def dead_letter(incoming: Incoming, fault: Fault, topic: str) -> Outgoing:
    """The record as it came (key, value, headers, timestamp) plus Kafka Streams' six error headers (KIP-1034) and ours.

    A letter that comes back after a requeue carries its number of attempts on.
    """
    errors = {
        "__streams.errors.exception": fault.exception,
        "__streams.errors.stacktrace": fault.stacktrace,
        "__streams.errors.message": harmless(fault.message),
        "__streams.errors.topic": incoming.topic,
        "__streams.errors.partition": str(incoming.partition),
        "__streams.errors.offset": str(incoming.offset),
        "geo.errors.stage": fault.stage,
        "geo.errors.code": fault.code,
        ATTEMPT_HEADER: str(attempts(incoming.headers) + 1),
    }
    original = tuple((name, value) for name, value in incoming.headers if not name.startswith(ERROR_PREFIXES))
    added: Headers = tuple((name, text.encode("utf-8", "replace")[:_MAX_HEADER]) for name, text in errors.items())
    return Outgoing(topic, incoming.key, incoming.value, original + added, incoming.timestamp_ms)

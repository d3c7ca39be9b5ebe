"""The record headers of each topic, as schemas. All header values are UTF-8 text."""

from typing import Any

from schemas.signal import PAYLOADS
from streams.app.records import ATTEMPT_HEADER, CE_SOURCE, REPLAY_HEADER
from streams.metrics import FAILURES

_TEXT = {"type": "string"}
_TRACE = {
    "traceparent": {**_TEXT, "description": "W3C trace context, carried from the article to its signals."},
    "tracestate": {**_TEXT, "description": "W3C trace context, carried from the article to its signals."},
    REPLAY_HEADER: {**_TEXT, "description": "Id of the replay that sent the article; absent on live news."},
}
_EVENT = {
    "ce_specversion": {"const": "1.0"},
    "ce_id": _TEXT,
    "ce_source": _TEXT,
    "ce_type": _TEXT,
    "ce_subject": _TEXT,
    "ce_time": {"type": "string", "format": "date-time"},
}
STAGES = ("read", "classify", "encode")


def article_headers() -> dict[str, Any]:
    """All optional: plain JSON needs none. With one of the event's own, the binary mode's four are needed."""
    content_type = {
        **_TEXT,
        "description": "application/json, or application/cloudevents+json for the structured mode.",
    }
    return {"type": "object", "properties": {**_EVENT, "content-type": content_type, **_TRACE}}


def signal_headers(kind: str) -> dict[str, Any]:
    """CloudEvents 1.0, Kafka's binary mode."""
    event = {
        "ce_specversion": {"const": "1.0"},
        "ce_id": {"type": "string", "format": "uuid", "description": "The signal's id: deduplicate on it."},
        "ce_source": {"const": CE_SOURCE},
        "ce_type": {"const": f"geosignals.signal.{kind}.v1"},
        "ce_subject": {**_TEXT, "description": "The article's id."},
        "content-type": {"const": "application/json"},
    }
    time = {
        "type": "string",
        "format": "date-time",
        "description": "published_at, else the article record's timestamp.",
    }
    return {"type": "object", "required": list(event), "properties": {**event, "ce_time": time, **_TRACE}}


def dead_letter_headers() -> dict[str, Any]:
    """What went wrong, as Kafka Streams names it (KIP-1034), and ours beside it; the record's own headers stay."""
    number = {"type": "string", "pattern": r"^\d+$"}
    errors = {
        "__streams.errors.exception": {**_TEXT, "description": "Class of the error."},
        "__streams.errors.stacktrace": {**_TEXT, "description": "Empty where the message is at fault."},
        "__streams.errors.message": {**_TEXT, "description": "The place in words."},
        "__streams.errors.topic": {**_TEXT, "description": "Where the record came from."},
        "__streams.errors.partition": number,
        "__streams.errors.offset": number,
        "geo.errors.stage": {"enum": list(STAGES)},
        "geo.errors.code": {"enum": [str(reason) for reason in FAILURES]},
        ATTEMPT_HEADER: {**number, "description": "How many times this record has become a dead letter."},
    }
    return {"type": "object", "required": list(errors), "properties": errors}


def header_names() -> frozenset[str]:
    """Every header that is named in the contracts."""
    schemas = (article_headers(), dead_letter_headers(), *(signal_headers(kind) for kind in PAYLOADS))
    return frozenset(name for schema in schemas for name in schema["properties"])

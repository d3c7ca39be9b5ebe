"""CloudEvents 1.0 over Kafka, as its Kafka protocol binding has it: which part of a message is the article."""

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Any

_STRUCTURED = b"application/cloudevents+json"
_REQUIRED = ("specversion", "id", "source", "type")
_MARKS = frozenset(("replayid",))
"""Extensions that a replay adds to whatever it sends: alone they make no CloudEvent of a plain article."""


class EnvelopeError(ValueError):
    """The message says it is a CloudEvent and is not a whole one."""


def article_data(value: Any, headers: Sequence[tuple[str, bytes]], load: Callable[[bytes], Any]) -> Any:
    """The event's data: the value itself in binary mode and for plain JSON, `data` of the envelope in structured mode.

    `ce_replayid` alone, which a replay adds to plain JSON, makes no CloudEvent.
    Structured mode is told by the content type's prefix, case-insensitively, or where no header came through
    (a producer without headers) by the envelope's own required attributes.
    Raises EnvelopeError when the envelope is not whole.
    """
    content_type = next((v for k, v in headers if k.lower() == "content-type" and v is not None), b"")
    if content_type.lower().startswith(_STRUCTURED):
        return _opened(value, load)
    binary = {key.lower()[3:] for key, _ in headers if key.lower().startswith("ce_")} - {"replayid"}
    if binary:
        missing = [name for name in _REQUIRED if name not in binary]
        if missing:
            raise EnvelopeError(f"binary CloudEvent without ce_{missing[0]}")
        return value
    if isinstance(value, dict) and "specversion" in value and ("data" in value or "data_base64" in value):
        return _opened(value, load)
    return value


def _opened(envelope: Any, load: Callable[[bytes], Any]) -> Any:
    if not isinstance(envelope, dict):
        raise EnvelopeError("structured CloudEvent is not an object")
    for name in _REQUIRED:
        if not isinstance(envelope.get(name), str) or not envelope[name]:
            raise EnvelopeError(f"structured CloudEvent without {name}")
    if not envelope["specversion"].startswith("1."):
        raise EnvelopeError(f"CloudEvents specversion {envelope['specversion'][:20]!r}, not 1.x")
    if "data_base64" in envelope:
        try:
            return load(base64.b64decode(envelope["data_base64"], validate=True))
        except (binascii.Error, TypeError, ValueError) as error:
            raise EnvelopeError(f"data_base64: {error}") from None
    data = envelope.get("data")
    if isinstance(data, str):
        return load(data.encode("utf-8", "replace"))
    if data is None:
        raise EnvelopeError("structured CloudEvent without data")
    return data

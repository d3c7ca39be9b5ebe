"""`read`: whatever comes in, an article, a reason why not, or a reason to pass over; never an exception."""

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.article import Article, Reason
from streams.pipeline import Skipped, SkipReason, Unreadable, read

MESSAGES = tomllib.loads(Path(__file__).with_name("unreadable.toml").read_text(encoding="utf-8"))["message"]
GOOD = {"id": "a", "title": "Poland and Korea sign for tanks", "body": "WARSAW - The two sides signed on Friday."}
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
_FIELDS = st.sampled_from(
    ["id", "title", "body", "published_at", "source", "url", "language", "authors", "version", "x"]
)


def _bytes(message: dict[str, Any]) -> bytes:
    if "repeat" in message:
        return str(message["before"] + message["unit"] * message["repeat"] + message["after"]).encode()
    text: str = message["bytes"]
    return b"".join(
        bytes([int(part[:2], 16)]) + part[2:].encode() if at else part.encode()
        for at, part in enumerate(text.split("\\x"))
    )


@pytest.mark.parametrize("message", MESSAGES, ids=[message["id"] for message in MESSAGES])
def test_a_message_that_is_no_article_says_why(message: dict[str, Any]) -> None:
    found = read(_bytes(message))
    assert isinstance(found, Unreadable)
    assert found.reason == message["reason"]
    assert found.detail and len(found.detail) <= 300


def test_every_reason_that_decoding_can_give_is_shown_by_a_message() -> None:
    shown = {message["reason"] for message in MESSAGES}
    assert shown == set(Reason) - {Reason.WITHHELD}  # withheld is the dead-letter topic's, for what may not be kept


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    assert isinstance(read(raw), Article | Unreadable | Skipped)


@given(
    st.dictionaries(_FIELDS, _JSON, max_size=6),
    st.lists(st.tuples(st.text(max_size=12), st.binary(max_size=12)), max_size=3),
)
def test_any_json_under_any_headers_is_read_or_refused(
    fields: dict[str, Any], headers: list[tuple[str, bytes]]
) -> None:
    assert isinstance(
        read(json.dumps(fields).encode("utf-8", "surrogatepass"), headers), Article | Unreadable | Skipped
    )


@given(st.text(min_size=1).filter(str.strip), st.text())
def test_what_was_read_is_read_again_as_itself(title: str, body: str) -> None:
    raw = json.dumps({"title": title, "body": body, "language": "en"}).encode()
    first = read(raw)
    if isinstance(first, Article):
        assert read(first.model_dump_json().encode()) == first


def _enveloped(data: Any) -> bytes:
    return json.dumps({"specversion": "1.0", "id": "1", "source": "s", "type": "t", "data": data}).encode()


_BINARY = tuple((f"ce_{name}", b"1.0") for name in ("specversion", "id", "source", "type"))


@pytest.mark.parametrize(
    ("raw", "headers"),
    [
        pytest.param(json.dumps(GOOD).encode(), (), id="plain"),
        pytest.param(b"\xef\xbb\xbf" + json.dumps(GOOD).encode(), (), id="byte-order-mark"),
        pytest.param(b"\x00\x00\x00\x00\x07" + json.dumps(GOOD).encode(), (), id="confluent-prefix"),
        pytest.param(json.dumps(GOOD).encode(), _BINARY, id="binary-event"),
        pytest.param(_enveloped(GOOD), (), id="structured-event"),
        pytest.param(_enveloped(GOOD), (("content-type", b"application/cloudevents+json"),), id="structured-by-header"),
        pytest.param(_enveloped(json.dumps(GOOD)), (), id="structured-event-with-a-string"),
        pytest.param(json.dumps({**GOOD, "unknown": {"a": [1]}}).encode(), (), id="unknown-fields"),
    ],
)
def test_every_envelope_holds_the_same_article(raw: bytes, headers: tuple[tuple[str, bytes], ...]) -> None:
    assert read(raw, headers) == read(json.dumps(GOOD).encode())
    assert isinstance(read(raw, headers), Article)


def test_an_article_without_an_id_always_gets_the_same_one() -> None:
    bare = {name: value for name, value in GOOD.items() if name != "id"}
    by_text, again = read(json.dumps(bare).encode()), read(json.dumps(bare, indent=1).encode())
    by_url = read(json.dumps({**bare, "url": "https://example.org/1"}).encode())
    by_url_edited = read(json.dumps({**bare, "body": "Corrected.", "url": "https://example.org/1"}).encode())
    for article in (by_text, again, by_url, by_url_edited):
        assert isinstance(article, Article)
    assert by_text == again
    assert getattr(by_url, "id", None) == getattr(by_url_edited, "id", None) != getattr(by_text, "id", None)


def test_a_tombstone_and_another_language_are_passed_over() -> None:
    assert read(None) == Skipped(SkipReason.TOMBSTONE)
    assert read(json.dumps({**GOOD, "language": "de"}).encode()) == Skipped(SkipReason.LANGUAGE)


@pytest.mark.parametrize(
    ("time", "utc"),
    [
        ("2025-09-03T06:58:00+05:30", "2025-09-03T01:28:00Z"),
        ("2025-09-03T06:58:00", "2025-09-03T06:58:00Z"),
        ("2025-09-03T06:58:00Z", "2025-09-03T06:58:00Z"),
    ],
)
def test_times_are_utc_and_a_naive_one_is_taken_as_utc(time: str, utc: str) -> None:
    found = read(json.dumps({**GOOD, "published_at": time}).encode())
    assert isinstance(found, Article)
    assert found.model_dump(mode="json")["published_at"] == utc

"""Time grows with the length of a text, whatever stands in it, and ends where no more is read."""

import json
import time
import tomllib
from pathlib import Path
from typing import Any

import pytest

from schemas.article import MAX_MESSAGE_BYTES, Article
from schemas.signal import encode_signal
from streams.pipeline import load, read, signals
from streams.text.annotate import MAX_TEXT, annotate
from tests.conftest import built

TEXTS = tomllib.loads(Path(__file__).with_name("hostile.toml").read_text(encoding="utf-8"))["text"]
TIMES = 8
GENEROUS = 3
"""Linear growth is 1 and square growth is `TIMES`; caches and collections of garbage lie in between."""
ENOUGH = 0.1
"""Seconds that the shorter text must take, or the clock's grain and fixed costs would decide."""
LONGEST = MAX_TEXT
"""Bytes of the longer text: beyond it time would not grow, since no more is read."""
BOUND = 8.0
"""Seconds for a message of 1 MiB on a slow and busy machine; `benchmarks/growth.py` prints what they are on this one."""


@pytest.mark.parametrize("text", TEXTS, ids=[text["id"] for text in TEXTS])
def test_time_grows_with_the_length_and_not_with_its_square(text: dict[str, Any]) -> None:
    load()
    unit = text["unit"]
    size = 2_000
    largest = LONGEST // TIMES * len(unit) // len(json.dumps(unit, ensure_ascii=False).encode())
    while (short := _seconds(_message(unit, size))) < ENOUGH and 2 * size < largest:
        size *= 2
    long = _seconds(_message(unit, size * TIMES))
    allowed = GENEROUS * TIMES * max(short, ENOUGH / TIMES)
    assert long < allowed, f"{size} code points take {short:.3f} s, {TIMES} times as many {long:.3f} s"


@pytest.mark.parametrize(
    "unit", ["“", "President ", "sanctions on Iran by the United States, ", "Russia sold S-400 missiles to India. "]
)
def test_a_message_of_one_mebibyte_is_done_in_bounded_time(unit: str) -> None:
    load()
    size = (MAX_MESSAGE_BYTES - 200) * len(unit) // len(json.dumps(unit, ensure_ascii=False).encode())
    assert _seconds(_message(unit, size)) < BOUND


def test_what_lies_beyond_the_bound_is_not_read_and_what_lies_before_it_is_read_the_same() -> None:
    unit = "Russia sold S-400 missiles to India and "
    body = unit * (2 * MAX_TEXT // len(unit))
    whole, cut = built(body), built(body[:MAX_TEXT])
    assert annotate(whole).text == body[:MAX_TEXT]
    assert signals(whole)
    assert [encode_signal(each) for each in signals(whole)] == [encode_signal(each) for each in signals(cut)]
    assert not signals(built("Rain fell. " * (MAX_TEXT // 10) + unit))
    titled = annotate(built("", title="A " * MAX_TEXT))
    assert (len(titled.text), titled.sentences[-1].end) == (MAX_TEXT, MAX_TEXT)


def _message(unit: str, size: int) -> bytes:
    body = (unit * (size // len(unit) + 1))[:size]
    return json.dumps({"id": "a", "title": "A title", "body": body, "language": "en"}, ensure_ascii=False).encode()


def _seconds(raw: bytes) -> float:
    """Seconds of this process alone: what else the machine does is not counted."""
    began = time.process_time()
    article = read(raw)
    assert isinstance(article, Article)
    signals(article)
    return time.process_time() - began

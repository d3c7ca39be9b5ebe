"""Time grows with the length of a text, whatever stands in it."""

import json
import time
import tomllib
from pathlib import Path
from typing import Any

import pytest

from schemas.article import Article
from streams.pipeline import load, read, signals

TEXTS = tomllib.loads(Path(__file__).with_name("hostile.toml").read_text(encoding="utf-8"))["text"]
TIMES = 8
GENEROUS = 3
"""Linear growth is 1 and square growth is `TIMES`; caches and collections of garbage lie in between."""
ENOUGH = 0.1
"""Seconds that the shorter text must take, or the clock's grain and fixed costs would decide."""
LONGEST = 900_000
"""Bytes of the longer text: still one message."""


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

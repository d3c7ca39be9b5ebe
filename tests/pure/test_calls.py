"""What an article costs, counted and not timed: function calls are the same on any machine, however busy."""

import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import pytest

from schemas.article import Article
from schemas.signal import encode_signal
from streams.detectors import DETECTORS
from streams.detectors.choosing import detect, weights_of
from streams.pipeline import signals
from streams.text.annotate import annotate

BOUNDS: dict[str, int] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))["calls"]
_EVERY = 10


def _calls(part: Callable[[Article], object], articles: tuple[Article, ...]) -> float:
    """Calls an article, of Python's and C's functions; counted the second time, when what is filled on first use is filled."""
    count = 0

    def counted(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    for article in articles:
        part(article)
    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        for article in articles:
            part(article)
    finally:
        sys.setprofile(before)
    return count / len(articles)


def _parts(articles: tuple[Article, ...]) -> dict[str, Callable[[Article], object]]:
    documents = {article.id: annotate(article) for article in articles}

    def detecting(kind: str) -> Callable[[Article], object]:
        weights = weights_of(DETECTORS[kind])
        return lambda article: detect(documents[article.id], DETECTORS[kind], weights)

    return {
        "annotate": annotate,
        **{kind: detecting(kind) for kind in DETECTORS},
        "whole": lambda article: [encode_signal(signal) for signal in signals(article)],
    }


@pytest.mark.parametrize("name", ["annotate", *DETECTORS, "whole"])
def test_an_article_takes_no_more_calls_than_its_bound(name: str, seed_articles: tuple[Article, ...]) -> None:
    articles = seed_articles[::_EVERY]
    calls = _calls(_parts(articles)[name], articles)
    assert 0 < calls <= BOUNDS[name], f"{name}: {calls:.0f} calls an article, the bound is {BOUNDS[name]}"


def test_the_same_articles_take_the_same_calls(seed_articles: tuple[Article, ...]) -> None:
    articles = seed_articles[::_EVERY]
    whole = _parts(articles)["whole"]
    assert _calls(whole, articles) == pytest.approx(_calls(whole, articles), rel=0.01)

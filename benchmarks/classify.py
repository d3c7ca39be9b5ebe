"""What classifying one article costs, part by part, beside the floor on the same texts in the same process.

    python -m benchmarks.classify [--articles 500]

The floor is nupunkt's sentences and one pass of the automaton; the keyword matcher is that of benchmarks/keyword_matcher.py.
CPU time; the median of five interleaved rounds, the ratio to the floor taken within each round.
"""

import argparse
import statistics
import time
from collections.abc import Callable

from nupunkt import load

from benchmarks import keyword_matcher
from benchmarks.tables import middle, spread
from benchmarks.texts import messages, origin
from schemas.article import Article
from schemas.signal import encode_signal
from streams.detectors import DETECTORS
from streams.detectors.choosing import Detector, detect, weights_of
from streams.pipeline import read, signals, signals_of
from streams.text.annotate import annotate
from streams.text.folding import folded
from streams.text.vocabulary import vocabulary

ROUNDS = 5
ARTICLES = 500
WHOLE = "whole: bytes in, bytes out"


def _parts(raws: list[bytes], articles: list[Article]) -> dict[str, Callable[[int], object]]:
    """What is timed, by name; each takes the number of an article."""
    documents = [annotate(article) for article in articles]
    sealed = [signals_of(document) for document in documents]
    split, automaton = load("default").spans, vocabulary().automaton

    def floor(number: int) -> None:
        for line in articles[number].text.split("\n"):
            for _ in split(line):
                pass
        for _ in automaton.iter(f" {folded(articles[number].text)} "):
            pass

    def whole(number: int) -> list[bytes]:
        article = read(raws[number])
        assert isinstance(article, Article)
        return [encode_signal(signal) for signal in signals(article)]

    def detecting(detector: Detector) -> Callable[[int], object]:
        weights = weights_of(detector)
        return lambda number: detect(documents[number], detector, weights)

    return {
        "floor": floor,
        "keyword matcher": lambda n: keyword_matcher.matched(articles[n]),
        "read": lambda n: read(raws[n]),
        "annotate": lambda n: annotate(articles[n]),
        **{kind: detecting(detector) for kind, detector in DETECTORS.items()},
        "detect all and seal": lambda n: signals_of(documents[n]),
        "encode": lambda n: [encode_signal(signal) for signal in sealed[n]],
        WHOLE: whole,
    }


def main(count: int = ARTICLES) -> None:
    """Prints the table."""
    pairs = [(raw, found) for _, raw in messages(count) if isinstance(found := read(raw), Article)]
    articles = [article for _, article in pairs]
    parts = _parts([raw for raw, _ in pairs], articles)
    taken: dict[str, list[list[float]]] = {name: [] for name in parts}
    for _ in range(ROUNDS):
        for name, part in parts.items():
            each = []
            for number in range(len(articles)):
                start = time.process_time()
                part(number)
                each.append(time.process_time() - start)
            taken[name].append(each)
    means = {name: [statistics.mean(times) for times in rounds] for name, rounds in taken.items()}
    size = statistics.mean(len(article.text) for article in articles)
    print(
        f"{len(articles)} articles of {origin()}, {size:.0f} characters on average; ms of CPU an article, {ROUNDS} rounds"
    )
    print(f"{'part':28}{'articles/s':>12}{'mean':>9}{'':3}{'spread':20}{'p99':>9}{'x floor':>10}")
    for name, rounds in means.items():
        p99 = statistics.median(statistics.quantiles(times, n=100)[98] for times in taken[name]) * 1e3
        ratio = middle(mine / base for mine, base in zip(rounds, means["floor"], strict=True))
        ms = [mean * 1e3 for mean in rounds]
        print(
            f"{name:28}{1000 / middle(ms):>12.0f}{middle(ms):>9.3f}   {spread(ms, 3):20}{p99:>9.2f}{ratio:>10.2f}",
            flush=True,
        )
    print("asked: whole at most 1 ms, p99 under 5 ms, at most 7 times the floor")


if __name__ == "__main__":
    options = argparse.ArgumentParser()
    options.add_argument("--articles", type=int, default=ARTICLES)
    main(options.parse_args().articles)

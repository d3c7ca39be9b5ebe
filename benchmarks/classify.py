"""What classifying one article costs, part by part, beside the floor on the same texts in the same process.

    python -m benchmarks.classify [ARTICLES.jsonl[.gz]]

The floor is nupunkt's sentences and one pass of the automaton. Medians of five interleaved rounds; CPU time.
"""

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from nupunkt import load

from schemas.article import Article, article_from
from schemas.signal import encode_signal
from streams.detectors import DETECTORS
from streams.detectors.choosing import detect
from streams.pipeline import signals
from streams.text.annotate import annotate
from streams.text.folding import folded
from streams.text.seedfile import SEEDS
from streams.text.vocabulary import vocabulary
from streams.training.labelled import read_lines
from streams.weights import read_weights

ROUNDS = 5


def main(path: Path) -> None:
    """Print the table."""
    articles = [article_from(data) for data in read_lines(path)]
    documents = [annotate(article) for article in articles]
    split, automaton = load("default").spans, vocabulary().automaton

    def floor(article: Article) -> None:
        for line in article.text.split("\n"):
            for _ in split(line):
                pass
        for _ in automaton.iter(f" {folded(article.text)} "):
            pass

    parts: dict[str, Callable[[int], object]] = {
        "floor": lambda n: floor(articles[n]),
        "annotate": lambda n: annotate(articles[n]),
        "whole, encoded": lambda n: [encode_signal(signal) for signal in signals(articles[n])],
    }
    for kind, detector in DETECTORS.items():
        weights = read_weights(kind)
        parts[kind] = lambda n, d=detector, w=weights: detect(documents[n], d, w)  # type: ignore[misc]
    taken: dict[str, list[float]] = {name: [] for name in parts}
    for _ in range(ROUNDS):
        for name, part in parts.items():
            start = time.process_time()
            for number in range(len(articles)):
                part(number)
            taken[name].append((time.process_time() - start) / len(articles))
    floor_cost = statistics.median(taken["floor"])
    mean = sum(len(article.text) for article in articles) / len(articles)
    print(f"{len(articles)} articles, {mean:.0f} characters on average")
    print(f"{'part':24}{'ms an article':>16}{'spread':>18}{'x floor':>10}")
    for name, times in taken.items():
        spread = f"{min(times) * 1e3:.2f} to {max(times) * 1e3:.2f}"
        print(
            f"{name:24}{statistics.median(times) * 1e3:>16.2f}{spread:>18}{statistics.median(times) / floor_cost:>10.1f}"
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else SEEDS / "articles" / "diplomacy.articles.jsonl")

"""Whether confidence means something: of the signals given 0.8, how many are right."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from streams.evaluation.facets import STRUCTURE, structure
from streams.evaluation.objects import Objects
from streams.training.labelled import CAP

BINS = 10


@dataclass(frozen=True, slots=True)
class Judged:
    """One signal: the confidence it was given, in [0, 1], and whether it is right."""

    confidence: float
    right: bool


def judged(gold: Objects, said: Objects, kinds: Iterable[str]) -> Iterator[Judged]:
    """Every signal that can be judged: right when the article's labels hold its structure key.

    A wrong one in an article whose list is full is unknown and left out, as is one without a confidence.
    """
    for kind in (kind for kind in kinds if kind in STRUCTURE):
        key = structure(kind)
        for article, of_article in gold.items():
            wanted = {key(thing) for thing in of_article[kind]}
            full = len(of_article[kind]) >= CAP.get(kind, len(of_article[kind]) + 1)
            for thing in said.get(article, {}).get(kind, []):
                right = key(thing) in wanted
                if thing.get("confidence") is not None and (right or not full):
                    yield Judged(float(thing["confidence"]), right)


def reliability(signals: Iterable[Judged]) -> dict[str, Any]:
    """`bins`: for each tenth of confidence that holds a signal, its mean confidence and the share of right ones.

    `ece`: expected calibration error, the mean gap between the two weighed by signals; None where there is no signal.
    """
    bins: list[list[Judged]] = [[] for _ in range(BINS)]
    for signal in signals:
        bins[min(BINS - 1, int(signal.confidence * BINS))].append(signal)
    rows = [
        {
            "from": number / BINS,
            "n": len(own),
            "confidence": sum(s.confidence for s in own) / len(own),
            "right": sum(s.right for s in own) / len(own),
        }
        for number, own in enumerate(bins)
        if own
    ]
    n = sum(int(row["n"]) for row in rows)
    gap = sum(row["n"] * abs(row["confidence"] - row["right"]) for row in rows)
    rounded = [{name: round(value, 3) for name, value in row.items()} for row in rows]
    return {"bins": rounded, "n": n, "ece": round(gap / n, 3) if n else None}

"""Learned weights: what a reading's features say, as probabilities. Data in seeds/weights, a few lines of arithmetic here.

Level 1 reads one event: the probability that its sentence carries a signal of its actors, and which label it then has.
Level 2 reads the numbers pooled over the article: the probability that a candidate is a signal; and, among the
candidates kept, which is the article's main one.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from math import exp
from pathlib import Path

import orjson

from streams.text.seedfile import SEEDS, SeedError

UNLIKELY = 0.03
"""Events less likely than this to carry a signal are not read any further, at run time and in training alike."""


@dataclass(frozen=True, slots=True)
class Linear:
    """A linear reading of numbers: one weight each, and a bias."""

    weights: tuple[float, ...]
    bias: float

    def __call__(self, numbers: Sequence[float]) -> float:
        return self.bias + sum(weight * number for weight, number in zip(self.weights, numbers, strict=True))


@dataclass(frozen=True, slots=True)
class Weights:
    """All that was learned for one kind.

    `any`: feature -> its weight for "a signal is here"; `features`: feature -> ((label's index, weight), ...); a bias each.
    `scale`: (knots of the raw probability, calibrated values at them), both rising.
    """

    kind: str
    labels: tuple[str, ...]
    any: dict[str, float]
    any_bias: float
    features: dict[str, tuple[tuple[int, float], ...]]
    bias: tuple[float, ...]
    keep: Linear
    main: Linear
    threshold: float
    share: float
    scale: tuple[tuple[float, ...], tuple[float, ...]]


@dataclass(frozen=True, slots=True)
class Score:
    """One event read: probability of any signal, and of each label if there is one (empty where none is likely)."""

    any: float
    labels: tuple[float, ...]


def sigmoid(x: float) -> float:
    """The logistic function, safe for any x."""
    return 1 / (1 + exp(-x)) if x >= 0 else 1 - 1 / (1 + exp(x)) if x > -700 else 0.0


def read_event(weights: Weights, features: Iterable[str]) -> Score:
    """The event's score. Features that were never seen say nothing; each counts once.

    Labels are not read where hardly any signal is likely: `labels` is empty there.
    """
    present = set(features)
    known = weights.any
    chance = sigmoid(weights.any_bias + sum([known[feature] for feature in present if feature in known]))
    if chance < UNLIKELY:
        return Score(chance, ())
    sums = list(weights.bias)
    by_label = weights.features
    for feature in present:
        for at, weight in by_label.get(feature, ()):
            sums[at] += weight
    top = max(sums)
    powers = [exp(total - top) for total in sums]
    whole = sum(powers)
    return Score(chance, tuple([power / whole for power in powers]))


def deciding(weights: Weights, features: Iterable[str], label: str, most: int = 6) -> tuple[tuple[str, float], ...]:
    """The features that spoke most for a signal with this label, strongest first: why it was found."""
    column = weights.labels.index(label)
    said = []
    for feature in set(features):
        total = weights.any.get(feature, 0.0) + sum(w for at, w in weights.features.get(feature, ()) if at == column)
        if total > 0:
            said.append((feature, round(total, 3)))
    return tuple(sorted(said, key=lambda item: (-item[1], item[0]))[:most])


def calibrated(weights: Weights, probability: float) -> float:
    """The share of right signals among those with this raw probability: linear between the knots, three decimals."""
    knots, values = weights.scale
    at = bisect_right(knots, probability)
    if at == 0:
        return values[0]
    if at == len(knots):
        return values[-1]
    part = (probability - knots[at - 1]) / (knots[at] - knots[at - 1])
    return round(values[at - 1] + part * (values[at] - values[at - 1]), 3)


@cache
def read_weights(kind: str, seeds: Path = SEEDS) -> Weights:
    """The weights of a kind, read once. Raises SeedError with file and reason."""
    path = seeds / "weights" / f"{kind}.json"
    try:
        data = orjson.loads(path.read_bytes())
        return Weights(
            kind=data["kind"],
            labels=tuple(data["labels"]),
            any={name: pairs[0][1] for name, pairs in data["features"].items() if pairs[0][0] == 0},
            any_bias=data["bias"][0],
            features={
                name: tuple((int(column) - 1, float(weight)) for column, weight in pairs if column)
                for name, pairs in data["features"].items()
            },
            bias=tuple(data["bias"][1:]),
            keep=Linear(tuple(data["keep"]["weights"]), data["keep"]["bias"]),
            main=Linear(tuple(data["main"]["weights"]), data["main"]["bias"]),
            threshold=data["threshold"],
            share=data["share"],
            scale=(tuple(data["scale"]["raw"]), tuple(data["scale"]["right"])),
        )
    except OSError as error:
        raise SeedError(path, None, error.strerror or "cannot be read") from None
    except orjson.JSONDecodeError as error:
        raise SeedError(path, error.lineno, f"not a file of weights: {error.msg}") from None
    except (KeyError, TypeError, ValueError) as error:
        raise SeedError(path, None, f"not a file of weights: {error!r}") from None

"""Learned weights: what a reading's features say, as probabilities. Data in seeds/weights, a few lines of arithmetic here.

Level 1 reads one event: the probability that its sentence carries a signal of its actors, and of each label, by two
readings: labels that compete, given a signal, and each label by itself.
Level 2 reads the numbers pooled over the article: the probability that a candidate is a signal; and, among the
candidates kept, which is the article's main one.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from math import exp, sqrt
from pathlib import Path
from typing import Any

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

    `any`: feature -> its weight for "a signal is here"; `features`: feature -> ((column, weight), ...), with a column for
    each label where labels compete and behind those one for each label by itself; a bias each.
    `thresholds`: probabilities from which on an article's likeliest candidate, and each further one, is kept.
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
    thresholds: tuple[float, float]
    scale: tuple[tuple[float, ...], tuple[float, ...]]


@dataclass(frozen=True, slots=True)
class Score:
    """One event read: probability of any signal, and how much of it speaks for each label (empty where none is likely)."""

    any: float
    labels: tuple[float, ...]


def sigmoid(x: float) -> float:
    """The logistic function, safe for any x."""
    return 1 / (1 + exp(-x)) if x >= 0 else 1 - 1 / (1 + exp(x)) if x > -700 else 0.0


Groups = Sequence[tuple[str, ...]]
"""An event's features; groups that are the same tuple in several events are read once."""


def read_events(weights: Weights, events: Iterable[Groups]) -> list[Score]:
    """Each event's score: the sum of what its groups say. A feature counts once in each group; one never seen says nothing.

    Labels are not read where hardly any signal is likely: `labels` is empty there.
    """
    any_of: dict[int, float] = {}
    labels_of: dict[int, list[float]] = {}
    known = weights.any
    found = []
    for groups in events:
        total = weights.any_bias
        for group in groups:
            if id(group) not in any_of:
                any_of[id(group)] = sum([known[feature] for feature in set(group) if feature in known])
            total += any_of[id(group)]
        chance = sigmoid(total)
        if chance < UNLIKELY:
            found.append(Score(chance, ()))
            continue
        for group in groups:
            if id(group) not in labels_of:
                labels_of[id(group)] = _label_sums(weights, group)
        sums = [sum(column) for column in zip(weights.bias, *(labels_of[id(group)] for group in groups), strict=True)]
        found.append(Score(chance, label_shares(chance, sums)))
    return found


def _label_sums(weights: Weights, group: tuple[str, ...]) -> list[float]:
    sums = [0.0] * len(weights.bias)
    by_label = weights.features
    for feature in set(group):
        for at, weight in by_label.get(feature, ()):
            sums[at] += weight
    return sums


def label_shares(chance: float, sums: Sequence[float]) -> tuple[float, ...]:
    """What speaks for each label, as a share of `chance`: the geometric mean of the two readings.

    The first half of `sums` are log-odds of labels that compete, the second those of each label by itself.
    """
    count = len(sums) // 2
    top = max(sums[:count])
    powers = [exp(total - top) for total in sums[:count]]
    whole = sum(powers) * chance
    return tuple([sqrt(power / whole * sigmoid(alone)) for power, alone in zip(powers, sums[count:], strict=True)])


def deciding(weights: Weights, groups: Groups, label: str, most: int = 6) -> tuple[tuple[str, float], ...]:
    """The features that spoke most for a signal with this label, strongest first: why it was found."""
    column = weights.labels.index(label)
    said = []
    for feature, times in Counter(feature for group in groups for feature in set(group)).items():
        pairs = weights.features.get(feature, ())
        total = weights.any.get(feature, 0.0) + sum(w for at, w in pairs if at % len(weights.labels) == column) / 2
        if total > 0:
            said.append((feature, round(times * total, 3)))
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
        return weights_of_file(orjson.loads(path.read_bytes()))
    except OSError as error:
        raise SeedError(path, None, error.strerror or "cannot be read") from None
    except orjson.JSONDecodeError as error:
        raise SeedError(path, error.lineno, f"not a file of weights: {error.msg}") from None
    except (KeyError, TypeError, ValueError) as error:
        raise SeedError(path, None, f"not a file of weights: {error!r}") from None


def weights_of_file(data: dict[str, Any]) -> Weights:
    """The weights that a file's JSON object holds. Raises KeyError, TypeError or ValueError where it holds none."""
    if len(data["bias"]) != 1 + 2 * len(data["labels"]):
        raise ValueError(f"{len(data['bias'])} biases for {len(data['labels'])} labels")
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
        thresholds=(data["thresholds"][0], data["thresholds"][1]),
        scale=(tuple(data["scale"]["raw"]), tuple(data["scale"]["right"])),
    )

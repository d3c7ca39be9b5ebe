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

from streams.packing import Unpacking, first, packed
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

    `features`: feature -> its weights, packed: column 0 says "a signal is here", then follows a column for each label where
    labels compete, then one for each label by itself. `bias`: the same columns, packed.
    `thresholds`: probabilities from which on an article's likeliest candidate, and each further one, is kept.
    `scale`: (knots of the raw probability, calibrated values at them), both rising.
    """

    kind: str
    labels: tuple[str, ...]
    features: dict[str, int]
    bias: int
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
    known, unpacked = weights.features.get, Unpacking(1 + 2 * len(weights.labels))
    sums: dict[int, int] = {}
    found = []
    for groups in events:
        total = weights.bias
        for group in groups:
            if id(group) not in sums:
                sums[id(group)] = sum(filter(None, map(known, set(group))))
            total += sums[id(group)]
        chance = sigmoid(first(total))
        found.append(Score(chance, label_shares(chance, unpacked(total)[1:]) if chance >= UNLIKELY else ()))
    return found


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
    count = len(weights.labels)
    column, unpacked = 1 + weights.labels.index(label), Unpacking(1 + 2 * count)
    said = []
    for feature, times in Counter(feature for group in groups for feature in set(group)).items():
        row = unpacked(weights.features.get(feature, 0))
        total = row[0] + (row[column] + row[column + count]) / 2
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
        features={name: packed(pairs) for name, pairs in data["features"].items()},
        bias=packed(enumerate(data["bias"])),
        keep=Linear(tuple(data["keep"]["weights"]), data["keep"]["bias"]),
        main=Linear(tuple(data["main"]["weights"]), data["main"]["bias"]),
        thresholds=(data["thresholds"][0], data["thresholds"][1]),
        scale=(tuple(data["scale"]["raw"]), tuple(data["scale"]["right"])),
    )

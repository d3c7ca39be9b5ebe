"""From labelled articles to a file of weights and a card of what cross-validation measured; reproducible to the byte."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from streams.detectors.choosing import Detector
from streams.text.seedfile import SEEDS
from streams.text.vocabulary import vocabulary
from streams.training.fit import (
    FOLDS,
    Level1,
    Pooled,
    calibration,
    cross_scores,
    feature_index,
    fit_level1,
    fit_linear,
    matrix,
    pooled,
)  # fmt: skip
from streams.training.labelled import Example, examples

SHARE = 0.4
"""Where keys are judged as a whole: a label beside the best one is kept from this share of the key's evidence on."""


@dataclass(frozen=True, slots=True)
class Source:
    """Labelled articles, and how much one of them weighs against one of the first source."""

    articles: Path
    labels: Path
    weight: float = 1.0


def train(
    detector: Detector, sources: Sequence[Source], seeds: Path = SEEDS, say: Callable[[str], None] = print
) -> dict[str, Any]:
    """The weights of one kind as the JSON object that run time reads, with its card under "card".

    Thresholds and figures come from cross-validation over the first source alone; the others only add to what is learned.
    """
    groups = [list(examples(s.articles, s.labels, detector, seeds, s.weight)) for s in sources]
    rows = [row for group in groups for row in group]
    first = len(groups[0])
    index = feature_index(rows, vocabulary(seeds).names)
    x = matrix(rows, index)
    wanted = [row.labels(event) for row in rows for event in row.events]
    say(
        f"{detector.kind}: {len(rows)} articles, {x.shape[0]} events, {len(index)} features, {sum(map(bool, wanted))} shown by evidence"
    )
    folds = np.random.RandomState(0).randint(0, FOLDS, len(rows))
    table = pooled(rows, cross_scores(rows, folds, x, wanted, detector.labels), detector)
    raw = _cross_keep(table, folds)
    own = table.article < first
    articles = rows[:first]
    threshold, figures = _threshold(articles, table, raw, own, detector)
    say(f"{detector.kind}: cross-validated {figures}")
    owner_weight = np.array([row.weight for row in rows for _ in row.events])
    level1 = fit_level1(x, wanted, owner_weight, detector.labels)
    known = table.known
    keep = fit_linear(table.numbers[known], table.right[known], table.weight[known])
    likely = known & (raw >= threshold / 2)
    main = fit_linear(table.numbers[likely], table.main[likely], table.weight[likely])
    judged = own & known & (raw >= threshold)
    knots, values = calibration(raw[judged], table.right[judged], _balanced(articles)[table.article[judged]])
    card = {**figures, "articles": len(rows), "events": x.shape[0], "sources": [_card(s) for s in sources]}
    return _file(detector, index, level1, keep, main, threshold, (knots, values), card)


def _card(source: Source) -> dict[str, Any]:
    return {"articles": source.articles.name, "labels": source.labels.name, "weight": source.weight}


def _balanced(rows: Sequence[Example]) -> np.ndarray:
    """An article's weight when a measure is taken: a source with many articles must not drown the others."""
    count = Counter(row.source for row in rows)
    return np.array([count[row.source] ** -0.5 for row in rows])


def _cross_keep(table: Pooled, folds: np.ndarray) -> np.ndarray:
    raw = np.zeros(len(table.right))
    fold = folds[table.article]
    for number in range(FOLDS):
        learn = (fold != number) & table.known
        weights, bias = fit_linear(table.numbers[learn], table.right[learn], table.weight[learn])
        raw[fold == number] = 1 / (1 + np.exp(-(table.numbers[fold == number] @ weights + bias)))
    return raw


def _threshold(
    rows: Sequence[Example], table: Pooled, raw: np.ndarray, own: np.ndarray, detector: Detector
) -> tuple[float, dict[str, float]]:
    """The threshold with the best sum of structure and detection F1, and the figures there."""
    weight = _balanced(rows)
    gold = [{(o.key, o.label if detector.by_label else None) for o in row.objects} for row in rows]
    best: tuple[float, float, dict[str, float]] = (-1.0, 0.5, {})
    for step in range(10, 80, 2):
        kept: dict[int, set[tuple[Any, Any]]] = {}
        for at in np.flatnonzero(own & (raw >= step / 100)):
            candidate = table.candidates[at]
            kept.setdefault(int(table.article[at]), set()).add((candidate.key, candidate.label))
        figures = _figures(rows, gold, kept, weight)
        value = figures["structure F1"] + figures["detection F1"]
        if value > best[0]:
            best = (value, step / 100, figures)
    return best[1], best[2] | {"threshold": best[1]}


def _figures(
    rows: Sequence[Example], gold: Sequence[set[Any]], kept: dict[int, set[Any]], weight: np.ndarray
) -> dict[str, float]:
    hit = false = missed = seen = blind = silent = 0.0
    for number, row in enumerate(rows):
        said, true, w = kept.get(number, set()), gold[number], float(weight[number])
        hit += w * len(said & true)
        missed += w * len(true - said)
        false += 0 if row.full else w * len(said - true)
        seen += w * bool(said and true)
        blind += w * bool(said and not true)
        silent += w * bool(true and not said)
    return {
        "structure F1": round(2.0 * hit / (2 * hit + false + missed), 3),
        "structure precision": round(hit / max(hit + false, 1e-9), 3),
        "structure recall": round(hit / max(hit + missed, 1e-9), 3),
        "detection F1": round(2 * seen / max(2 * seen + blind + silent, 1e-9), 3),
    }


def _file(
    detector: Detector, index: dict[str, int], level1: Level1, keep: tuple[np.ndarray, float], main: tuple[np.ndarray, float],
    threshold: float, scale: tuple[list[float], list[float]], card: dict[str, Any],
) -> dict[str, Any]:  # fmt: skip
    features = {}
    for feature, row in index.items():
        pairs = [
            [int(column), float(level1.coefficients[row, column])]
            for column in np.flatnonzero(level1.coefficients[row])
        ]
        if pairs:
            features[feature] = pairs
    return {
        "kind": detector.kind,
        "labels": list(detector.labels),
        "threshold": threshold,
        "share": SHARE,
        "bias": [float(b) for b in level1.bias],
        "keep": {"weights": [round(float(w), 6) for w in keep[0]], "bias": round(keep[1], 6)},
        "main": {"weights": [round(float(w), 6) for w in main[0]], "bias": round(main[1], 6)},
        "scale": {"raw": scale[0], "right": scale[1]},
        "card": card,
        "features": features,
    }


def write_weights(data: dict[str, Any], folder: Path) -> Path:
    """The file of one kind, a feature a line so that a change of weights can be read in a diff."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{data['kind']}.json"
    head = {name: value for name, value in data.items() if name != "features"}
    lines = [
        f"{orjson.dumps(name).decode()}:{orjson.dumps(pairs).decode()}" for name, pairs in data["features"].items()
    ]
    text = orjson.dumps(head).decode()[:-1] + ',"features":{\n' + ",\n".join(lines) + "\n}}\n"
    path.write_text(text, encoding="utf-8")
    return path

"""From labelled articles to a file of weights and a card of what cross-validation measured; reproducible to the byte."""

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
    cross_scores,
    event_weights,
    feature_index,
    fit_level1,
    fit_linear,
    fit_order,
    folds_of,
    matrix,
    pooled,
    probabilities,
    scores,
)  # fmt: skip
from streams.training.judging import Judged, balanced, best_thresholds, scale_of
from streams.training.labelled import Example, examples


@dataclass(frozen=True, slots=True)
class Source:
    """Labelled articles, and how much one of them weighs against one of the first source."""

    articles: Path
    labels: Path
    weight: float = 1.0


def train(
    detector: Detector,
    sources: Sequence[Source],
    judge: Source | None = None,
    seeds: Path = SEEDS,
    say: Callable[[str], None] = print,
) -> dict[str, Any]:
    """The weights of one kind as the JSON object that run time reads, with its card under "card".

    Figures come from cross-validation over the first source alone; the others only add to what is learned. `judge` are
    articles to learn nothing from, which choose the thresholds and scale the confidence; None: cross-validation does.
    """
    groups = [list(examples(s.articles, s.labels, detector, seeds, s.weight)) for s in sources]
    judges = list(examples(judge.articles, judge.labels, detector, seeds)) if judge is not None else []
    data = learn(detector, groups, judges, vocabulary(seeds).names, say)
    data["card"]["sources"] = [_card(s) for s in sources]
    data["card"]["judge"] = _card(judge) if judge is not None else None
    return data


def learn(
    detector: Detector,
    groups: Sequence[Sequence[Example]],
    judges: Sequence[Example],
    names: frozenset[str],
    say: Callable[[str], None] = print,
) -> dict[str, Any]:
    """The same from examples; no feature that holds one of `names` is learned."""
    rows = [row for group in groups for row in group]
    articles = rows[: len(groups[0])]
    index = feature_index(rows, names)
    x = matrix(rows, index)
    wanted = [row.labels(event) for row in rows for event in row.events]
    shown = sum(map(bool, wanted))
    say(f"{detector.kind}: {len(rows)} articles, {x.shape[0]} events, {len(index)} features, {shown} events shown")
    folds = folds_of(rows)
    table = pooled(rows, cross_scores(rows, folds, x, wanted, detector.labels), detector)
    raw = _cross_keep(table, folds)
    own = Judged(
        articles, balanced(articles), _only(table, table.article < len(articles)), raw[table.article < len(articles)]
    )
    thresholds, figures = best_thresholds(own, detector)
    say(f"{detector.kind}: cross-validated {figures}")
    level1 = fit_level1(x, wanted, *event_weights(rows), detector.labels)
    known = table.known
    keep = fit_linear(table.numbers[known], table.right[known], table.weight[known])
    likely = known & (raw >= thresholds[0] / 2)
    main = fit_order(table.numbers[likely], table.main[likely], table.weight[likely], table.article[likely])
    card = {**figures, "articles": len(rows), "events": x.shape[0]}
    if judges:
        read = pooled(judges, scores(level1, matrix(judges, index)), detector)
        own = Judged(judges, np.ones(len(judges)), read, probabilities(read.numbers, keep))
        thresholds, chosen = best_thresholds(own, detector)
        say(f"{detector.kind}: judged {chosen}")
    return _file(detector, index, level1, keep, main, thresholds, scale_of(own, thresholds), card)


def _card(source: Source) -> dict[str, Any]:
    return {"articles": source.articles.name, "labels": source.labels.name, "weight": source.weight}


def _cross_keep(table: Pooled, folds: np.ndarray) -> np.ndarray:
    raw = np.zeros(len(table.right))
    fold = folds[table.article]
    for number in range(FOLDS):
        learn = (fold != number) & table.known
        keep = fit_linear(table.numbers[learn], table.right[learn], table.weight[learn])
        raw[fold == number] = probabilities(table.numbers[fold == number], keep)
    return raw


def _only(table: Pooled, chosen: np.ndarray) -> Pooled:
    kept = [candidate for candidate, inside in zip(table.candidates, chosen, strict=True) if inside]
    return Pooled(
        table.numbers[chosen], table.right[chosen], table.main[chosen], table.weight[chosen], table.article[chosen],
        table.known[chosen], kept,
    )  # fmt: skip


def _file(
    detector: Detector, index: dict[str, int], level1: Level1, keep: tuple[np.ndarray, float], main: tuple[np.ndarray, float],
    thresholds: tuple[float, float], scale: tuple[list[float], list[float]], card: dict[str, Any],
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
        "thresholds": list(thresholds),
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

"""What a choice of candidates is worth: figures as the gold set's scorer takes them, the best thresholds, and the scale of confidence."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.isotonic import IsotonicRegression

from streams.detectors.choosing import Detector
from streams.training.fit import Pooled
from streams.training.labelled import Example

LEAST, MOST, STEP = 8, 70, 2
"""Thresholds tried, in hundredths."""
AS_GOOD = 0.004
"""Sums of two F1 that differ by less say nothing about which thresholds are better: a few hundred articles do not tell."""
NEAR = 0.05
"""Raw probabilities so near to a knot are smoothed together."""


@dataclass(frozen=True, slots=True)
class Judged:
    """Labelled articles with what each counts, their candidates, and each one's raw probability by weights that did not
    learn from them."""

    articles: Sequence[Example]
    weight: np.ndarray
    table: Pooled
    raw: np.ndarray


def balanced(rows: Sequence[Example]) -> np.ndarray:
    """An article's weight when a measure is taken: a source with many articles must not drown the others."""
    count = Counter(row.source for row in rows)
    return np.array([count[row.source] ** -0.5 for row in rows])


def best_thresholds(judged: Judged, detector: Detector) -> tuple[tuple[float, float], dict[str, float]]:
    """The thresholds with the best sum of structure and detection F1, or the most precise of those as good (see `AS_GOOD`),
    and the figures there."""
    gold = [{(o.key, o.label if detector.by_label else None) for o in row.objects} for row in judged.articles]
    steps = [step / 100 for step in range(LEAST, MOST, STEP)]
    pairs = [(first, further) for first in steps for further in steps if further >= first]
    tried = [(thresholds, _figures(judged, gold, thresholds)) for thresholds in pairs]
    best = max(_value(figures) for _, figures in tried)
    good = [each for each in tried if _value(each[1]) >= best - AS_GOOD]
    return max(good, key=lambda each: (each[1]["structure precision"], _value(each[1])))


def _value(figures: dict[str, float]) -> float:
    return figures["structure F1"] + figures["detection F1"]


def kept_by(judged: Judged, thresholds: tuple[float, float]) -> np.ndarray:
    """Which candidates are kept: an article's likeliest from the first threshold on, each further one from the second."""
    order = np.lexsort((-judged.raw, judged.table.article))
    first = np.zeros(len(order), dtype=bool)
    first[order[np.unique(judged.table.article[order], return_index=True)[1]]] = True
    return np.asarray(judged.raw >= np.where(first, *thresholds))


def _figures(judged: Judged, gold: Sequence[set[Any]], thresholds: tuple[float, float]) -> dict[str, float]:
    kept, table = kept_by(judged, thresholds), judged.table
    each = judged.weight[table.article]
    full = np.array([row.full for row in judged.articles])[table.article]
    hit = each[kept & table.right].sum()
    false = each[kept & ~table.right & ~full].sum()
    all_ = sum(len(true) * weight for true, weight in zip(gold, judged.weight.tolist(), strict=True))
    said = np.zeros(len(gold), dtype=bool)
    said[table.article[kept]] = True
    carries = np.array([bool(true) for true in gold])
    seen = judged.weight[said & carries].sum()
    either = judged.weight[said].sum() + judged.weight[carries].sum()
    return {
        "structure F1": round(float(2 * hit / (hit + false + all_)), 3),
        "structure precision": round(float(hit / max(hit + false, 1e-9)), 3),
        "structure recall": round(float(hit / all_), 3),
        "detection F1": round(float(2 * seen / either), 3),
    }


def scale_of(judged: Judged, thresholds: tuple[float, float], knots: int = 12) -> tuple[list[float], list[float]]:
    """Knots of the raw probability and the share of right candidates at them, among those that are kept.

    Isotonic, so that more never means less.
    """
    inside = judged.table.known & kept_by(judged, thresholds)
    raw, right = judged.raw[inside], judged.table.right[inside]
    weight = judged.weight[judged.table.article[inside]]
    curve = IsotonicRegression(y_min=0.01, y_max=0.99, out_of_bounds="clip").fit(raw, right, sample_weight=weight)
    at = np.unique(np.quantile(raw, np.linspace(0, 1, knots)).round(4))
    near = [raw[np.abs(raw - knot) <= NEAR] for knot in at]
    smooth = [
        float(curve.predict(group).mean()) if len(group) else float(knot) for group, knot in zip(near, at, strict=True)
    ]
    return [float(knot) for knot in at], [round(float(value), 4) for value in np.maximum.accumulate(smooth)]

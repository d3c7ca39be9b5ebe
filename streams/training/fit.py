"""Fitting: events to level 1, cross-validated scores to level 2, thresholds and calibration to the rest."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression

from streams.detectors.choosing import Detector
from streams.detectors.pooling import NUMBERS, Candidate, pool
from streams.training.labelled import Example
from streams.weights import UNLIKELY, Score

FOLDS = 5
MIN_ARTICLES = 3
"""A feature seen in fewer articles says something about them, not about language."""
STRENGTH_EVENTS, STRENGTH_LABELS, STRENGTH_POOLED = 0.3, 0.45, 0.1
"""Inverse L2 penalties of level 1 (any signal; which label) and level 2."""
SMALLEST = 0.04
"""Weights nearer to nothing than this are dropped: they decide nothing and cost time."""


@dataclass(slots=True)
class Level1:
    """Weights of one fit: columns "any", then the labels."""

    coefficients: np.ndarray
    bias: np.ndarray


@dataclass(slots=True)
class Pooled:
    """Candidates of all examples as a table: numbers, whether right, whether main, weight, article, and the candidate."""

    numbers: np.ndarray
    right: np.ndarray
    main: np.ndarray
    weight: np.ndarray
    article: np.ndarray
    known: np.ndarray
    candidates: list[Candidate]


def feature_index(rows: Sequence[Example], names: frozenset[str]) -> dict[str, int]:
    """Features in enough articles, sorted; none that holds a name of the gazetteers."""
    seen: Counter[str] = Counter()
    for row in rows:
        seen.update({feature for event in row.events for feature in event.features})
    kept = sorted(f for f, n in seen.items() if n >= MIN_ARTICLES and not _named(f, names))
    return {feature: column for column, feature in enumerate(kept)}


def _named(feature: str, names: frozenset[str]) -> bool:
    _, _, words = feature.partition("=")
    return any(word in names for word in words.split())


def matrix(rows: Sequence[Example], index: dict[str, int]) -> csr_matrix:
    """One row an event, one column a feature, 1 where it is present."""
    columns: list[int] = []
    ends = [0]
    for row in rows:
        for event in row.events:
            columns += sorted({index[f] for f in event.features if f in index})
            ends.append(len(columns))
    return csr_matrix((np.ones(len(columns), dtype=np.float32), columns, ends), shape=(len(ends) - 1, len(index)))


def fit_level1(x: csr_matrix, wanted: Sequence[set[str]], weight: np.ndarray, labels: Sequence[str]) -> Level1:
    """Logistic regression for "any", multinomial regression over the labels of the events that have one."""
    positive = np.array([bool(w) for w in wanted])
    first = LogisticRegression(C=STRENGTH_EVENTS, solver="liblinear", random_state=0, max_iter=300)
    first.fit(x, positive, sample_weight=weight)
    rows, classes = [], []
    for at in np.flatnonzero(positive).tolist():
        for label in sorted(wanted[at]):
            rows.append(at)
            classes.append(labels.index(label))
    second = LogisticRegression(C=STRENGTH_LABELS, max_iter=400, tol=1e-5).fit(
        x[rows], classes, sample_weight=weight[rows]
    )
    coefficients = np.zeros((x.shape[1], len(labels) + 1))
    bias = np.full(len(labels) + 1, -12.0)
    coefficients[:, 0], bias[0] = first.coef_[0], first.intercept_[0]
    for at, label in enumerate(second.classes_):
        coefficients[:, label + 1], bias[label + 1] = second.coef_[at], second.intercept_[at]
    coefficients = coefficients.round(3)
    coefficients[np.abs(coefficients) < SMALLEST] = 0
    return Level1(coefficients, bias.round(4))


def scores(model: Level1, x: csr_matrix) -> list[Score]:
    """What the model reads in each event, as at run time."""
    sums = x @ model.coefficients + model.bias
    any_ = 1 / (1 + np.exp(-sums[:, 0]))
    powers = np.exp(sums[:, 1:] - sums[:, 1:].max(axis=1, keepdims=True))
    shares = powers / powers.sum(axis=1, keepdims=True)
    return [Score(float(a), tuple(map(float, s)) if a >= UNLIKELY else ()) for a, s in zip(any_, shares, strict=True)]


def cross_scores(
    rows: Sequence[Example], folds: np.ndarray, x: csr_matrix, wanted: Sequence[set[str]], labels: Sequence[str]
) -> list[Score]:
    """Each event read by a model that never saw its article."""
    owner = np.repeat(np.arange(len(rows)), [len(row.events) for row in rows])
    weight = np.array([rows[at].weight for at in owner.tolist()])
    found: list[Score | None] = [None] * len(owner)
    for fold in range(FOLDS):
        inside = folds[owner] == fold
        learn = np.flatnonzero(~inside)
        model = fit_level1(x[learn], [wanted[at] for at in learn.tolist()], weight[learn], labels)
        for at, score in zip(np.flatnonzero(inside).tolist(), scores(model, x[inside]), strict=True):
            found[at] = score
    return [score for score in found if score is not None]


def pooled(rows: Sequence[Example], read: Sequence[Score], detector: Detector) -> Pooled:
    """Every article's candidates by the very pooling of run time, with what a reader said of them."""
    numbers, right, main, weight, article, known, kept = [], [], [], [], [], [], []
    at = 0
    for number, row in enumerate(rows):
        own = read[at : at + len(row.events)]
        at += len(row.events)
        gold = {(o.key, o.label if detector.by_label else None) for o in row.objects}
        mains = {(o.key, o.label if detector.by_label else None) for o in row.objects if o.main}
        for candidate in pool(row.document, row.events, own, detector.labels, by_label=detector.by_label):
            key = (candidate.key, candidate.label)
            numbers.append(candidate.numbers)
            right.append(key in gold)
            main.append(key in mains)
            weight.append(row.weight)
            article.append(number)
            known.append(key in gold or not row.full)
            kept.append(candidate)
    width = len(NUMBERS) + (len(detector.labels) if detector.by_label else 0)
    table = np.array(numbers, dtype=float).reshape(-1, width)
    flags = [np.array(values, dtype=bool) for values in (right, main, known)]
    return Pooled(table, flags[0], flags[1], np.array(weight), np.array(article), flags[2], kept)


def fit_linear(table: np.ndarray, wanted: np.ndarray, weight: np.ndarray) -> tuple[np.ndarray, float]:
    """Logistic regression over standardised numbers, given back for raw ones: weights and bias."""
    mean, spread = table.mean(axis=0), table.std(axis=0)
    spread[spread == 0] = 1.0
    model = LogisticRegression(C=STRENGTH_POOLED, max_iter=2000).fit(
        (table - mean) / spread, wanted, sample_weight=weight
    )
    weights = model.coef_[0] / spread
    return weights, float(model.intercept_[0] - (weights * mean).sum())


def calibration(
    raw: np.ndarray, right: np.ndarray, weight: np.ndarray, knots: int = 12
) -> tuple[list[float], list[float]]:
    """Knots of the raw probability and the share of right ones at them: isotonic, so that more never means less."""
    curve = IsotonicRegression(y_min=0.01, y_max=0.99, out_of_bounds="clip").fit(raw, right, sample_weight=weight)
    at = np.unique(np.quantile(raw, np.linspace(0, 1, knots)).round(4))
    smooth = [
        float(curve.predict(raw[np.abs(raw - k) <= 0.05]).mean()) if (np.abs(raw - k) <= 0.05).any() else k for k in at
    ]
    return [float(k) for k in at], [round(float(v), 4) for v in np.maximum.accumulate(smooth)]

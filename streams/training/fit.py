"""Fitting: events to level 1, cross-validated scores to level 2, thresholds and calibration to the rest."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from streams.detectors.choosing import Detector
from streams.detectors.pooling import NUMBERS, Candidate, pool
from streams.training.labelled import Example
from streams.weights import UNLIKELY, Score, label_shares, sigmoid

FOLDS = 5
MIN_ARTICLES = 3
"""A feature seen in fewer articles says something about them, not about language."""
STRENGTH_EVENTS, STRENGTH_LABELS, STRENGTH_ALONE, STRENGTH_POOLED = 0.3, 0.15, 0.3, 0.1
"""Inverse L2 penalties of level 1 (any signal; labels that compete; a label by itself) and level 2."""
NEVER = -12.0
"""Log-odds of a label that no example has."""
SMALLEST = 0.04
"""Weights nearer to nothing than this are dropped: they decide nothing and cost time."""


@dataclass(slots=True)
class Level1:
    """Weights of one fit: columns "any", the labels that compete, the labels by themselves."""

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


def folds_of(rows: Sequence[Example]) -> np.ndarray:
    """The fold of each example: by its article's id, so that two readings of one article stay together."""
    return np.array([crc32(row.document.article.id.encode()) % FOLDS for row in rows])


def matrix(rows: Sequence[Example], index: dict[str, int]) -> csr_matrix:
    """One row an event, one column a feature: in how many of its groups the feature is present."""
    columns: list[int] = []
    ends = [0]
    for row in rows:
        for event in row.events:
            columns += [index[f] for group in event.groups for f in sorted(set(group)) if f in index]
            ends.append(len(columns))
    table = csr_matrix((np.ones(len(columns), dtype=np.float32), columns, ends), shape=(len(ends) - 1, len(index)))
    table.sum_duplicates()
    return table


def event_weights(rows: Sequence[Example]) -> tuple[np.ndarray, np.ndarray]:
    """Of each event of the examples: what it counts, and whether it is typical of news."""
    weight = [weight for row in rows for weight in row.weights()]
    return np.array(weight), np.repeat([row.typical for row in rows], [len(row.events) for row in rows])


def fit_level1(
    x: csr_matrix, wanted: Sequence[set[str]], weight: np.ndarray, typical: np.ndarray, labels: Sequence[str]
) -> Level1:
    """Logistic regressions: "any", over typical events; labels that compete, over the events that have one; each label by
    itself, over likely typical events."""
    positive = np.array([bool(w) for w in wanted])
    first = LogisticRegression(C=STRENGTH_EVENTS, solver="liblinear", random_state=0, tol=1e-3, max_iter=300)
    first.fit(x[typical], positive[typical], sample_weight=weight[typical])
    coefficients = np.zeros((x.shape[1], 2 * len(labels) + 1))
    bias = np.full(2 * len(labels) + 1, NEVER)
    coefficients[:, 0], bias[0] = first.coef_[0], first.intercept_[0]
    rows = [at for at in np.flatnonzero(positive).tolist() for _ in wanted[at]]
    classes = [labels.index(label) for at in np.flatnonzero(positive).tolist() for label in sorted(wanted[at])]
    second = LogisticRegression(C=STRENGTH_LABELS, max_iter=400, tol=1e-4)
    second.fit(x[rows], classes, sample_weight=weight[rows])
    for at, label in enumerate(second.classes_):
        coefficients[:, label + 1], bias[label + 1] = second.coef_[at], second.intercept_[at]
    likely = np.flatnonzero(typical & (positive | (first.predict_proba(x)[:, 1] >= UNLIKELY)))
    for column, label in enumerate(labels, start=len(labels) + 1):
        has = np.array([label in wanted[at] for at in likely.tolist()])
        if has.any():
            alone = LogisticRegression(C=STRENGTH_ALONE, solver="liblinear", random_state=0, tol=1e-3, max_iter=300)
            alone.fit(x[likely], has, sample_weight=weight[likely])
            coefficients[:, column], bias[column] = alone.coef_[0], alone.intercept_[0]
    coefficients = coefficients.round(3)
    coefficients[np.abs(coefficients) < SMALLEST] = 0
    return Level1(coefficients, bias.round(4))


def scores(model: Level1, x: csr_matrix) -> list[Score]:
    """What the model reads in each event, as at run time."""
    sums = x @ model.coefficients + model.bias
    found = []
    for any_, *rest in sums.tolist():
        chance = sigmoid(any_)
        found.append(Score(chance, label_shares(chance, rest) if chance >= UNLIKELY else ()))
    return found


def cross_scores(
    rows: Sequence[Example], folds: np.ndarray, x: csr_matrix, wanted: Sequence[set[str]], labels: Sequence[str]
) -> list[Score]:
    """Each event read by a model that never saw its article."""
    owner = np.repeat(np.arange(len(rows)), [len(row.events) for row in rows])
    weight, typical = event_weights(rows)
    found: list[Score | None] = [None] * len(owner)
    for fold in range(FOLDS):
        inside = folds[owner] == fold
        learn = np.flatnonzero(~inside)
        model = fit_level1(x[learn], [wanted[at] for at in learn.tolist()], weight[learn], typical[learn], labels)
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
        if not row.whole:
            continue
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


def fit_order(
    table: np.ndarray, wanted: np.ndarray, weight: np.ndarray, article: np.ndarray
) -> tuple[np.ndarray, float]:
    """Logistic regression over the differences of wanted rows and the others of their article: which goes before which."""
    spread = table.std(axis=0)
    spread[spread == 0] = 1.0
    scaled, rows, each = table / spread, [], []
    for number in np.unique(article[wanted]).tolist():
        inside = article == number
        others = scaled[inside & ~wanted]
        for row, counts in zip(scaled[inside & wanted], weight[inside & wanted], strict=True):
            rows.append(row - others)
            each.append(np.full(len(others), counts / max(1, len(others)) ** 0.5))
    if not sum(map(len, rows)):
        return np.zeros(table.shape[1]), 0.0
    ahead, counts = np.vstack(rows), np.concatenate(each)
    sides = np.concatenate([np.ones(len(ahead)), np.zeros(len(ahead))])
    model = LogisticRegression(C=STRENGTH_POOLED, fit_intercept=False, max_iter=2000)
    model.fit(np.vstack([ahead, -ahead]), sides, sample_weight=np.concatenate([counts, counts]))
    return model.coef_[0] / spread, 0.0


def probabilities(table: np.ndarray, linear: tuple[np.ndarray, float]) -> np.ndarray:
    """What `fit_linear`'s weights and bias say of each row of raw numbers."""
    return np.asarray(1 / (1 + np.exp(-(table @ linear[0] + linear[1]))))

"""Candidates in, findings out: what is kept, with what confidence, and which one is the article's main signal."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from schemas.signal import Payload, Realis, core_of
from streams.detectors.candidate import Choice, Event, Finding, Proof
from streams.detectors.pooling import NUMBERS, Candidate, pool
from streams.text.document import Document
from streams.text.seedfile import SEEDS
from streams.weights import Linear, Weights, calibrated, deciding, read_event, read_weights, sigmoid

MAX_SENTENCES = 4
STRONG = 0.3
"""A sentence beside the best one tells a signal of its own from this chance on (and from half the best one's)."""

_SURE = 6.0
"""The log-odds of what a rule says where nothing was learned: near certainty, so that its word alone decides."""
_Payload = tuple[Payload, tuple[Proof, ...], Realis]


@dataclass(frozen=True, slots=True)
class Detector:
    """One kind of signal: what it proposes, and how a kept reading becomes a payload.

    `by_label`: each (key, label) is judged for itself; else the key is, and carries every label of a large enough share.
    `trigger`: the lexicon sections (or "weapon") of which one must occur, so that a text without a cue costs nothing.
    `prior`: the confidence of what the rule finds where no weights were learned for the kind; its events then say their
    label in a feature ("label=signed"). None: there must be weights.
    """

    kind: str
    labels: tuple[str, ...]
    trigger: tuple[str, ...]
    by_label: bool
    events: Callable[[Document], Iterator[Event]]
    payload: Callable[[Document, Choice], _Payload | None]
    prior: float | None = None


@cache
def weights_of(detector: Detector, seeds: Path = SEEDS) -> Weights:
    """What was learned for the kind, else what its rule says by itself. Raises SeedError where neither can be had."""
    learned = (seeds / "weights" / f"{detector.kind}.json").exists()
    if learned or detector.prior is None:
        return read_weights(detector.kind, seeds)
    return _by_rule(detector, detector.prior)


def _by_rule(detector: Detector, prior: float) -> Weights:
    """Every key kept with the labels that half of its events say; main is the one told first."""
    numbers = (*NUMBERS, *(detector.labels if detector.by_label else ()))
    by_share = tuple(_SURE * (detector.by_label and name == "share of label") for name in numbers)
    return Weights(
        kind=detector.kind,
        labels=detector.labels,
        any={},
        any_bias=_SURE,
        features={f"label={label}": ((at, _SURE),) for at, label in enumerate(detector.labels)},
        bias=(0.0,) * len(detector.labels),
        keep=Linear(by_share, -_SURE / 2 if detector.by_label else _SURE),
        main=Linear(tuple(-1.0 * (name == "first sentence") for name in numbers), 0.0),
        threshold=0.5,
        share=0.5,
        scale=((0.0,), (prior,)),
    )


def candidates(document: Document, detector: Detector, weights: Weights) -> tuple[list[Event], list[Candidate]]:
    """All events of the article and the candidates they pool into; both empty where no cue stands."""
    if not any(document.layers.get(section) for section in detector.trigger):
        return [], []
    events = list(detector.events(document))
    scores = [read_event(weights, event.features) for event in events]
    return events, pool(document, events, scores, detector.labels, by_label=detector.by_label)


def detect(document: Document, detector: Detector, weights: Weights, *, explain: bool = False) -> tuple[Finding, ...]:
    """The signals of one kind, main first; exactly one is main where there is any."""
    events, pooled = candidates(document, detector, weights)
    kept = [(candidate, sigmoid(weights.keep(candidate.numbers))) for candidate in pooled]
    kept = [(candidate, raw) for candidate, raw in kept if raw >= weights.threshold]
    found: dict[tuple[object, ...], tuple[float, Finding]] = {}
    for candidate, raw in kept:
        confidence, rank = calibrated(weights, raw), weights.main(candidate.numbers)
        why = deciding(weights, events[candidate.best].features, _top(candidate, detector)) if explain else ()
        for choice, part in _choices(candidate, detector, weights):
            built = detector.payload(document, choice)
            if built is None:
                continue
            payload, proofs, realis = built
            finding = Finding(payload, False, realis, confidence, proofs, why)
            core = core_of(payload)
            if core not in found or found[core][0] < rank + part:
                found[core] = (rank + part, finding)
    return _with_main(found)


def _top(candidate: Candidate, detector: Detector) -> str:
    return candidate.label or detector.labels[candidate.shares.index(max(candidate.shares))]


def _choices(candidate: Candidate, detector: Detector, weights: Weights) -> Iterator[tuple[Choice, float]]:
    """The readings of a candidate: its best sentence, and each other one strong enough to tell a signal of its own.

    One state's two speakers, or one deal at several stages, are told in different sentences. With each comes how much
    of the candidate it is.
    """
    sentences = candidate.sentences[:MAX_SENTENCES]
    label = _top(candidate, detector)
    least = max(STRONG, max(candidate.chances) / 2)
    told = {s: c for s, c in zip(sentences, candidate.chances, strict=False) if c >= least or s == sentences[0]}
    weak = tuple(sentence for sentence in sentences if sentence not in told)
    for sentence, chance in told.items():
        rest = tuple(other for other in told if other != sentence)
        yield Choice(candidate.key, label, (sentence, *weak, *rest), own=1 + len(weak)), chance
    if candidate.label is None:
        for other, share in zip(detector.labels, candidate.shares, strict=True):
            if other != label and share >= weights.share:
                yield Choice(candidate.key, other, sentences), share


def _with_main(found: Mapping[tuple[object, ...], tuple[float, Finding]]) -> tuple[Finding, ...]:
    """Findings by rank; the first that is not background is main, and background only where there is nothing else."""
    ranked = [finding for _, finding in sorted(found.values(), key=lambda item: -item[0])]
    first = next((i for i, finding in enumerate(ranked) if finding.realis is not Realis.PAST), 0)
    ordered = [*ranked[first : first + 1], *ranked[:first], *ranked[first + 1 :]]
    return tuple(Finding(f.payload, i == 0, f.realis, f.confidence, f.proofs, f.why) for i, f in enumerate(ordered))

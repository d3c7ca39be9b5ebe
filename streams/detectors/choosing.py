"""Candidates in, findings out: what is kept, with what confidence, and which one is the article's main signal."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from schemas.signal import Payload, Realis
from streams.detectors.candidate import Choice, Event, Finding, Proof
from streams.detectors.pooling import Candidate, pool
from streams.text.document import Document
from streams.weights import Weights, calibrated, deciding, read_event, sigmoid

MAX_SENTENCES = 4
_Payload = tuple[Payload, tuple[Proof, ...], Realis]


@dataclass(frozen=True, slots=True)
class Detector:
    """One kind of signal: what it proposes, and how a kept reading becomes a payload.

    `by_label`: each (key, label) is judged for itself; else the key is, and carries every label of a large enough share.
    `trigger`: the lexicon sections (or "weapon") of which one must occur, so that a text without a cue costs nothing.
    """

    kind: str
    labels: tuple[str, ...]
    trigger: tuple[str, ...]
    by_label: bool
    events: Callable[[Document], Iterator[Event]]
    payload: Callable[[Document, Choice], _Payload | None]


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
        for label, part in _labels(candidate, detector, weights):
            built = detector.payload(document, Choice(candidate.key, label, candidate.sentences[:MAX_SENTENCES]))
            if built is None:
                continue
            payload, proofs, realis = built
            why = deciding(weights, events[candidate.best].features, label) if explain else ()
            confidence = calibrated(weights, raw)
            finding = Finding(payload, False, realis, confidence, proofs, why)
            rank = weights.main(candidate.numbers) + (part if not detector.by_label else 0.0)
            core = tuple(getattr(payload, name) for name in payload.CORE)
            if core not in found or found[core][0] < rank:
                found[core] = (rank, finding)
    return _with_main(found)


def _labels(candidate: Candidate, detector: Detector, weights: Weights) -> Iterator[tuple[str, float]]:
    if candidate.label is not None:
        yield candidate.label, 1.0
        return
    top = max(candidate.shares)
    for label, share in zip(detector.labels, candidate.shares, strict=True):
        if share == top or share >= weights.share:
            yield label, share


def _with_main(found: Mapping[tuple[object, ...], tuple[float, Finding]]) -> tuple[Finding, ...]:
    """Findings by rank; the first that is not background is main, and background only where there is nothing else."""
    ranked = [finding for _, finding in sorted(found.values(), key=lambda item: -item[0])]
    first = next((i for i, finding in enumerate(ranked) if finding.realis is not Realis.PAST), 0)
    ordered = [*ranked[first : first + 1], *ranked[:first], *ranked[first + 1 :]]
    return tuple(Finding(f.payload, i == 0, f.realis, f.confidence, f.proofs, f.why) for i, f in enumerate(ordered))

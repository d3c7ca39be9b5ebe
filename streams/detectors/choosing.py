"""Candidates in, findings out: what is kept, with what confidence, and which one is the article's main signal."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from schemas.signal import Payload, Realis, core_of
from streams.detectors.candidate import Choice, Event, Finding, Proof
from streams.detectors.pooling import NUMBERS, Candidate, pool
from streams.packing import packed
from streams.text.document import Document, Sentence
from streams.text.seedfile import SEEDS
from streams.weights import Linear, Weights, calibrated, deciding, read_events, read_weights, sigmoid

MAX_SENTENCES = 6
STRONG = 0.15
"""A sentence beside the best one tells a signal of its own from this chance on (and from half the best one's)."""

LEAD = 0.3
"""What a signal told in the title or the lead is ahead of another of the same candidate, as main signal."""
CUED = 0.08
"""The same for a sentence whose own cues name its label, of a key that is judged as a whole."""

_SURE = 6.0
"""The log-odds of what a rule says where nothing was learned: near certainty, so that its word alone decides."""
_Payload = tuple[Payload, tuple[Proof, ...], Realis]


@dataclass(frozen=True, slots=True)
class Detector:
    """One kind of signal: what it proposes, and how a kept reading becomes a payload.

    `key`, `label`: the payload's fields that hold who and which label, by which labelled articles are compared.
    `by_label`: each (key, label) is judged for itself; else the key is, and each of its sentences carries a label of its own.
    `trigger`: the lexicon sections (or "weapon") of which one must occur, so that a text without a cue costs nothing.
    `cued`: where keys are judged as a whole: the label that a sentence's own cues name; what was learned decides where it
    is None.
    `prior`: the confidence of what the rule finds where no weights were learned for the kind; its events then say their
    label in a feature ("label=signed"). None: there must be weights.
    """

    kind: str
    key: tuple[str, ...]
    label: str
    labels: tuple[str, ...]
    trigger: tuple[str, ...]
    by_label: bool
    events: Callable[[Document], Iterator[Event]]
    payload: Callable[[Document, Choice], _Payload | None]
    prior: float | None = None
    cued: Callable[[Document, Sentence], str | None] | None = None


@cache
def weights_of(detector: Detector, seeds: Path = SEEDS) -> Weights:
    """What was learned for the kind, else what its rule says by itself. Raises SeedError where neither can be had."""
    learned = (seeds / "weights" / f"{detector.kind}.json").exists()
    if learned or detector.prior is None:
        return read_weights(detector.kind, seeds)
    return _by_rule(detector, detector.prior)


def _by_rule(detector: Detector, prior: float) -> Weights:
    """Every key kept with the labels that half of its events say; main is the one told first."""
    count = len(detector.labels)
    numbers = (*NUMBERS, *(detector.labels if detector.by_label else ()))
    by_share = tuple(_SURE * (detector.by_label and name == "share of label") for name in numbers)
    return Weights(
        kind=detector.kind,
        labels=detector.labels,
        features={
            f"label={label}": packed([(1 + at, _SURE), (1 + count + at, _SURE)])
            for at, label in enumerate(detector.labels)
        },
        bias=packed(enumerate((_SURE, *(0.0,) * count, *(-_SURE / 2,) * count))),
        keep=Linear(by_share, -_SURE / 2 if detector.by_label else _SURE),
        main=Linear(tuple(-1.0 * (name == "first sentence") for name in numbers), 0.0),
        thresholds=(0.5, 0.5),
        scale=((0.0,), (prior,)),
    )


def candidates(document: Document, detector: Detector, weights: Weights) -> tuple[list[Event], list[Candidate]]:
    """All events of the article and the candidates they pool into; both empty where no cue stands."""
    if not any(document.layers.get(section) for section in detector.trigger):
        return [], []
    events = list(detector.events(document))
    scores = read_events(weights, [event.groups for event in events])
    return events, pool(document, events, scores, detector.labels, by_label=detector.by_label)


def detect(document: Document, detector: Detector, weights: Weights, *, explain: bool = False) -> tuple[Finding, ...]:
    """The signals of one kind, main first; exactly one is main where there is any."""
    events, pooled = candidates(document, detector, weights)
    read = [(candidate, sigmoid(weights.keep(candidate.numbers))) for candidate in pooled]
    read.sort(key=lambda item: -item[1])
    first, further = weights.thresholds
    kept = [(candidate, raw) for n, (candidate, raw) in enumerate(read) if raw >= (further if n else first)]
    kept = [(candidate, raw) for n, (candidate, raw) in enumerate(kept) if not _mirrored(candidate, kept[:n])]
    found: dict[tuple[object, ...], tuple[float, Finding]] = {}
    for candidate, raw in kept:
        confidence, rank = calibrated(weights, raw), weights.main(candidate.numbers)
        for choice, part in _choices(document, candidate, detector):
            built = detector.payload(document, choice)
            if built is None:
                continue
            payload, proofs, realis = built
            why = deciding(weights, events[candidate.best].groups, choice.label) if explain else ()
            finding = Finding(payload, False, realis, confidence, proofs, why)
            core = core_of(payload)
            if core not in found or found[core][0] < rank + part:
                found[core] = (rank + part, finding)
    return _with_main(found)


def _mirrored(candidate: Candidate, likelier: list[tuple[Candidate, float]]) -> bool:
    """True for a reading of a sentence that a likelier one reads the other way round: who supplies does not receive there."""
    mirror = candidate.key[::-1]
    return len(mirror) > 1 and any(
        other.key == mirror and candidate.sentences[0] in other.sentences for other, _ in likelier
    )


def _choices(document: Document, candidate: Candidate, detector: Detector) -> Iterator[tuple[Choice, float]]:
    """The readings of a candidate, each with how far ahead of its others it is: its best sentence, and others strong enough for their own signal.

    Where keys are kept as a whole, sentences that speak for the same label tell one signal together (one deal at several
    stages is several signals); else each tells its own (one state may have two speakers).
    """
    least = max(STRONG, candidate.chances[0] / 2)
    read = list(zip(candidate.sentences, candidate.chances, candidate.spoken, strict=True))[:MAX_SENTENCES]
    cued: dict[int, str | None] = {}
    if candidate.label is None and detector.cued is not None:
        cued = {sentence: detector.cued(document, document.sentences[sentence]) for sentence, _, _ in read}
    strong = [row for n, row in enumerate(read) if n == 0 or row[1] >= (CUED if cued.get(row[0]) else least)]
    weak = tuple(row[0] for row in read if row not in strong)
    together: dict[object, list[tuple[int, float, str]]] = {}
    for sentence, chance, spoken in strong:
        label = candidate.label or cued.get(sentence) or detector.labels[spoken.index(max(spoken))]
        together.setdefault(sentence if candidate.label else label, []).append((sentence, chance, label))
    for told in together.values():
        own = tuple(sentence for sentence, _, _ in told)
        rest = tuple(sentence for sentence, _, _ in strong if sentence not in own)
        early = LEAD if any(document.sentences[at].in_title or at <= 2 for at in own) else 0.0
        yield Choice(candidate.key, told[0][2], (*own, *weak, *rest), own=len(own) + len(weak)), told[0][1] + early


def _with_main(found: Mapping[tuple[object, ...], tuple[float, Finding]]) -> tuple[Finding, ...]:
    """Findings by rank; the first that is not background is main, and background only where there is nothing else."""
    ranked = [finding for _, finding in sorted(found.values(), key=lambda item: -item[0])]
    first = next((i for i, finding in enumerate(ranked) if finding.realis is not Realis.PAST), 0)
    ordered = [*ranked[first : first + 1], *ranked[:first], *ranked[first + 1 :]]
    return tuple(Finding(f.payload, i == 0, f.realis, f.confidence, f.proofs, f.why) for i, f in enumerate(ordered))

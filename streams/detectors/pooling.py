"""All events of an article pooled into candidates: for each key (and label) some thirty numbers, none naming an actor."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log

from streams.detectors.candidate import Event, Key
from streams.text.document import Document
from streams.weights import UNLIKELY, Score

NUMBERS = (
    "best joint (log)", "sum of joint (log)", "share of label", "best other label (log)", "any of joint",
    "best event", "sum of events (log)", "any of events", "share of article", "rank in article",
    "events of key", "events of article", "best in article", "sum of article (log)", "any in article",
    "lead over others in sentence", "lead over mirror", "no first actor", "no second actor",
    "first sentence", "best sentence", "best in title", "best in lead", "score in title", "home first", "sentences",
    "told in title", "told in lead", "told early", "told first (log)", "actor in title", "title's first actor",
)  # fmt: skip
"""Names of the pooled numbers, in order; the labels follow as 0 or 1."""

_TINY = 1e-4
_LEAD = 2
_TOLD = 0.05
"""From this chance on a sentence may be the first to tell a candidate."""
_NEVER = 30
"""The place of a candidate that no sentence tells."""
_FADING = 0.8
"""What a sentence counts for "told early" against the one before it."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One possible signal: a key, its label (None where keys are kept as a whole), its numbers, its sentences by score, how
    likely each alone is to show it, and how much each speaks for every label."""

    key: Key
    label: str | None
    numbers: tuple[float, ...]
    sentences: tuple[int, ...]
    chances: tuple[float, ...]
    spoken: tuple[tuple[float, ...], ...]
    best: int
    shares: tuple[float, ...]


def pool(
    document: Document, events: Sequence[Event], scores: Sequence[Score], labels: Sequence[str], *, by_label: bool
) -> list[Candidate]:
    """The candidates of an article, in the order of their keys' first events."""
    by_key, by_sentence = _grouped(events)
    sums = {key: sum(scores[i].any for i in own) for key, own in by_key.items()}
    ranks = {key: rank for rank, key in enumerate(sorted(by_key, key=lambda key: -sums[key]))}
    article = _article(scores, by_sentence)
    everything = sum(score.any for score in scores) + _TINY
    title = [m.code for sentence in document.sentences[:1] if sentence.in_title for m in sentence.mentions]
    found = []
    for key, own in by_key.items():
        read = [i for i in own if scores[i].labels]
        if not read:
            continue
        mirror = max((scores[i].any for i in by_key.get(key[::-1], ())), default=0.0) if len(key) > 1 else 0.0
        joint = {i: [scores[i].any * part for part in scores[i].labels] for i in read}
        totals = [sum(parts) for parts in zip(*joint.values(), strict=True)]
        whole = sum(totals) + _TINY
        shares = tuple(total / whole for total in totals)
        shared = (*_of_key(scores, own, sums[key], everything), float(ranks[key]), float(len(own)), float(len(events)), *article)  # fmt: skip
        first = float(min(events[i].sentence for i in own))
        titled = (float(key[0] in title), float(title[:1] == [key[0]]))
        for n in range(len(labels)) if by_label else (None,):
            chances = {i: row[n] for i, row in joint.items()} if n is not None else {i: scores[i].any for i in read}
            order = sorted(read, key=lambda i: (-chances[i], i))
            best = order[0]
            if chances[best] < UNLIKELY:
                continue
            rivals = [scores[i].any for i in by_sentence[events[best].sentence] if events[i].key != key]
            numbers = (
                *_of_label(tuple(chances.values()), totals, shares, n), *shared,
                scores[best].any - max(rivals, default=0.0), scores[best].any - mirror,
                float(key[0] is None), float(key[-1] is None),
                first, *_places(document, events, scores, own, best),
                float(key[0] == document.home), float(len(document.sentences)), *_told(document, events, chances), *titled,
                *(float(n == other) for other in range(len(labels)) if by_label),
            )  # fmt: skip
            label = labels[n] if n is not None else None
            found.append(Candidate(key, label, numbers, *_shown(events, order, chances, joint), best, shares))
    return found


def _shown(
    events: Sequence[Event], order: Sequence[int], chances: Mapping[int, float], joint: Mapping[int, Sequence[float]]
) -> tuple[tuple[int, ...], tuple[float, ...], tuple[tuple[float, ...], ...]]:
    """The candidate's sentences by score, with the chance of each and what it says of every label, by its best event."""
    best = {events[i].sentence: i for i in reversed(order)}
    by_score = sorted(best.values(), key=lambda i: -chances[i])
    return (
        tuple(events[i].sentence for i in by_score),
        tuple(chances[i] for i in by_score),
        tuple(tuple(joint[i]) for i in by_score),
    )


def _grouped(events: Sequence[Event]) -> tuple[dict[Key, list[int]], dict[int, list[int]]]:
    """The events' indices by key and by sentence, in order."""
    by_key: dict[Key, list[int]] = {}
    by_sentence: dict[int, list[int]] = {}
    for index, event in enumerate(events):
        by_key.setdefault(event.key, []).append(index)
        by_sentence.setdefault(event.sentence, []).append(index)
    return by_key, by_sentence


def _any_of(chances: Sequence[float]) -> float:
    """The chance that at least one is right, were they independent."""
    none = 1.0
    for chance in chances:
        none *= 1 - chance
    return 1 - none


def _article(scores: Sequence[Score], by_sentence: dict[int, list[int]]) -> tuple[float, float, float]:
    best = [max(scores[i].any for i in own) for own in by_sentence.values()]
    return max(best, default=0.0), log(sum(best) + _TINY), _any_of(best)


def _of_key(
    scores: Sequence[Score], own: Sequence[int], total: float, everything: float
) -> tuple[float, float, float, float]:
    chances = [scores[i].any for i in own]
    return max(chances), log(total + _TINY), _any_of(chances), total / everything


def _of_label(
    weights: Sequence[float], totals: Sequence[float], shares: Sequence[float], label: int | None
) -> tuple[float, float, float, float, float]:
    if label is None:
        return (
            log(max(weights) + _TINY),
            log(sum(weights) + _TINY),
            max(shares),
            log(max(totals) + _TINY),
            _any_of(weights),
        )
    other = max((total for n, total in enumerate(totals) if n != label), default=0.0)
    return log(max(weights) + _TINY), log(totals[label] + _TINY), shares[label], log(other + _TINY), _any_of(weights)


def _places(
    document: Document, events: Sequence[Event], scores: Sequence[Score], own: Sequence[int], best: int
) -> tuple[float, float, float, float]:
    """Where the key's events stand: best sentence, whether that is the title, best score in the lead and in the title."""
    where = document.sentences
    lead = max((scores[i].any for i in own if events[i].sentence <= _LEAD), default=0.0)
    title = max((scores[i].any for i in own if where[events[i].sentence].in_title), default=0.0)
    return float(events[best].sentence), float(where[events[best].sentence].in_title), lead, title


def _told(
    document: Document, events: Sequence[Event], chances: Mapping[int, float]
) -> tuple[float, float, float, float]:
    """Where this very candidate is told, label and all: best chance in title and lead, early chances summed, first place."""
    title = lead = early = 0.0
    first = _NEVER
    for i, chance in chances.items():
        at = events[i].sentence
        early += chance * _FADING**at
        if at <= _LEAD:
            lead = max(lead, chance)
            if document.sentences[at].in_title:
                title = max(title, chance)
        if chance > _TOLD:
            first = min(first, at)
    return title, lead, early, log(1 + first)

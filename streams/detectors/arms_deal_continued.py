"""Sentences that go on about a deal without naming it again: "But deliveries have been delayed several times." """

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations

from streams.detectors.arms_deal_roles import Party
from streams.detectors.candidate import Event
from streams.text.document import Document, Sentence
from streams.text.lexicon import Cue
from streams.text.masking import masked, pieces

MOST_PAIRS = 6
_NEAR = 2
"""Sentences; a deal told further back is another subject."""
_GOES_ON = frozenset(("delayed", "suspended", "cancelled", "delivering", "delivered"))
"""Stages that are told of a deal already named; the others name what they are about."""
_MOST_WORDS = 30


@dataclass(frozen=True, slots=True)
class Pair:
    """Two who may have dealt with one another in a sentence, and the leaning of each there."""

    sentence: int
    supplier: str
    recipient: str
    leans: str


def pairs_of(sentence: Sentence, found: Sequence[Party]) -> list[Pair]:
    """The first two actors of a sentence on arms, either way round."""
    leans = {party.code: party.lean for party in reversed(found) if party.code}
    first = list(reversed(leans))[:2]
    return [Pair(sentence.index, one, other, f"{leans[one]} {leans[other]}") for one, other in permutations(first, 2)]


def continued(document: Document, sentence: Sentence, pairs: Sequence[Pair]) -> Iterator[Event]:
    """One event for each pair of the sentences right before, where the sentence says how its deal went on."""
    if not any(sentence.index - pair.sentence <= _NEAR for pair in pairs):
        return
    hits = document.hits("stage", sentence.start, sentence.end)
    stages = {hit.entry.label for hit in hits if isinstance(hit.entry, Cue) and hit.entry.label in _GOES_ON}
    if not stages:
        return
    words = (f"w={word}" for word in masked(pieces(document, sentence))[:_MOST_WORDS])
    lone = not any(mention.code for mention in sentence.mentions)
    shared = ("continued", f"lone={lone}", *(f"stage={stage}" for stage in sorted(map(str, stages))), *words)
    seen = set()
    for pair in reversed(pairs):
        key = (pair.supplier, pair.recipient)
        far = sentence.index - pair.sentence
        if far <= _NEAR and key not in seen:
            seen.add(key)
            yield Event(sentence.index, key, (shared, (f"continued={pair.leans}", f"back={far}")))

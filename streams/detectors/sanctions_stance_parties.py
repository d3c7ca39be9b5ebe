"""Who sends a measure and whom it hits: votes of where actors stand around measures, in a stance's sentences and the article."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise

from schemas.sanctions_stance import Stance
from streams.detectors.sanctions_stance_frames import frames
from streams.text.document import Document, Mention, Sentence
from streams.text.gazetteer import MentionKind

PARTIES = frozenset(MentionKind) - {MentionKind.AGENCY, MentionKind.CITY}
SENDS = frozenset((Stance.IMPOSE, Stance.TIGHTEN, Stance.THREATEN, Stance.EASE))
"""Stances of those who impose."""

_HIT = {
    "inside": 3.0,
    "sent on": 4.5, "first object": 0.96, "next object": 0.66, "first passive": 0.24, "next passive": 0.4,
    "before": 0.43, "behind": 1.2, "owner": -0.19, "sent by": -0.37, "first agent": -3.2, "next agent": -0.48,
    "first subject": -0.45, "next subject": -0.6,
}  # fmt: skip
_SENT = {
    "inside": -2.0,
    "owner": 4.4, "sent by": 7.26, "first agent": 1.44, "next agent": 1.6, "next subject": 2.66,
    "first subject": 0.48, "before": 0.5, "sent on": -0.24, "first object": -0.4, "next object": -0.35,
    "first passive": -0.6,
}  # fmt: skip
_ORDER = (1.0, 0.6, 0.4, 0.3)
"""What a vote weighs in the best sentence, the second, and so on."""
_ARTICLE = 0.31
"""What a vote weighs elsewhere in the article, all of which together stay below one good vote."""
_MOST = 1.77
_NAMED = 0.92
_SELF = {Stance.OPPOSE: 0.71, Stance.EVADE: 2.02, Stance.DEFY: 0.7, Stance.COMPLY: -0.7, Stance.SUPPORT: -1.93}
"""How likely the actor is itself the target of what it opposes, evades or defies (fitted, like the votes, to the training labels)."""
_VICTIM = frozenset(("of", "in", "invade", "invaded", "invading", "invades", "attack", "helping"))
_ON, _ITS = frozenset(("on", "against")), frozenset(("its", "it", "his", "her", "their", "our", "them", "us"))
_ENOUGH_SENDER, _ENOUGH_TARGET = 1.0, 0.12


def target(
    document: Document, sentences: Sequence[Sentence], actor: str, stance: Stance
) -> tuple[str | None, Mention | None]:
    """Who is hit, and the mention that shows it best; None where the text does not say."""
    votes = _votes(document, sentences, _HIT)
    bonus = {actor: -9.0} if stance in SENDS else {actor: _SELF.get(stance, 0.0)}
    if stance not in SENDS and any(_on_itself(document, sentence) for sentence in sentences[:1]):
        bonus[actor] += _HIT["sent on"]
    code = _winner(votes, bonus, _ENOUGH_TARGET)
    return code, _shown(document, sentences, code, _HIT)


def _on_itself(document: Document, sentence: Sentence) -> bool:
    """True for "sanctions against it" or "on its banks": who speaks of them is hit by them."""
    for hit in document.hits("measure", sentence.start, sentence.end):
        words = document.fold[hit.end : sentence.end].split()[:4]
        if any(word in _ON and after in _ITS for word, after in pairwise(words)):
            return True
    return False


def sender(
    document: Document, sentences: Sequence[Sentence], actor: str, stance: Stance, hit: str | None
) -> tuple[str | None, Mention | None]:
    """Who imposes or would impose: the actor itself in a sender's stance; None where the text does not say."""
    if stance in SENDS:
        return actor, _shown(document, sentences, actor, _SENT)
    votes = _votes(document, sentences, _SENT)
    bonus = {actor: -9.0}
    if hit is not None:
        bonus[hit] = -9.0
    code = _winner(votes, bonus, _ENOUGH_SENDER)
    return code, _shown(document, sentences, code, _SENT)


def _votes(document: Document, sentences: Sequence[Sentence], worth: Mapping[str, float]) -> dict[str, float]:
    votes: dict[str, float] = defaultdict(float)
    for weight, sentence in zip(_ORDER, sentences, strict=False):
        for code, vote in _of_sentence(document, sentence, worth).items():
            votes[code] += weight * vote
    chosen = {sentence.index for sentence in sentences}
    far: dict[str, float] = defaultdict(float)
    measured = {
        bisect_right(document.sentences, hit.start, key=_start) - 1 for hit in document.layers.get("measure", ())
    }
    for index in sorted(measured - chosen):
        sentence = document.sentences[index]
        if not sentence.furniture:
            for code, vote in _of_sentence(document, sentence, worth, named=0.0).items():
                far[code] += _ARTICLE * vote
    for code, vote in far.items():
        votes[code] += max(-_MOST, min(_MOST, vote))
    return votes


def _start(sentence: Sentence) -> int:
    return sentence.start


def _of_sentence(
    document: Document, sentence: Sentence, worth: Mapping[str, float], named: float = _NAMED
) -> dict[str, float]:
    votes: dict[str, float] = defaultdict(float)
    mentions = [m for m in sentence.mentions if m.code and m.kind in PARTIES]
    measures = document.hits("measure", sentence.start, sentence.end)
    if not measures and named:
        measures = document.hits("step", sentence.start, sentence.end)
    best: dict[str, float] = {}
    codes = {m.start: m.code or "" for m in mentions}
    for frame in frames(document, sentence, measures, mentions):
        for start, roles in frame.roles.items():
            code = codes[start]
            for role in roles:
                vote = worth.get(role, 0.0)
                if abs(vote) > abs(best.get(code, 0.0)):
                    best[code] = vote
    for mention in mentions:
        code = mention.code or ""
        before = document.fold[max(sentence.start, mention.start - 25) : mention.start].split()[-1:]
        if named and code not in votes:
            votes[code] += named
        if named and before and before[0] in _VICTIM:
            votes[code] -= named
    for code, vote in best.items():
        votes[code] += vote
    return votes


def _winner(votes: Mapping[str, float], bonus: Mapping[str, float], enough: float) -> str | None:
    counted = {code: vote + bonus.get(code, 0.0) for code, vote in votes.items()}
    for code, vote in bonus.items():
        counted.setdefault(code, vote)
    if not counted:
        return None
    best = max(counted, key=lambda code: counted[code])
    return best if counted[best] >= enough else None


def _shown(
    document: Document, sentences: Sequence[Sentence], code: str | None, worth: Mapping[str, float]
) -> Mention | None:
    """The mention of the actor that stands best for its part: in the stance's sentences, else the first in the article."""
    if code is None:
        return None
    found: tuple[float, Mention] | None = None
    for sentence in sentences:
        own = [m for m in sentence.mentions if m.code == code and m.kind in PARTIES]
        measures = document.hits("measure", sentence.start, sentence.end)
        read = tuple(frames(document, sentence, measures, own))
        for mention in own:
            vote = max((worth.get(role, 0.0) for f in read for role in f.roles.get(mention.start, ())), default=0.0)
            if found is None or vote > found[0]:
                found = vote, mention
        if found is not None:
            return found[1]
    return next((m for m in document.mentions if m.code == code), None)

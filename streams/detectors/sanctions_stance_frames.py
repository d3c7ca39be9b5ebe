"""Who stands where around a measure: who does the governing word, who sends the measure, whom it hits."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter

from streams.text.document import Document, Mention, Sentence
from streams.text.gazetteer import MentionKind
from streams.text.lexicon import Cue
from streams.text.vocabulary import Hit

_REACH = 7
"""Words; a stance word further away does not govern the measure."""
_BEFORE, _BEHIND = 3, 6
"""Words; a sender stands so near before its measure, a target so near behind the preposition."""
_FAR = 160
"""Code points that so few words never fill: what lies further off is not read at all."""
_ON = frozenset(("on", "against", "targeting", "for", "over", "upon", "toward", "towards", "into", "hitting", "to"))
_BY = frozenset(("by", "from"))
_PREPOSITIONS = _ON | _BY | frozenset(
    ("with", "of", "in", "at", "between", "about", "under", "via", "through", "than", "as", "including", "among", "despite")
)  # fmt: skip
_PASSIVE = frozenset(("was", "were", "been", "being", "is", "are", "be", "get", "got"))
_JOINTS = frozenset(("and", ",", ", and", "&", "or", "and the", ", the", ", and the", "as well as"))
_ADJECTIVAL = frozenset((MentionKind.DEMONYM, MentionKind.BLOC, MentionKind.GOVERNMENT, MentionKind.ORGAN))


@dataclass(frozen=True, slots=True)
class Frame:
    """One measure with the stance words that govern it and the roles of the mentions around it.

    `chain` is readable: labels of at most two words before, then of one behind ("support>ease", "|ease"). `roles` maps a
    mention's start to its roles.
    """

    measure: Hit
    chain: str
    lemma: str
    mood: tuple[str, ...]
    roles: dict[int, tuple[str, ...]]


def frames(
    document: Document, sentence: Sentence, measures: Sequence[Hit], mentions: Sequence[Mention]
) -> Iterator[Frame]:
    """One frame for each measure of the sentence, in order."""
    if not measures:
        return
    stances = [
        hit for hit in document.hits("stance", sentence.start, sentence.end) if not _covered(hit, measures)
    ]  # fmt: skip
    modals = document.hits("modal", sentence.start, sentence.end)
    for measure in measures:
        left = _left(document, stances, measure)
        right = next(
            (v for v in stances if v.start >= measure.end and _words(document, measure.end, v.start) < _REACH - 2), None
        )
        itself = next((v for v in stances if (v.start, v.end) == (measure.start, measure.end)), None)
        left += [itself] if itself is not None else []
        chain = ">".join(_label(verb) for verb in left) + (f"|{_label(right)}" if right is not None else "")
        first = left[0] if left else right if right is not None else measure
        begin = max(sentence.start, first.start - 40)
        mood = tuple(dict.fromkeys(_label(m) for m in modals if begin <= m.start < measure.end))
        verbs = [*left, *([right] if right is not None else [])]
        roles = _roles(document, sentence, measure, verbs, mentions)
        yield Frame(measure, chain or _label(measure), _lemma(first), mood, roles)


def _roles(
    document: Document, sentence: Sentence, measure: Hit, verbs: Sequence[Hit], mentions: Sequence[Mention]
) -> dict[int, tuple[str, ...]]:
    found: defaultdict[int, list[str]] = defaultdict(list)
    for mention in _around(measure, mentions):
        found[mention.start] += _of_measure(document, sentence, measure, mention)
    for place, verb in enumerate(verbs):
        name = "first" if place == 0 else "next"
        passive = is_passive(document, sentence, verb)
        subject = subject_of(document, verb, mentions)
        for mention in subject:
            found[mention.start].append(f"{name} {'passive' if passive else 'subject'}")
        after = next((m for m in mentions if m.start >= verb.end), None)
        if after is not None:
            gap = document.fold[verb.end : after.start].split()
            if "by" in gap[-2:] and len(gap) <= _REACH:
                for mention in joined_after(document, after, mentions):
                    found[mention.start].append(f"{name} agent")
            elif "owner" not in found[after.start] and len(gap) <= _object_gap(verb, measure, gap):
                found[after.start].append(f"{name} object")
    return {start: tuple(dict.fromkeys(roles)) for start, roles in found.items() if roles}


def _around(measure: Hit, mentions: Sequence[Mention]) -> Sequence[Mention]:
    """The mentions that begin not too far before or behind the measure."""
    first = bisect_left(mentions, measure.start - _FAR, key=_start)
    return mentions[first : bisect_left(mentions, measure.end + _FAR, first, key=_start)]


def _object_gap(verb: Hit, measure: Hit, gap: list[str]) -> int:
    """Words that may stand before an object: "sanctioned four Chinese firms" has more than "hit the Chinese"."""
    return _BEFORE if verb.start == measure.start else 1 + ("the" in gap)


def _of_measure(document: Document, sentence: Sentence, measure: Hit, mention: Mention) -> Iterator[str]:
    if mention.end <= measure.start:
        words = document.fold[mention.end : measure.start].split(None, _BEFORE)  # one more is too far
        possessive = words[:1] in (["'s"], ["’s"], ["'"], ["’"]) or document.text[mention.start : mention.end].endswith(
            ("'s", "’s")
        )
        if len(words) <= _BEFORE and not set(words) & (_PREPOSITIONS | {","}):
            near = mention.kind in _ADJECTIVAL or possessive
            yield "owner" if near else "before"
    elif mention.start >= measure.end:
        words = document.fold[measure.end : mention.start].split(None, _BEHIND)
        if len(words) <= _BEHIND and words:
            last = next((word for word in reversed(words) if word in _PREPOSITIONS), None)
            if last in _BY:
                yield "sent by"
            elif last in _ON:
                yield "sent on"
        elif not words:
            yield "behind"
    else:
        yield "inside"


def _left(document: Document, stances: Sequence[Hit], measure: Hit) -> list[Hit]:
    """The stance words before the measure, at most two, each within reach of the next."""
    chain: list[Hit] = []
    edge = measure.start
    for verb in reversed([v for v in stances if v.end <= measure.start]):
        if len(chain) == 2 or _words(document, verb.end, edge) > _REACH:
            break
        chain.insert(0, verb)
        edge = verb.start
    return chain


def is_passive(document: Document, sentence: Sentence, verb: Hit) -> bool:
    """True for "was defied": who stands before the verb does not do it."""
    return _previous(document, sentence, verb.start) in _PASSIVE


def subject_of(document: Document, verb: Hit, mentions: Sequence[Mention]) -> tuple[Mention, ...]:
    """The nearest mention before the verb that no preposition governs, with those joined to it."""
    for mention in reversed([m for m in mentions if m.end <= verb.start]):
        if document.ahead(mention) not in _PREPOSITIONS:
            return joined_before(document, mention, mentions)
    return ()


def joined_before(document: Document, mention: Mention, mentions: Sequence[Mention]) -> tuple[Mention, ...]:
    """The mention and those that stand in one list with it before it, last first."""
    joined = [mention]
    for other in reversed([m for m in mentions if m.end <= mention.start]):
        if document.fold[other.end : joined[-1].start].strip() not in _JOINTS:
            break
        joined.append(other)
    return tuple(joined)


def joined_after(document: Document, mention: Mention, mentions: Sequence[Mention]) -> tuple[Mention, ...]:
    """The mention and those that stand in one list with it behind it, in order."""
    joined = [mention]
    for other in mentions:
        if other.start >= joined[-1].end:
            if document.fold[joined[-1].end : other.start].strip() not in _JOINTS:
                break
            joined.append(other)
    return tuple(joined)


def _covered(hit: Hit, measures: Sequence[Hit]) -> bool:
    return any(m.start <= hit.start and hit.end <= m.end and m.start != hit.start for m in measures)


def _words(document: Document, start: int, end: int) -> int:
    return document.fold.count(" ", start, end)


def _previous(document: Document, sentence: Sentence, position: int) -> str:
    words = document.fold[max(sentence.start, position - 30) : position].split()
    return words[-1] if words else ""


def _label(hit: Hit) -> str:
    return hit.entry.label or "" if isinstance(hit.entry, Cue) else ""


def _lemma(hit: Hit) -> str:
    return hit.entry.lemma if isinstance(hit.entry, Cue) else ""


_start = attrgetter("start")

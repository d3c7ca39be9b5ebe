"""Whom a statement addresses or is about: every other actor of its sentences, ranked by readable points."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from streams.detectors.candidate import Choice
from streams.text.document import NEVER_ACTS, Document, Mention, Sentence
from streams.text.gazetteer import MentionKind
from streams.text.lexicon import Cue
from streams.text.quotes import quote_at
from streams.text.vocabulary import Hit

MOST_TARGETS = 3
_BESIDE_BEST = 2.0
"""A second target is named where it comes this near to the first."""

# Points are rounded coefficients of a logistic regression over the labelled training articles: first target or not.
_FIRST, _LATER, _FIRST_BEHIND, _BESIDE_VERB = 1.3, -0.4, 0.9, 0.7
_SHARE, _TOP, _AGAIN, _QUOTED, _POSSESSIVE, _ELSEWHERE = 0.9, 0.8, 0.4, 0.4, 0.3, -0.8
_LISTENER, _VENUE, _RIVAL, _POST = -0.7, -2.0, -1.5, -4.0
_PREPOSITION = {
    "for": 0.6, "by": 0.5, "to": 0.3, "with": 0.3, "between": 0.3,
    "against": -0.6, "over": -0.6, "in": -0.5, "at": -0.5, "and": -0.3, "from": -0.2,
}  # fmt: skip
_KIND = {
    MentionKind.NONSTATE: -1.1, MentionKind.REGION: -0.5, MentionKind.CITY: -0.3, MentionKind.CAPITAL: -0.2,
    MentionKind.COUNTRY: 0.2, MentionKind.ORGAN: 0.2, MentionKind.GOVERNMENT: 0.3,
}  # fmt: skip
_PLACING = frozenset(("in", "on", "at", "of"))
_VENUES = frozenset((
    "summit", "meeting", "gathering", "conference", "forum", "session", "assembly", "soil", "talks", "headquarters",
    "sidelines", "event", "ceremony"
))  # fmt: skip
_VENUE_NEAR = 2
"""Words between a mention and the noun that makes it a venue: "at the X's annual summit", "a meeting held in X"."""
_POSTED = frozenset(("to", "to the", "in", "in the", "at", "at the"))
_KIND_ACTS = frozenset(("support", "cooperate", "agree"))
_RIVAL_ACTS = frozenset(("request", "accuse", "threaten", "reject"))


@dataclass(frozen=True, slots=True)
class _Scene:
    """The sentences that show a statement, best first, and the verb that its speaker stands before.

    `rivals`: who is heard there to demand, accuse, threaten or reject while the speaker's act is a kind one.
    """

    document: Document
    sentences: Sequence[Sentence]
    verb: Hit | None
    actor: str
    rivals: frozenset[str | None]


def targets(document: Document, choice: Choice, verb: Hit | None) -> list[Mention]:
    """At most three mentions of different actors, the main target first; never the speaker's own state.

    Where the sentences name nobody else, the rest of the article is asked: the title, then who is named most.
    """
    actor = choice.key[0] or ""
    rivals = _rivals(document, choice) if choice.label in _KIND_ACTS else frozenset[str | None]()
    scene = _Scene(document, [document.sentences[i] for i in choice.sentences], verb, actor, rivals)
    named = [m for sentence in scene.sentences for m in sentence.mentions if _is_target(m, actor)]
    alone = not named
    if alone:
        named = [m for m in document.mentions if _is_target(m, actor)]
    points = _ranked(scene, named)
    ranked = sorted(points, key=lambda code: -points[code])
    if not ranked:
        return []
    kept = ranked[:1] if alone else [c for c in ranked if points[c] >= points[ranked[0]] - _BESIDE_BEST]
    return [next(m for m in named if m.code == code) for code in kept[:MOST_TARGETS]]


def _is_target(mention: Mention, actor: str) -> bool:
    return mention.code is not None and mention.code != actor and mention.kind not in NEVER_ACTS


def _ranked(scene: _Scene, named: Sequence[Mention]) -> dict[str, float]:
    """Points by actor, in order of first mention."""
    everywhere = scene.document.named
    most = max((count for code, count in everywhere.items() if code != scene.actor), default=1)
    points: dict[str, float] = {}
    behind = False
    for mention in named:
        code = mention.code or ""
        if code in points:
            points[code] += _AGAIN
            continue
        order = len(points)
        share = everywhere[code] / most
        points[code] = sum(_standing(scene, mention), _SHARE * share + (_TOP if everywhere[code] == most else 0.0))
        points[code] += _FIRST if order == 0 else _LATER * min(order, 4)
        if not behind and scene.verb is not None and _is_behind(scene, mention, scene.verb):
            points[code] += _FIRST_BEHIND
            behind = True
    return points


def _rivals(document: Document, choice: Choice) -> frozenset[str | None]:
    return frozenset(
        u.speaker.code
        for u in document.spoken.get(choice.sentences[0], ())
        if u.verb is not None and isinstance(u.verb.entry, Cue) and u.verb.entry.label in _RIVAL_ACTS
    )


def _is_venue(document: Document, mention: Mention) -> bool:
    """True where the mention says where something took place: "at the X's summit", "on X soil", "the meeting in X"."""
    sentence = document.sentences[mention.sentence]
    before = [word for word in document.fold[sentence.start : mention.start].split()[-4:] if word != "the"]
    if before[-1:] == [] or before[-1] not in _PLACING:
        return False
    after = document.fold[mention.end : sentence.end].split()[: _VENUE_NEAR + 1]
    return not _VENUES.isdisjoint(word.strip(".,;") for word in (*before[-1 - _VENUE_NEAR : -1], *after))


def _is_post(document: Document, mention: Mention) -> bool:
    """True where the mention says where an envoy is posted: "the ambassador to X condemned ..."."""
    envoys = (m for m in document.sentences[mention.sentence].mentions if m.role == "ambassador")
    return any(document.fold[m.end : mention.start].strip() in _POSTED for m in envoys if m.end < mention.start)


def _is_behind(scene: _Scene, mention: Mention, verb: Hit) -> bool:
    return mention.sentence == scene.sentences[0].index and mention.start >= verb.end


def _standing(scene: _Scene, mention: Mention) -> Iterator[float]:
    """What the place of a mention says: its kind, the words around it, how near the verb it stands."""
    document = scene.document
    yield _KIND.get(mention.kind, 0.0)
    before = document.fold[document.sentences[mention.sentence].start : mention.start].split()[-2:]
    if before[-1:] == ["the"]:
        before.pop()
    yield _PREPOSITION.get(before[-1], 0.0) if before else 0.0
    yield _QUOTED if quote_at(document.quotes, mention.start) is not None else 0.0
    yield _POSSESSIVE if document.text[mention.end : mention.end + 2] in {"'s", "’s"} else 0.0
    yield _VENUE if _is_venue(document, mention) else 0.0
    yield _POST if _is_post(document, mention) else 0.0
    yield _RIVAL if mention.code in scene.rivals else 0.0
    yield _ELSEWHERE if mention.sentence != scene.sentences[0].index else 0.0
    verb = scene.verb
    if verb is not None and _is_behind(scene, mention, verb):
        gap = len(document.fold[verb.end : mention.start].split())
        yield _BESIDE_VERB if gap <= 1 else 0.0
        yield _LISTENER if gap <= 2 and isinstance(verb.entry, Cue) and verb.entry.lemma in {"tell", "told"} else 0.0

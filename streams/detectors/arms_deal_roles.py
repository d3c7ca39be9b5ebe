"""Who gives and who takes: the parties of a sentence on arms, each with the construction that it stands in."""

from collections.abc import Iterator
from dataclasses import dataclass

from streams.text.document import Document, Mention, Sentence
from streams.text.gazetteer import MentionKind
from streams.text.lexicon import Cue
from streams.text.vocabulary import Hit

TRADES = frozenset(MentionKind) - {MentionKind.AGENCY}
"""Kinds of mention that can give or take arms; a news agency only tells of it."""

MADE = frozenset(
    [
        "made",
        "built",
        "supplied",
        "donated",
        "designed",
        "produced",
        "manufactured",
        "provided",
        "delivered",
        "origin",
        "developed",
    ]
)
_PREPOSITIONS = frozenset(
    [
        "to",
        "for",
        "from",
        "by",
        "with",
        "of",
        "in",
        "between",
        "against",
        "on",
        "towards",
        "over",
        "at",
        "into",
        "via",
        "through",
    ]
)
_SMALL = frozenset(
    [
        "the",
        "its",
        "his",
        "her",
        "their",
        "a",
        "an",
        "new",
        "s",
        "mr",
        "president",
        "government",
        "and",
        "both",
        "such",
        "as",
        "well",
    ]
)
_JOINS = frozenset(["and", "the", "as", "well", "or", "from", "to", "by", "for", "with", "both"])
_BE = frozenset(
    ["was", "were", "been", "being", "be", "is", "are", "got", "get", "gets", "getting", "not", "also", "already"]
)
_MENACE = frozenset(("threat", "threats", "danger", "dangers", "attack", "attacks", "aggression", "invasion"))
"""What comes from such a one is no supply."""
_BESIDE = frozenset(("with", "between"))
"""Who stands behind these shares in what is done, and is not who does it."""
_REACH = 9
"""Words; a verb further off belongs to somebody else."""


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody who may give or take. `code` None is "the West", which no code names. `lean` is "S" (gives), "R" (takes),
    "W" (with, between), "g" (beside the goods) or "0"; `votes` are the constructions that say so."""

    code: str | None
    kind: str
    start: int
    end: int
    lean: str
    votes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Named:
    code: str | None
    kind: str
    start: int
    end: int


def parties(document: Document, sentence: Sentence, goods: tuple[Hit, ...]) -> list[Party]:
    """All who are named in the sentence, in order; those in one list ("the US, Britain and Germany") share its place."""
    groups: list[list[_Named]] = []
    for named in _named(document, sentence):
        if groups and _joined(document, groups[-1][-1].end, named.start):
            groups[-1].append(named)
        else:
            groups.append([named])
    moves = document.hits("hand", sentence.start, sentence.end)
    signed_for = purpose(document, sentence)
    found = []
    for number, group in enumerate(groups):
        stop = groups[number + 1][0].start if number + 1 < len(groups) else sentence.end
        first = groups[number - 1][-1].end if number else sentence.start
        votes = tuple(_votes(document, sentence, group, goods, moves, (first, stop)))
        votes = (*_signing(votes, signed_for), *votes)
        lean = next((lean for vote in votes if (lean := _lean(vote))), "0")
        found += [Party(named.code, named.kind, named.start, named.end, lean, votes) for named in group]
    return found


def _named(document: Document, sentence: Sentence) -> list[_Named]:
    found = [_Named(m.code, m.kind, m.start, m.end) for m in sentence.mentions if m.code and m.kind in TRADES]
    for hit in document.hits("party", sentence.start, sentence.end):
        if not any(named.start < hit.end and hit.start < named.end for named in found):
            found.append(_Named(_party_code(document, hit), "party", hit.start, hit.end))
    return sorted(found, key=lambda named: named.start)


def _party_code(document: Document, hit: Hit) -> str | None:
    """None for the West; for "the rebels" the armed group named last before, else "~rebels"."""
    if isinstance(hit.entry, Cue) and hit.entry.label == "west":
        return None
    named = (m.code for m in reversed(document.mentions) if m.start < hit.start and m.code and m.code[0] == "~")
    return next(named, "~rebels")


def _joined(document: Document, end: int, start: int) -> bool:
    if start - end > 20:
        return False
    words = document.fold[end:start].split()
    return set(words) <= _JOINS and (bool(words) or "," in document.text[end:start])


def _votes(
    document: Document, sentence: Sentence, group: list[_Named], goods: tuple[Hit, ...], moves: tuple[Hit, ...],
    room: tuple[int, int],
) -> Iterator[str]:  # fmt: skip
    """The constructions around the group, most telling first; nothing beyond the next party counts."""
    start, end = group[0].start, group[-1].end
    fold, text = document.fold, document.text
    after = fold[end : end + 40].split()
    if text[end : end + 1] == "-" and after and after[0] in MADE:
        yield "made"
    before = fold[max(sentence.start, start - 60) : start].split()
    last = next((hit for hit in reversed(moves) if hit.end <= start), None)
    preposition = _preposition(before)
    if preposition is not None and _MENACE & set(before[-4:]):
        yield f"menace.{preposition}"
    elif preposition is not None:
        yield f"{preposition}.{_label(last)}"
    elif last is not None and last.start >= room[0] and len(fold[last.end : start].split()) <= 2:
        yield f"obj.{_label(last)}"
    own = (
        text[end : end + 2] in {"'s", "’s"} or text[end - 2 : end] in {"'s", "’s"} or text[end : end + 1] in {"'", "’"}
    )
    following = next((hit for hit in moves if hit.start >= end), None)
    if following is not None and following.start < room[1]:
        gap = fold[end : following.start].split()
        if len(gap) <= _REACH and preposition not in _BESIDE:
            passive = bool(gap) and gap[-1] in _BE and fold[following.start : following.end].endswith(("d", "n", "t"))
            yield f"{'be' if passive else 'own' if own else 'sub'}.{_label(following)}"
    near = next((hit for hit in goods if hit.start >= end), None)
    if near is not None and near.start < room[1] + 1 and len(fold[end : near.start].split()) <= 4:
        yield "own.goods" if own else "goods"


def purpose(document: Document, sentence: Sentence) -> str:
    """What a signed deal is for: "give" or "take" by the first such word behind it, "for" before the goods, else "none".

    A firm that signs for goods gives them, one that is signed with gives them too. "unsigned" where nothing is signed.
    """
    hits = [hit for hit in document.hits("hand", sentence.start, sentence.end) if isinstance(hit.entry, Cue)]
    signs = next((hit for hit in hits if _label(hit) == "sign"), None)
    if signs is None:
        return "unsigned"
    following = (_label(hit) for hit in hits if hit.start > signs.start)
    found = next((label for label in following if label in {"give", "take"}), None)
    if found is not None or "for" not in document.fold[signs.end : sentence.end].split():
        return found or "none"
    signer = next((m for m in reversed(sentence.mentions) if m.end <= signs.start), None)
    counter = next((m for m in sentence.mentions if m.start >= signs.end and _is_with(document, signs, m)), None)
    firms = [m is not None and m.kind is MentionKind.FIRM for m in (signer, counter)]
    return "for" if firms[0] == firms[1] else "give" if firms[0] else "take"


def _is_with(document: Document, signs: Hit, mention: Mention) -> bool:
    return "with" in document.fold[signs.end : mention.start].split()


def _signing(votes: tuple[str, ...], signed_for: str) -> Iterator[str]:
    """The part in a signed deal: who signs to buy takes, and who it is signed with gives."""
    if signed_for in {"give", "take", "for"}:
        if "sub.sign" in votes:
            yield f"signer.{signed_for}"
        elif {"with.sign", "between.sign"} & set(votes):
            yield f"counter.{signed_for}"


def _preposition(before: list[str]) -> str | None:
    for word in reversed(before[-4:]):
        if word in _PREPOSITIONS:
            return word
        if word not in _SMALL:
            return None
    return None


def _label(hit: Hit | None) -> str:
    return hit.entry.label or "" if hit is not None and isinstance(hit.entry, Cue) else "none"


_GIVES, _TAKES = frozenset(("give", "deny")), frozenset(("take", "ask"))


def _lean(vote: str) -> str | None:
    place, _, label = vote.partition(".")
    if place == "made":
        return "S"
    if place in {"signer", "counter"}:
        return {"give": "SR", "take": "RS"}.get(label, "gW")[place == "counter"]
    if place in {"by", "from"}:
        return "R" if label in _TAKES and (place == "by" or label == "ask") else "S"
    if place in {"to", "for", "into"}:
        return "S" if label == "ask" and place == "to" else "R"
    if place in {"with", "between"}:
        return "W"
    if place == "obj":
        return "S" if label == "ask" else "R" if label in _GIVES else None
    if place == "be":
        return "R" if label == "give" else "S" if label == "ask" else None
    if place in {"sub", "own"}:
        return "S" if label in _GIVES else "R" if label in _TAKES else "g"
    return "g" if place == "goods" else None

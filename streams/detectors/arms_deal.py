"""Arms deals: who supplies what to whom, and how far the deal has come."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from streams.detectors.arms_deal_continued import MOST_PAIRS, Pair, continued, pairs_of
from streams.detectors.arms_deal_roles import TRADES, Party, parties, purpose
from streams.detectors.arms_deal_stage import weightiest
from streams.detectors.candidate import Event
from streams.text.document import Document, Sentence
from streams.text.gazetteer import Weapon
from streams.text.lexicon import Cue
from streams.text.masking import masked, pieces
from streams.text.vocabulary import Hit

_MOST_PARTIES = 8
_MOST_CARRIED = 3
_BODILY = frozenset(("arm", "arms", "weapon", "weapons", "hardware"))
_MOST_WORDS = 50
_BESIDE = 2
"""Words between a state and what it does."""


class _Told:
    """Who gave and who took in the deal sentences read so far: the last of each is carried on.

    `pairs`: who may have dealt with whom in the last of these sentences, with where that was and the leaning of each.
    """

    __slots__ = ("giver", "pairs", "taker")

    def __init__(self) -> None:
        self.giver: str | None = None
        self.taker: str | None = None
        self.pairs: list[Pair] = []

    def go_on(self, sentence: Sentence, told: bool) -> None:
        """A sentence that goes on about a deal keeps it near for the next one."""
        if told:
            self.pairs = [replace(pair, sentence=sentence.index) for pair in self.pairs]

    def hear(self, sentence: Sentence, found: Sequence[Party]) -> None:
        self.pairs = [*self.pairs, *pairs_of(sentence, found)][-MOST_PAIRS:]
        givers = [party.code for party in found if party.lean == "S" and party.code]
        takers = [party.code for party in found if party.lean == "R" and party.code]
        self.giver = givers[0] if givers else self.giver
        self.taker = takers[0] if takers else self.taker


def events(document: Document) -> Iterator[Event]:
    """One event for each sentence that names military goods and each (supplier, recipient) it may speak of."""
    if not document.layers.get("weapon") and not document.layers.get("goods"):
        return
    before: Sentence | None = None
    title = document.sentences[0] if document.sentences and document.sentences[0].in_title else None
    told = _Told()
    traits = _traits(document)
    for sentence in document.sentences:
        goods = _goods(document, sentence)
        if sentence.furniture:
            pass
        elif not goods:
            going_on = list(continued(document, sentence, told.pairs))
            told.go_on(sentence, bool(going_on))
            yield from going_on
        elif _moves(document, sentence):
            found = parties(document, sentence, goods)
            carried = _carried(document, (before, title), told, {party.code for party in found})
            shared = tuple(_shared(document, sentence, goods))
            yield from _events(document, sentence, goods, found, carried, shared, traits)
            told.hear(sentence, found)
        before = sentence


def _goods(document: Document, sentence: Sentence) -> tuple[Hit, ...]:
    """Weapons and words of military goods; "arms" counts as the lexicon says, which knows open arms and nuclear ones."""
    general = document.hits("goods", sentence.start, sentence.end)
    weapons = [
        hit for hit in document.hits("weapon", sentence.start, sentence.end)
        if document.fold[hit.start : hit.end].split()[-1] not in _BODILY
        or len(document.fold[hit.start : hit.end].split()) > 1 and "nuclear" not in document.fold[hit.start : hit.end]
        or any(other.start < hit.end and hit.start < other.end for other in general)
    ]  # fmt: skip
    return (*weapons, *general)


def _traits(document: Document) -> dict[str | None, tuple[str, ...]]:
    """What the whole article says of each actor: how often it is named beside others, and whether it attacks."""
    named = Counter(mention.code for mention in document.mentions if mention.code)
    hostile = document.layers.get("hostile", ())
    starts = [hit.start for hit in hostile]
    attacks = Counter(
        mention.code for mention in document.mentions
        if mention.code and (at := bisect_left(starts, mention.end)) < len(starts)
        and len(document.fold[mention.end : starts[at]].split()) <= _BESIDE
    )  # fmt: skip
    return {
        code: (f"rank={min(4, rank)}", f"attacks={min(3, attacks[code])}", f"share={10 * count // named.total()}")
        for rank, (code, count) in enumerate(named.most_common())
    }


def _moves(document: Document, sentence: Sentence) -> bool:
    """True where something may change hands: a word of transfer or of a deal's stage."""
    return bool(
        document.hits("transfer", sentence.start, sentence.end)
        or document.hits("stage", sentence.start, sentence.end)
        or document.hits("hand", sentence.start, sentence.end)
        or any(isinstance(h.entry, Cue) for h in document.hits("goods", sentence.start, sentence.end))
    )


def _carried(
    document: Document, around: tuple[Sentence | None, ...], told: _Told, here: set[str | None]
) -> dict[str, str]:
    """Actors that the sentence does not name but may speak of, and where they come from."""
    found: dict[str, str] = {}
    for code, where in ((told.giver, "told S"), (told.taker, "told R")):
        if code is not None and code not in here:
            found.setdefault(code, where)
    for other, where in zip(around, ("before", "title"), strict=True):
        for mention in other.mentions[:4] if other is not None else ():
            if mention.code and mention.kind in TRADES and mention.code not in here and len(found) < _MOST_CARRIED:
                found.setdefault(mention.code, where)
    if document.home is not None and document.home not in here:
        found.setdefault(document.home, "home")
    return found


def _events(
    document: Document, sentence: Sentence, goods: tuple[Hit, ...], found: Sequence[Party], carried: dict[str, str],
    shared: tuple[str, ...], traits: Mapping[str | None, tuple[str, ...]],
) -> Iterator[Event]:  # fmt: skip
    here: dict[str | None, list[Party]] = {}
    for party in found:
        if party.code in here or len(here) < _MOST_PARTIES:
            here.setdefault(party.code, []).append(party)
    codes = [*(code for code in here if code is not None), *carried]
    leans = {code: _leans(here.get(code, ()), carried.get(code or "")) for code in [*codes, None]}
    moves = document.hits("transfer", sentence.start, sentence.end)
    signed_for = purpose(document, sentence)
    roles = {
        code: (*traits.get(code, ()), *_standing(document, sentence, here.get(code, ()), leans[code], goods, moves))
        for code in [*codes, None]
    }
    gives = {code: tuple([f"S:{feature}" for feature in role]) for code, role in roles.items()}
    takes = {code: tuple([f"R:{feature}" for feature in role]) for code, role in (roles | {None: ("none",)}).items()}
    for supplier, giving in gives.items():
        for recipient, taking in takes.items():
            if supplier != recipient and (supplier in here or recipient in here):
                fit = tuple(_fit(leans, supplier, recipient, signed_for))
                yield Event(sentence.index, (supplier, recipient), (shared, fit, giving, taking))


def _leans(found: Sequence[Party], where: str | None) -> str:
    """The leanings of one actor in the sentence, in order of force; where it comes from if it is not named there."""
    if not found:
        return where or "none"
    leans = {party.lean for party in found}
    return "".join(lean for lean in "SRWg0" if lean in leans)[:2]


def _fit(
    leans: Mapping[str | None, str], supplier: str | None, recipient: str | None, signed_for: str
) -> Iterator[str]:
    """How well the two fit the sentence: their leanings, and whether another would fit better."""
    gives, takes = leans[supplier], leans[recipient] if recipient is not None else "none"
    others = [lean for code, lean in leans.items() if code not in (supplier, recipient)]
    rivals = f"{'S' if any(lean[0] == 'S' for lean in others) else ''}{'R' if any(lean[0] == 'R' for lean in others) else ''}"
    yield f"lean={gives} {takes}"
    yield f"rivals={rivals}"
    yield f"lean S={gives} {'S' in rivals}"
    yield f"lean R={takes} {'R' in rivals}"
    yield f"fit={gives} {takes} {rivals}"
    yield f"purpose={gives} {takes} {signed_for}"


def _standing(
    document: Document, sentence: Sentence, found: Sequence[Party], lean: str, goods: tuple[Hit, ...], moves: tuple[Hit, ...]
) -> Iterator[str]:  # fmt: skip
    yield f"lean={lean}"
    for party in found:
        before = document.fold[max(sentence.start, party.start - 40) : party.start].split()
        after = document.fold[party.end : min(sentence.end, party.end + 40)].split()
        yield f"kind={party.kind}"
        yield f"w-1={before[-1] if before else '^'}"
        yield f"w-2={' '.join(before[-2:])}"
        yield f"w+1={after[0] if after else '$'}"
        yield f"w+2={' '.join(after[:2])}"
        yield from (f"vote={vote}" for vote in party.votes)
        yield f"far={_way(document, party, goods)}"
        verb = min(moves, key=lambda hit: abs(hit.start - party.start), default=None)
        if verb is not None and isinstance(verb.entry, Cue):
            yield f"verb={'before' if party.end <= verb.start else 'after'} {verb.entry.lemma}"


def _way(document: Document, party: Party, goods: tuple[Hit, ...]) -> str:
    """Which side of the nearest goods the party stands, and how many words off, eight for more."""
    nearest = min(goods, key=lambda hit: abs(hit.start - party.start))
    left = party.end <= nearest.start
    between = document.fold[party.end : nearest.start] if left else document.fold[nearest.end : party.start]
    return f"{'left' if left else 'right'}{min(8, len(between.split()))}"


def _shared(document: Document, sentence: Sentence, goods: tuple[Hit, ...]) -> Iterator[str]:
    place = "title" if sentence.in_title else "lead" if sentence.paragraph <= 1 else "body"
    yield f"place={place}"
    for hit in goods:
        yield f"goods={hit.entry.lemma}" if isinstance(hit.entry, Cue) else "weapon"
        if isinstance(hit.entry, Weapon):
            yield f"category={hit.entry.category}"
            yield f"designated={hit.entry.designation[:1].isupper()}"
    for section in ("transfer", "stage", "modal", "speech", "hand", "civil"):
        for hit in document.hits(section, sentence.start, sentence.end):
            if isinstance(hit.entry, Cue):
                yield f"{section}={hit.entry.label}"
                if section in {"transfer", "stage"}:
                    yield f"{section[0]}l={hit.entry.lemma}"
    if document.layers.get("civil"):
        yield "civil text"
    yield from _staged(document, sentence, goods)
    yield from (f"w={word}" for word in set(masked(pieces(document, sentence))[:_MOST_WORDS]))


def _staged(document: Document, sentence: Sentence, goods: tuple[Hit, ...]) -> Iterator[str]:
    """The stage whose cue weighs most, the one whose cue stands nearest to the goods, and the forms of all cues."""
    hits = [hit for hit in document.hits("stage", sentence.start, sentence.end) if isinstance(hit.entry, Cue)]
    top = weightiest(document, sentence) or "none"
    yield f"top={top}"
    if hits:
        near = min(hits, key=lambda hit: min(abs(hit.start - other.start) for other in goods))
        yield f"near={near.entry.label if isinstance(near.entry, Cue) else ''} {top}"
    yield from (f"form={document.fold[hit.start : hit.end]}" for hit in hits)

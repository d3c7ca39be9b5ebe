"""Arms deals: who supplies what to whom, and how far the deal has come."""

from collections.abc import Iterator
from itertools import permutations

from streams.detectors.candidate import Event
from streams.text.document import Document, Mention, Sentence
from streams.text.gazetteer import MentionKind, Weapon
from streams.text.lexicon import Cue
from streams.text.masking import Part, masked, pieces, worded
from streams.text.vocabulary import Hit

_TRADES = frozenset(MentionKind) - {MentionKind.AGENCY}
_MOST_ACTORS = 5


def events(document: Document) -> Iterator[Event]:
    """One event for each sentence that names military goods and each (supplier, recipient) it may speak of."""
    if not document.layers.get("weapon") and not document.layers.get("goods"):
        return
    before: Sentence | None = None
    title = document.sentences[0] if document.sentences and document.sentences[0].in_title else None
    for sentence in document.sentences:
        goods = document.hits("weapon", sentence.start, sentence.end) + document.hits(
            "goods", sentence.start, sentence.end
        )
        if goods and not sentence.furniture and _moves(document, sentence):
            yield from _events(document, sentence, goods, (before, title))
        before = sentence


def _moves(document: Document, sentence: Sentence) -> bool:
    """True where something may change hands: a word of transfer or of a deal's stage."""
    return bool(
        document.hits("transfer", sentence.start, sentence.end)
        or document.hits("stage", sentence.start, sentence.end)
        or any(isinstance(h.entry, Cue) for h in document.hits("goods", sentence.start, sentence.end))
    )


def _events(
    document: Document, sentence: Sentence, goods: tuple[Hit, ...], around: tuple[Sentence | None, ...]
) -> Iterator[Event]:
    parts = pieces(document, sentence)
    shared = list(_shared(document, sentence, goods))
    actors = _actors(document, sentence, goods, around)
    codes = tuple(actors)
    for supplier, recipient in [*permutations(codes, 2), *((c, None) for c in codes), *((None, c) for c in codes)]:
        yield Event(
            sentence.index, (supplier, recipient),
            (*shared, *_paired(parts, supplier, recipient), *_role("S", actors.get(supplier)), *_role("R", actors.get(recipient))),
        )  # fmt: skip


def _actors(
    document: Document, sentence: Sentence, goods: tuple[Hit, ...], around: tuple[Sentence | None, ...]
) -> dict[str | None, tuple[str, ...]]:
    """The actors that may trade, each with features of where it stands; those named nearest to the goods first."""
    found: dict[str | None, list[str]] = {}
    here = [m for m in sentence.mentions if m.code and m.kind in _TRADES]
    ranked = sorted(here, key=lambda m: min(abs(m.start - hit.start) for hit in goods))
    for mention in ranked:
        if mention.code in found or len(found) < _MOST_ACTORS:
            found.setdefault(mention.code, ["where=here"]).extend(_standing(document, sentence, mention, goods))
    for other, where in zip(around, ("before", "title"), strict=True):
        for mention in other.mentions[:3] if other is not None else ():
            if mention.code and mention.kind in _TRADES and mention.code not in found and len(found) < _MOST_ACTORS:
                found[mention.code] = [f"where={where}", f"kind={mention.kind}"]
    if document.home is not None and document.home not in found and len(found) < _MOST_ACTORS:
        found[document.home] = ["where=home"]
    return {code: tuple(features) for code, features in found.items()}


def _standing(document: Document, sentence: Sentence, mention: Mention, goods: tuple[Hit, ...]) -> Iterator[str]:
    nearest = min(goods, key=lambda hit: abs(hit.start - mention.start))
    left = mention.end <= nearest.start
    words = (document.fold[mention.end : nearest.start] if left else document.fold[nearest.end : mention.start]).split()
    before = document.fold[sentence.start : mention.start].split()
    after = document.fold[mention.end : sentence.end].split()
    side = "left" if left else "right"
    yield f"kind={mention.kind}"
    yield f"role={mention.role}"
    yield f"far={side}{min(8, len(words))}"
    yield f"w-1={before[-1] if before else '^'}"
    yield f"w-2={' '.join(before[-2:])}"
    yield f"w+1={after[0] if after else '$'}"
    yield f"w+2={' '.join(after[:2])}"
    verb = _verb_near(document, sentence, mention)
    if verb is not None:
        yield f"verb={verb}"


def _verb_near(document: Document, sentence: Sentence, mention: Mention) -> str | None:
    """The word of transfer nearest to the mention and its side."""
    hits = document.hits("transfer", sentence.start, sentence.end)
    if not hits:
        return None
    nearest = min(hits, key=lambda hit: abs(hit.start - mention.start))
    lemma = nearest.entry.lemma if isinstance(nearest.entry, Cue) else ""
    return f"{'before' if mention.end <= nearest.start else 'after'} {lemma}"


def _shared(document: Document, sentence: Sentence, goods: tuple[Hit, ...]) -> Iterator[str]:
    place = "title" if sentence.in_title else "lead" if sentence.paragraph <= 1 else "body"
    yield f"place={place}"
    for hit in goods:
        yield f"goods={hit.entry.lemma}" if isinstance(hit.entry, Cue) else "weapon"
        if isinstance(hit.entry, Weapon):
            yield f"category={hit.entry.category}"
            yield f"designated={hit.entry.designation[:1].isupper()}"
    for section in ("transfer", "stage", "modal", "speech"):
        for hit in document.hits(section, sentence.start, sentence.end):
            if isinstance(hit.entry, Cue):
                yield f"{section}={hit.entry.label}"
                if section in {"transfer", "stage"}:
                    yield f"{section[0]}l={hit.entry.lemma}"


def _paired(parts: list[Part], supplier: str | None, recipient: str | None) -> Iterator[str]:
    roles: dict[str | None, str] = {}
    if supplier is not None:
        roles[supplier] = "_s_"
    if recipient is not None:
        roles[recipient] = "_r_"
    words = masked(parts, roles)
    yield from worded(words)
    for index, word in enumerate(words):
        if word in {"_s_", "_r_"}:
            yield from (f"{word}-{distance}={words[index - distance]}" for distance in (1, 2, 3) if index >= distance)
            yield from (
                f"{word}+{distance}={words[index + distance]}"
                for distance in (1, 2, 3)
                if index + distance < len(words)
            )
    order = [word for word in words if word in {"_s_", "_r_", "_o_"}][:4]
    yield f"order={''.join(order)}"


def _role(role: str, features: tuple[str, ...] | None) -> Iterator[str]:
    if features is None:
        yield f"{role}:none"
    else:
        yield from (f"{role}:{feature}" for feature in features)

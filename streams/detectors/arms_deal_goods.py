"""What changes hands: which of the weapons that a deal's sentences name belong to it."""

from collections.abc import Sequence

from schemas.arms_deal import Category
from streams.detectors.arms_deal_naming import Goods, goods_of, name_of, named
from streams.text.document import Document, Sentence
from streams.text.gazetteer import Weapon
from streams.text.vocabulary import Hit

MOST_WEAPONS = 5
_LISTING = frozenset((
    "including", "include", "includes", "included", "like", "namely", "comprising", "comprises"
))  # fmt: skip
_POINTING = frozenset(("the", "these", "those", "same", "its", "such", "of"))
_FAR_OFF = 40
"""Code points."""


def weapons_of(document: Document, sentences: Sequence[Sentence], own: int) -> tuple[Goods, ...]:
    """The weapons of the first sentence that names any for sure; a vague word ("arms") only where none of the deal's `own`
    first sentences says more, or no sentence does where it points back.

    A bare noun that points back ("the jets", "24 of the drones") is the designation of its kind named last before it.
    """
    vague: tuple[Goods, ...] = ()
    for number, sentence in enumerate(sentences, 1):
        found = named(document, sentence)
        sure = _told(document, sentence, found)
        if sure:
            return _designated(document, sentences, sure)[:MOST_WEAPONS]
        vague = vague or tuple(found[:3])
        if number >= own and vague and not _points_back(document, vague[0].hit.start):
            return vague
    if vague and isinstance(vague[0].hit.entry, Weapon) and _points_back(document, vague[0].hit.start):
        return _before(document, sentences[0], vague[0]) or vague
    return vague or _before(document, sentences[0], None)


def _told(document: Document, sentence: Sentence, found: Sequence[Goods]) -> tuple[Goods, ...]:
    """The weapons that say more than "arms"; none where "arms" alone stands by the word of transfer, and they far off."""
    sure = tuple(goods for goods in found if not goods.vague)
    vague = [goods for goods in found if goods.vague]
    moves = document.hits("hand", sentence.start, sentence.end)
    if not (sure and vague and moves):
        return sure
    listed = any(mark in document.text[vague[0].hit.end : sentence.end] for mark in ("—", ":", " - "))
    if listed or set(document.fold[sentence.start : sentence.end].split()) & _LISTING:
        return sure
    near, far = (min(_apart(move, goods.hit) for move in moves for goods in some) for some in (vague, sure))
    return sure if far <= near + _FAR_OFF else ()


def _apart(one: Hit, other: Hit) -> int:
    return max(one.start - other.end, other.start - one.end, 0)


def _designated(document: Document, sentences: Sequence[Sentence], sure: tuple[Goods, ...]) -> tuple[Goods, ...]:
    """The same weapons, with the designation for a bare noun that points back, and its own designation from beside it."""
    if any(goods.designated for goods in sure):
        return sure
    wanted = {entry.category for goods in sure if isinstance(entry := goods.hit.entry, Weapon)}
    for sentence in sentences:
        same = tuple(
            goods for goods in named(document, sentence)
            if goods.designated and isinstance(goods.hit.entry, Weapon) and goods.hit.entry.category in wanted
        )  # fmt: skip
        if same:
            return same
    bare = [goods for goods in sure if " " not in goods.name and _points_back(document, goods.hit.start)]
    found = _before(document, sentences[0], bare[0]) if bare else ()
    return found or sure


def _points_back(document: Document, start: int) -> bool:
    return bool(set(document.fold[max(0, start - 25) : start].split()[-2:]) & _POINTING)


def _before(document: Document, sentence: Sentence, like: Goods | None) -> tuple[Goods, ...]:
    """The weapon named for sure nearest before the sentence, a designation of the kind of `like` where that is given."""
    for hit in reversed(document.layers.get("weapon", ())):
        if hit.start >= sentence.start or not isinstance(hit.entry, Weapon):
            continue
        goods = goods_of(document, hit, name_of(document, hit) or "")
        kind = like.hit.entry.category if like is not None and isinstance(like.hit.entry, Weapon) else None
        if (goods.designated and hit.entry.category == kind) if kind is not None else not goods.vague:
            return (goods,)
    return ()


def category_of(weapons: Sequence[Goods]) -> tuple[Category, Hit] | None:
    """The category of the first weapon that has one in SIPRI's words, or None where the words are only general."""
    for goods in weapons:
        entry = goods.hit.entry
        if isinstance(entry, Weapon) and entry.category != Category.OTHER:
            return Category(entry.category), goods.hit
    return None

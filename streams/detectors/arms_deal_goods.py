"""What changes hands and how many: the weapons that a deal's sentences name, and the count of the first of them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from schemas.arms_deal import Category
from streams.text.document import Document, Sentence
from streams.text.gazetteer import Weapon
from streams.text.inflect import noun_forms
from streams.text.lexicon import Cue
from streams.text.vocabulary import Hit

MOST_WEAPONS = 5
_TRADING = frozenset((
    "sale", "sales", "deal", "deals", "shipment", "shipments", "transfer", "transfers", "export", "exports",
    "contract", "contracts", "purchase", "purchases", "delivery", "deliveries", "supply", "supplies", "import",
    "imports", "package", "packages", "article", "articles"
))  # fmt: skip
"""Words of the trade that end a phrase of goods: an "arms deal" is one in arms."""
_VAGUE = frozenset((
    "arms", "weapon", "weapons", "weaponry", "equipment", "system", "systems", "hardware", "aircraft", "munitions",
    "armaments", "goods", "materiel", "technology", "vehicles", "ships", "vessels", "parts", "planes", "and",
    "military", "defence", "defense", "lethal", "defensive", "additional", "u.s.", "us", "american", "other"
))  # fmt: skip
_WHOLE = {"military": "military equipment", "defence": "defence equipment", "defense": "defense equipment"}
_DESIGNATION = re.compile(r"(?<![\w'’-])([A-Z][A-Za-z]*-?\d+[A-Za-z]*|[A-Z][a-z]{3,})[ ]$")
"""A word with a number, or a capitalised word, just before the noun."""
_NO_DESIGNATION = frozenset((
    "army", "navy", "force", "forces", "corps", "guard", "defence", "defense", "marine", "marines", "pentagon",
    "soviet", "western", "northern", "southern", "eastern", "european", "nato", "naval", "royal", "national",
    "these", "those", "their", "more", "additional", "modern", "new", "the"
))  # fmt: skip
_ACTION = frozenset((
    "strike", "strikes", "attack", "attacks", "launch", "launches", "fire", "test", "tests", "barrage", "barrages",
    "salvo", "raid", "raids"
))  # fmt: skip
_PEOPLE = frozenset((
    "kurdish", "rebel", "opposition", "foreign", "syrian", "militia", "separatist", "islamist", "resistance",
    "hamas", "hezbollah", "taliban"
))  # fmt: skip
_LISTING = frozenset((
    "including", "include", "includes", "included", "like", "namely", "comprising", "comprises"
))  # fmt: skip
_POINTING = frozenset(("the", "these", "those", "same", "its", "such", "of"))
_IN_BETWEEN = 2
_PARTS = frozenset(
    ("and", "or", "with", "plus", "its", "for", "of", "to", "from", "in", "on", "as", "by", "via", "the", "a")
)
_FAR_OFF = 40
"""Code points."""


@dataclass(frozen=True, slots=True)
class Goods:
    """One weapon as a signal says it (designation, else lower-case phrase), and the words that name it."""

    name: str
    hit: Hit

    @property
    def designated(self) -> bool:
        """True for a designation, False for a plain noun phrase."""
        entry = self.hit.entry
        return isinstance(entry, Weapon) and (
            self.name != self.name.lower() or any(c.isdigit() for c in entry.designation)
        )

    @property
    def vague(self) -> bool:
        """True where the phrase says only that it is arms ("weapons", "military aid")."""
        return isinstance(self.hit.entry, Cue) or set(self.name.lower().split()) <= _VAGUE


def weapons_of(document: Document, sentences: Sequence[Sentence]) -> tuple[Goods, ...]:
    """The weapons of the first sentence that names any for sure; a vague word only where no sentence says more.

    A bare noun that points back ("the jets", "24 of the drones") is the designation of its kind named last before it.
    """
    vague: tuple[Goods, ...] = ()
    for sentence in sentences:
        named = _named(document, sentence)
        sure = _told(document, sentence, named)
        if sure:
            return _designated(document, sentences, sure)[:MOST_WEAPONS]
        vague = vague or tuple(named[:3])
    if vague and isinstance(vague[0].hit.entry, Weapon) and _points_back(document, vague[0].hit.start):
        return _before(document, sentences[0], vague[0]) or vague
    return vague or _before(document, sentences[0], None)


def _told(document: Document, sentence: Sentence, named: Sequence[Goods]) -> tuple[Goods, ...]:
    """The weapons that say more than "arms"; none where "arms" alone stands by the word of transfer, and they far off."""
    sure = tuple(goods for goods in named if not goods.vague)
    vague = [goods for goods in named if goods.vague]
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
            goods for goods in _named(document, sentence)
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
        goods = _goods(document, hit, name_of(document, hit) or "")
        kind = like.hit.entry.category if like is not None and isinstance(like.hit.entry, Weapon) else None
        if (goods.designated and hit.entry.category == kind) if kind is not None else not goods.vague:
            return (goods,)
    return ()


def _named(document: Document, sentence: Sentence) -> list[Goods]:
    weapons = document.hits("weapon", sentence.start, sentence.end)
    general = [
        hit for hit in document.hits("goods", sentence.start, sentence.end)
        if not any(w.start < hit.end and hit.start < w.end and w.end - w.start >= hit.end - hit.start for w in weapons)
    ]  # fmt: skip
    kept = [
        w for w in weapons
        if not any(g.start < w.end and w.start < g.end for g in general) and not _in_use(document, w)
    ]  # fmt: skip
    found: dict[str, Goods] = {}
    before: Goods | None = None
    for hit in sorted((*kept, *general), key=lambda hit: hit.start):
        name = name_of(document, hit)
        goods = _goods(document, hit, name) if name is not None else None
        if goods is not None and not (before is not None and _describes(document, goods, before)):
            found.setdefault(name.lower() if name else "", goods)
            before = goods
    return list(found.values())


def _describes(document: Document, goods: Goods, before: Goods) -> bool:
    """True for a plain phrase in apposition to the designation before it: "S-400 long-range missile systems" is one weapon."""
    if goods.designated or not before.designated:
        return False
    between = document.text[before.hit.end : goods.hit.start]
    words = between.lower().split()
    return len(words) <= _IN_BETWEEN and not set(words) & _PARTS and all(c.isalpha() or c in " -" for c in between)


def _goods(document: Document, hit: Hit, name: str) -> Goods:
    """With the designation that stands before a plain noun, if one does: "F-15ID jets", "Maverick anti-tank missiles"."""
    before = document.text[max(0, hit.start - 24) : hit.start]
    match = _DESIGNATION.search(before) if name == name.lower() and isinstance(hit.entry, Weapon) else None
    if match is None:
        return Goods(name, hit)
    start = hit.start - len(before) + match.start(1)
    word = match[1]
    named = any(m.start <= start < m.end for m in document.mentions) or word.lower() in _NO_DESIGNATION
    first = any(s.start == start or s.in_title and start < s.end for s in document.sentences)
    if named or (first and not any(c.isdigit() for c in word)):
        return Goods(name, hit)
    return Goods(word, Hit(start, hit.end, hit.entry))


def _in_use(document: Document, hit: Hit) -> bool:
    """True for weapons in action ("missile strikes") and for people called fighters: neither is for sale."""
    following = document.fold[hit.end : hit.end + 20].split()[:1]
    if following and following[0] in _ACTION:
        return True
    if document.fold[hit.start : hit.end] not in {"fighter", "fighters"}:
        return False
    before = document.fold[max(0, hit.start - 20) : hit.start].split()[-1:]
    return bool(set(before) & _PEOPLE) or any(
        m.end >= hit.start - 1 and m.start < hit.start and (m.code or "")[:1] == "~" for m in document.mentions
    )


def name_of(document: Document, hit: Hit) -> str | None:
    if isinstance(hit.entry, Weapon):
        plain = not (hit.entry.designation[:1].isupper() or any(c.isdigit() for c in hit.entry.designation))
        return _plain(document, hit) if plain else hit.entry.designation
    words = " ".join(document.text[hit.start : hit.end].lower().split()).split(" ")
    while len(words) > 1 and words[-1] in _TRADING and words[-2:] != ["aid", "package"]:
        words.pop()
    if words[-1] == "package":
        words.pop()
    name = " ".join(words)
    return _WHOLE.get(name, name) if name not in {"aid", "foreign military", ""} else None


def _plain(document: Document, hit: Hit) -> str:
    """The phrase as it stands, in lower case; in the plural before a word of trade: a "missile sale" is one of missiles."""
    phrase = document.text[hit.start : hit.end].lower()
    following = document.fold[hit.end : hit.end + 20].split()[:1]
    return noun_forms(phrase)[-1] if following and following[0] in _TRADING and phrase[-1:] != "s" else phrase


def category_of(weapons: Sequence[Goods]) -> tuple[Category, Hit] | None:
    """The category of the first weapon that has one in SIPRI's words, or None where the words are only general."""
    for goods in weapons:
        entry = goods.hit.entry
        if isinstance(entry, Weapon) and entry.category != Category.OTHER:
            return Category(entry.category), goods.hit
    return None

"""How a sentence names weapons: designations, plain noun phrases, and words that only say "arms"."""

import re
from dataclasses import dataclass

from streams.text.document import Document, Sentence
from streams.text.gazetteer import Weapon
from streams.text.inflect import noun_forms
from streams.text.lexicon import Cue
from streams.text.vocabulary import Hit

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
    "these", "those", "their", "more", "additional", "modern", "new", "the", "light", "heavy", "advanced",
    "main", "multi", "long", "short", "medium", "tactical", "strategic", "armed"
))  # fmt: skip
_ACTION = frozenset((
    "strike", "strikes", "attack", "attacks", "launch", "launches", "fire", "test", "tests", "barrage", "barrages",
    "salvo", "raid", "raids"
))  # fmt: skip
_PEOPLE = frozenset((
    "kurdish", "rebel", "opposition", "foreign", "syrian", "militia", "separatist", "islamist", "resistance",
    "hamas", "hezbollah", "taliban"
))  # fmt: skip
_IN_BETWEEN = 2
_PARTS = frozenset(
    ("and", "or", "with", "plus", "its", "for", "of", "to", "from", "in", "on", "as", "by", "via", "the", "a")
)
_LONGEST = 60
"""Code points of a designation."""
_REPLACING = frozenset(
    ("replace", "replaces", "replacing", "succeed", "succeeds", "succeeding", "supplant", "retire", "retiring")
)
_INSTEAD = ("instead of", "rather than", "in place of", "replacement for", "successor to", "phase out", "phasing out")
_WORDS_AHEAD = 5


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


def named(document: Document, sentence: Sentence) -> list[Goods]:
    """The weapons that the sentence names, once each, in order; none that are in use or to be replaced."""
    weapons = document.hits("weapon", sentence.start, sentence.end)
    general = [
        hit for hit in document.hits("goods", sentence.start, sentence.end)
        if not any(w.start < hit.end and hit.start < w.end and w.end - w.start >= hit.end - hit.start for w in weapons)
    ]  # fmt: skip
    kept = [
        w for w in weapons
        if not any(g.start < w.end and w.start < g.end for g in general)
        and not _in_use(document, w) and not _given_up(document, sentence, w)
    ]  # fmt: skip
    found: dict[str, Goods] = {}
    before: Goods | None = None
    for hit in sorted((*kept, *general), key=lambda hit: hit.start):
        name = name_of(document, hit)
        goods = goods_of(document, hit, name) if name is not None else None
        if goods is not None and before is not None and _is_more_of(document, goods, before):
            found.pop(before.name.lower(), None)
            goods = Goods(f"{before.name} {goods.name}", Hit(before.hit.start, goods.hit.end, goods.hit.entry))
            name = goods.name
        if goods is not None and not (before is not None and _describes(document, goods, before)):
            found.setdefault(name.lower() if name else "", goods)
            before = goods
    return list(found.values())


def _is_more_of(document: Document, goods: Goods, before: Goods) -> bool:
    """True for two designations of one kind side by side, which name one weapon: "UH-60 Blackhawk"."""
    one, other = before.hit.entry, goods.hit.entry
    return (
        goods.designated and before.designated and document.text[before.hit.end : goods.hit.start] == " "
        and isinstance(one, Weapon) and isinstance(other, Weapon) and one.category == other.category
        and goods.name not in before.name
    )  # fmt: skip


def _given_up(document: Document, sentence: Sentence, hit: Hit) -> bool:
    """True for what the goods are to replace: "72,400 rifles to replace the INSAS"."""
    ahead = document.fold[sentence.start : hit.start].split()[-_WORDS_AHEAD:]
    return not _REPLACING.isdisjoint(ahead) or any(phrase in " ".join(ahead) for phrase in _INSTEAD)


def _describes(document: Document, goods: Goods, before: Goods) -> bool:
    """True for a plain phrase in apposition to the designation before it: "S-400 long-range missile systems" is one weapon."""
    if goods.designated or not before.designated:
        return False
    between = document.text[before.hit.end : goods.hit.start]
    words = between.lower().split()
    return len(words) <= _IN_BETWEEN and not set(words) & _PARTS and all(c.isalpha() or c in " -(" for c in between)


def goods_of(document: Document, hit: Hit, name: str) -> Goods:
    """With the designation that stands before a plain noun, if one does: "F-15ID jets", "Maverick anti-tank missiles"."""
    before = document.text[max(0, hit.start - 24) : hit.start]
    match = _DESIGNATION.search(before) if name == name.lower() and isinstance(hit.entry, Weapon) else None
    if match is None:
        return Goods(name, hit)
    start = hit.start - len(before) + match.start(1)
    word = match[1]
    named = any(m.start <= start < m.end for m in document.mentions) or word.lower() in _NO_DESIGNATION
    named = named or any(other.end > start for other in document.hits("weapon", hit.start - _LONGEST, hit.start))
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

"""How many of a deal's weapons change hands."""

from collections.abc import Sequence

from schemas.arms_deal import Category
from streams.detectors.arms_deal_naming import Goods, name_of
from streams.text.amounts import Count, counts
from streams.text.document import Document, Sentence
from streams.text.gazetteer import Weapon

_WORDS_BETWEEN = 3
_UNITS = frozenset((
    "mm", "cm", "km", "kg", "m", "km/h", "per", "percent", "pct", "years", "year", "days", "day", "months", "month",
    "hours", "people", "troops", "soldiers"
))  # fmt: skip

_THINGS = (["systems"], ["units"], ["batteries"], ["regiments"], ["squadrons"], ["jets"], ["launchers"], ["vessels"])


def number_of(document: Document, sentences: Sequence[Sentence], weapons: Sequence[Goods]) -> Count | None:
    """The count before a weapon of the deal ("36 Rafale", "units of the final two S-400"), or None.

    Looked for in the sentences that name the weapon, the first of them first, and in those that go on about it with a plain
    word ("the two systems"); calibres, money and times are no counts.
    """
    names = {goods.name for goods in weapons}
    kinds = {entry.category for goods in weapons if isinstance(entry := goods.hit.entry, Weapon)}
    for sentence in sentences:
        found = [c for c in counts(document.text, sentence.start, sentence.end) if _counts_things(document, c)]
        for hit in document.hits("weapon", sentence.start, sentence.end) if found else ():
            near = [c for c in found if c.end <= hit.start and _beside(document, c.end, hit.start)]
            alike = (
                isinstance(hit.entry, Weapon) and hit.entry.category in kinds and hit.entry.category != Category.OTHER
            )
            if near and (alike or name_of(document, hit) in names):
                return near[-1]
        plain = next((c for c in found if document.fold[c.end : sentence.end].split()[:1] in _THINGS), None)
        if plain is not None and not document.hits("weapon", sentence.start, sentence.end):
            return plain
    return None


def _counts_things(document: Document, count: Count) -> bool:
    text = document.text
    before, after = text[max(0, count.start - 4) : count.start], text[count.end : count.end + 10].lower()
    if before.rstrip()[-1:] in {"$", "€", "£", "¥", "₹", "₩", "-", "–", "/"} or after[:1] in {"-", "–", "%", "/"}:
        return False
    word = after.split()[0].strip(".,;") if after.split() else ""
    scaled = word in {"million", "billion", "trillion", "mln", "bn", "crore", "lakh", "thousand"}
    return not scaled and word not in _UNITS


def _beside(document: Document, end: int, start: int) -> bool:
    between = document.text[end:start]
    words = between.split()
    if words[:2] in (["of", "the"], ["of", "its"], ["of", "these"]):
        words = words[2:]
    return (
        len(words) <= _WORDS_BETWEEN
        and not any(m in between for m in ",;:.()")
        and not {"and", "of", "for"} & set(words)
    )

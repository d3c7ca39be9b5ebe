"""From a kept reading to a deal's fields: weapons, number, value, dates, terms, each with its proof."""

from collections import Counter
from collections.abc import Iterator, Sequence

from schemas.arms_deal import ArmsDeal, Category, Money, Stage, Transfer
from schemas.signal import Realis
from streams.detectors.candidate import Choice, Proof
from streams.detectors.realis import realis_of
from streams.text.amounts import Amount, Count, amounts, counts
from streams.text.dates import Day, dates
from streams.text.document import Document, Sentence
from streams.text.gazetteer import Weapon
from streams.text.lexicon import Cue
from streams.text.seedfile import SEEDS
from streams.text.vocabulary import Hit, vocabulary

MOST_WEAPONS = 6
_DELIVERY = frozenset((Stage.DELIVERING, Stage.DELIVERED, Stage.DELAYED, Stage.SIGNED))


def payload(document: Document, choice: Choice) -> tuple[ArmsDeal, tuple[Proof, ...], Realis] | None:
    """The deal of one pair at one stage, shown by the choice's sentences; None where neither side is known."""
    supplier, recipient = choice.key
    stage = Stage(choice.label)
    sentences = _of_stage(document, [document.sentences[i] for i in choice.sentences], stage)
    best = sentences[0]
    proofs = [*_side(document, sentences, "supplier", supplier), *_side(document, sentences, "recipient", recipient)]
    proofs.append(_stage_proof(document, sentences, stage))
    weapons = _weapons(document, sentences)
    proofs += [Proof("weapons", hit.start, hit.end) for hit in weapons.values()]
    number = _number(document, best, list(weapons.values()))
    money = _money(document, sentences)
    ordered, due = _days(document, sentences, stage)
    transfer = _transfer(document, sentences)
    proofs += [Proof("quantity", number.start, number.end)] if number else []
    proofs += [Proof("value", money.start, money.end)] if money else []
    proofs += [Proof("order_date", ordered.start, ordered.end)] if ordered else []
    proofs += [Proof("delivery_dates", day.start, day.end) for day in due]
    proofs += [Proof("transfer", transfer[1].start, transfer[1].end)] if transfer else []
    deal = ArmsDeal(
        supplier=supplier,
        recipient=recipient,
        stage=stage,
        weapons=tuple(weapons),
        quantity=number.value if number else None,
        value=Money(amount=money.value, currency=money.currency) if money else None,
        category=_category(list(weapons.values())),
        order_date=ordered.text if ordered else None,
        delivery_dates=tuple(day.text for day in due),
        transfer=transfer[0] if transfer else None,
    )
    return deal, tuple(proofs), realis_of(document, best)


def _of_stage(document: Document, sentences: list[Sentence], stage: Stage) -> list[Sentence]:
    """The sentences with a cue of the stage first."""

    def without(sentence: Sentence) -> bool:
        return not any(
            isinstance(h.entry, Cue) and h.entry.label == stage
            for h in document.hits("stage", sentence.start, sentence.end)
        )

    return sorted(sentences, key=without)


def _side(document: Document, sentences: list[Sentence], field: str, code: str | None) -> Iterator[Proof]:
    if code is None:
        return
    inside = next((m for s in sentences for m in s.mentions if m.code == code), None)
    found = inside or next((m for m in document.mentions if m.code == code), None)
    if found is not None:
        yield Proof(field, found.start, found.end)


def _stage_proof(document: Document, sentences: list[Sentence], stage: Stage) -> Proof:
    for sentence in sentences:
        for section in ("stage", "transfer"):
            hits = document.hits(section, sentence.start, sentence.end)
            own = next(
                (h for h in hits if isinstance(h.entry, Cue) and (h.entry.label == stage or section == "transfer")),
                None,
            )
            if own is not None:
                return Proof("stage", own.start, own.end)
    return Proof("stage", sentences[0].start, sentences[0].end)


def _weapons(document: Document, sentences: list[Sentence]) -> dict[str, Hit]:
    """Designations as written, else plain phrases, else the general word; of the first sentence that names any."""
    for sentence in sentences:
        hits = document.hits("weapon", sentence.start, sentence.end)
        named = [h for h in hits if isinstance(h.entry, Weapon) and _designated(h.entry)]
        chosen = named or list(hits)
        if chosen:
            return {_as_written(document, h): h for h in reversed(chosen[:MOST_WEAPONS])} | {}
    for sentence in sentences:
        goods = document.hits("goods", sentence.start, sentence.end)
        if goods:
            return {document.fold[goods[0].start : goods[0].end]: goods[0]}
    return {}


def _designated(weapon: Weapon) -> bool:
    return weapon.designation[:1].isupper() or any(c.isdigit() for c in weapon.designation)


def _as_written(document: Document, hit: Hit) -> str:
    if isinstance(hit.entry, Weapon) and _designated(hit.entry):
        return hit.entry.designation
    return document.text[hit.start : hit.end].lower()


def _number(document: Document, sentence: Sentence, weapons: Sequence[Hit]) -> Count | None:
    """The count that stands before a weapon with at most four words between."""
    found = counts(document.text, sentence.start, sentence.end)
    for hit in weapons:
        near = [c for c in found if c.end <= hit.start and len(document.fold[c.end : hit.start].split()) <= 4]
        if near and "$" not in document.text[max(0, near[-1].start - 2) : near[-1].start]:
            return near[-1]
    return None


def _money(document: Document, sentences: list[Sentence]) -> Amount | None:
    currencies = vocabulary(SEEDS).gazetteer.currencies
    for sentence in sentences[:2]:
        found = amounts(document.text, currencies, sentence.start, sentence.end)
        if found:
            return max(found, key=lambda amount: amount.value)
    return None


def _days(document: Document, sentences: list[Sentence], stage: Stage) -> tuple[Day | None, list[Day]]:
    """The order's date (of a signed deal, not after the article's day) and the dates of delivery."""
    published = document.article.published_at
    year = str(published.year) if published else "9999"
    found = [day for sentence in sentences[:1] for day in dates(document.text, sentence.start, sentence.end)]
    ordered = next((day for day in found if day.text[:4] <= year), None) if stage is Stage.SIGNED else None
    due = [day for day in found if day is not ordered] if stage in _DELIVERY else []
    return ordered, due


def _transfer(document: Document, sentences: list[Sentence]) -> tuple[Transfer, Hit] | None:
    found: dict[str, Hit] = {}
    for sentence in sentences:
        for hit in document.hits("transfer", sentence.start, sentence.end):
            if isinstance(hit.entry, Cue) and hit.entry.label in Transfer.__members__.values():
                found.setdefault(str(hit.entry.label), hit)
    for kind in (Transfer.LEASE, Transfer.LICENCE, Transfer.UPGRADE, Transfer.AID, Transfer.SALE):
        if kind in found:
            return kind, found[kind]
    return None


def _category(weapons: Sequence[Hit]) -> Category | None:
    named = Counter(hit.entry.category for hit in weapons if isinstance(hit.entry, Weapon))
    return Category(named.most_common(1)[0][0]) if named else None

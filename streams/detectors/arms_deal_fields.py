"""From a kept reading to a deal: every field of the payload, each with the words that show it."""

from collections.abc import Iterator, Sequence

from schemas.arms_deal import ArmsDeal, Money, Stage
from schemas.signal import Realis
from streams.detectors.arms_deal_goods import category_of, weapons_of
from streams.detectors.arms_deal_number import number_of
from streams.detectors.arms_deal_price import price_of
from streams.detectors.arms_deal_terms import days_of, transfer_of
from streams.detectors.candidate import Choice, Proof
from streams.detectors.realis import realis_of
from streams.text.document import Document, Mention, Sentence
from streams.text.lexicon import Cue
from streams.text.vocabulary import Hit


def payload(document: Document, choice: Choice) -> tuple[ArmsDeal, tuple[Proof, ...], Realis] | None:
    """The deal of one pair at one stage, shown by the choice's sentences; None where none of them may be shown."""
    supplier, recipient = choice.key
    sentences = [document.sentences[i] for i in choice.sentences if not document.sentences[i].furniture]
    if not sentences:
        return None
    stage = Stage(choice.label)
    told = [sentence for sentence in sentences if sentence.index in choice.sentences[: choice.own]]
    goods = weapons_of(document, sentences, len(told))
    weapons = tuple({one.name: one for one in reversed(goods)}.values())[::-1]
    number = number_of(document, told, weapons)
    money = price_of(document, choice.key, told)
    ordered, due = days_of(document, told, stage)
    transfer = transfer_of(document, sentences, weapons[0].hit if weapons else None)
    category = category_of(weapons)
    deal = ArmsDeal(
        supplier=supplier,
        recipient=recipient,
        stage=stage,
        weapons=tuple(goods.name for goods in weapons),
        quantity=number.value if number else None,
        value=Money(amount=money.value, currency=money.currency) if money else None,
        category=category[0] if category else None,
        order_date=ordered.text if ordered else None,
        delivery_dates=tuple(day.text for day in due),
        transfer=transfer[0] if transfer else None,
    )
    proofs = [
        *_side(document, sentences, "supplier", supplier),
        *_side(document, sentences, "recipient", recipient),
        _stage_proof(document, sentences, stage, weapons[0].hit if weapons else None),
        *(Proof("weapons", goods.hit.start, goods.hit.end) for goods in weapons),
        *(Proof("quantity", number.start, number.end) for number in [number] if number),
        *(Proof("value", money.start, money.end) for money in [money] if money),
        *(Proof("category", category[1].start, category[1].end) for category in [category] if category),
        *(Proof("order_date", ordered.start, ordered.end) for ordered in [ordered] if ordered),
        *(Proof("delivery_dates", day.start, day.end) for day in due),
        *(Proof("transfer", transfer[1].start, transfer[1].end) for transfer in [transfer] if transfer),
    ]
    return deal, tuple(proofs), _realis(document, sentences[0], stage)


def _stage_hits(document: Document, sentence: Sentence, stage: Stage) -> list[Hit]:
    hits = document.hits("stage", sentence.start, sentence.end)
    return [hit for hit in hits if isinstance(hit.entry, Cue) and hit.entry.label == stage]


def _side(document: Document, sentences: Sequence[Sentence], field: str, code: str | None) -> Iterator[Proof]:
    """The mention nearest in the deal's sentences, else the last one before them; none where only the source tells."""
    found: Mention | None = next((m for s in sentences for m in s.mentions if m.code == code), None)
    if code is not None and found is None:
        before = [m for m in document.mentions if m.code == code and m.start < sentences[0].start]
        found = before[-1] if before else next((m for m in document.mentions if m.code == code), None)
    if code is not None and found is not None:
        yield Proof(field, found.start, found.end)


def _stage_proof(document: Document, sentences: Sequence[Sentence], stage: Stage, weapon: Hit | None) -> Proof:
    """The stage's own cue, else a word of transfer, else the goods, else the sentence itself."""
    at = weapon.start if weapon is not None else sentences[0].start
    best = sentences[0]
    for hits in (_stage_hits(document, best, stage), document.hits("transfer", best.start, best.end)):
        if hits:
            nearest = min(hits, key=lambda hit: abs(hit.start - at))
            return Proof("stage", nearest.start, nearest.end)
    shown = weapon if weapon is not None and best.start <= weapon.start < best.end else None
    return Proof("stage", shown.start, shown.end) if shown else Proof("stage", best.start, best.end)


def _realis(document: Document, sentence: Sentence, stage: Stage) -> Realis:
    """What the sentence says of itself, as far as the stage leaves it open: what is delivered is no plan."""
    told = realis_of(document, sentence)
    done = stage in {Stage.DELIVERED, Stage.SIGNED, Stage.APPROVED, Stage.CANCELLED, Stage.SUSPENDED, Stage.DELAYED}
    if done and told in {Realis.PLANNED, Realis.HYPOTHETICAL}:
        return Realis.ACTUAL
    if stage is Stage.PROPOSED and told is Realis.ACTUAL:
        return Realis.PLANNED
    return told

"""What a deal costs, when it was ordered and is due, and on what terms: read around the words of trade."""

from collections.abc import Iterator, Sequence

from schemas.arms_deal import Stage, Transfer
from streams.text.amounts import Amount, amounts
from streams.text.dates import Day, dates
from streams.text.document import Document, Sentence
from streams.text.lexicon import Cue
from streams.text.seedfile import SEEDS
from streams.text.vocabulary import Hit, vocabulary

_PRICED = frozenset((
    "deal", "deals", "contract", "contracts", "worth", "sale", "sales", "package", "packages", "valued", "value",
    "cost", "costs", "costing", "agreement", "order", "orders", "tranche", "aid", "assistance", "purchase", "buy",
    "bought", "buying", "spend", "paid", "pay", "paying", "sell", "sold", "weapons", "arms", "equipment",
    "ammunition", "military", "price", "acquisition", "drawdown", "estimated"
))  # fmt: skip
_NOT_ARMS = frozenset((
    "economic", "humanitarian", "budget", "budgetary", "investment", "investments", "revenue", "revenues", "profit",
    "profits", "gdp", "trade", "energy", "loan", "loans", "tax", "budgets", "refugees", "food", "grain", "spending",
    "funds", "fund", "capital", "market", "infrastructure", "sales-target", "jobs", "operating"
))  # fmt: skip
_ORDER = frozenset((
    "signed", "sign", "signing", "contract", "deal", "agreement", "ordered", "order", "orders", "inked", "bought",
    "buy", "purchased", "purchase", "agreed", "concluded", "placed", "approved", "selected", "chose", "awarded",
    "acquisition", "sold"
))  # fmt: skip
_DUE = frozenset((
    "deliver", "delivered", "delivery", "deliveries", "delivering", "arrive", "arrived", "arriving", "arrival",
    "receive", "received", "handed", "supplied", "completed", "complete", "completion", "induct", "inducted",
    "commissioned", "handing", "outstanding", "by", "until", "schedule", "scheduled", "due", "begin", "began", "shipped", "sent",
    "operational"
))  # fmt: skip
_NEXT_TO = 12
"""Words; a date or a price further from its word belongs to something else."""
_ORDERED = frozenset(
    (Stage.SIGNED, Stage.APPROVED, Stage.DELIVERING, Stage.DELIVERED, Stage.DELAYED, Stage.SUSPENDED, Stage.CANCELLED)
)
_DELIVERED = frozenset((Stage.SIGNED, Stage.DELIVERING, Stage.DELIVERED, Stage.DELAYED, Stage.APPROVED))


def money_of(document: Document, sentences: Sequence[Sentence]) -> Amount | None:
    """The price of the deal: the sum nearest to a word of price in the first sentence that has one.

    Sums beside other words ("economic aid", "revenue") are no price. Where the deal's sentences give none, the sentence
    just after the first counts if it names the price in so many words ("The contract is worth ...").
    """
    currencies = vocabulary(SEEDS).gazetteer.currencies
    for sentence in sentences[:2]:
        priced = _priced(document, amounts(document.text, currencies, sentence.start, sentence.end), sentence)
        if priced is not None:
            return priced
    at = sentences[0].index + 1
    following = document.sentences[at] if at < len(document.sentences) else None
    if following is None or following.furniture:
        return None
    words = document.fold[following.start : following.end].split()[:6]
    if not {
        "deal",
        "contract",
        "package",
        "order",
        "agreement",
        "sale",
        "purchase",
        "price",
        "cost",
        "bill",
        "value",
    } & set(words):
        return None
    return _priced(document, amounts(document.text, currencies, following.start, following.end), following)


def _priced(document: Document, found: Sequence[Amount], sentence: Sentence) -> Amount | None:
    best: tuple[int, Amount] | None = None
    for amount in found:
        before = document.fold[sentence.start : amount.start].split()[-_NEXT_TO:][::-1]
        after = document.fold[amount.end : sentence.end].split()[:_NEXT_TO]
        far = min(_distance(before, _PRICED), _distance(after, _PRICED))
        if _distance(after[:4], _NOT_ARMS) < min(4, _distance(after, _PRICED)) or _profits(before):
            continue
        if far < _NEXT_TO and (best is None or far < best[0]) and not _converted(document, amount):
            best = (far, amount)
    if best is None and len(found) == 1 and not _other_use(document, found[0], sentence):
        return found[0]
    return best[1] if best is not None else None


def _profits(before: Sequence[str]) -> bool:
    return bool({"profits", "proceeds", "revenue", "imports", "exports"} & set(before[:3]))


def _other_use(document: Document, amount: Amount, sentence: Sentence) -> bool:
    """True where the words beside the sum say that it is for something else, or that it counts many years or deals."""
    around = document.fold[max(sentence.start, amount.start - 30) : amount.start].split()[-3:]
    around += document.fold[amount.end : sentence.end].split()[:5]
    return bool(_NOT_ARMS & set(around))


def _converted(document: Document, amount: Amount) -> bool:
    """True for a sum in brackets: the price again, in other money."""
    return document.text[max(0, amount.start - 2) : amount.start].strip().endswith("(")


def _distance(words: Sequence[str], wanted: frozenset[str]) -> int:
    return next((n for n, word in enumerate(words) if word in wanted), 99)


def days_of(document: Document, sentences: Sequence[Sentence], stage: Stage) -> tuple[Day | None, tuple[Day, ...]]:
    """The day of the order (never after the article's own) and the days of delivery, each by the nearest word before it.

    A date with no such word near it, or in a sentence of another stage, is left alone.
    """
    published = document.article.published_at
    latest = published.date().isoformat() if published else "9999"
    ordered: Day | None = None
    due: list[Day] = []
    for day, kind in _told(document, sentences[0]):
        if kind == "order" and ordered is None and day.text <= latest[: len(day.text)] and stage in _ORDERED:
            ordered = day
        elif kind == "due" and stage in _DELIVERED and day.text not in {d.text for d in due}:
            due.append(day)
    return ordered, tuple(due)


def _told(document: Document, sentence: Sentence) -> Iterator[tuple[Day, str]]:
    last = None
    for day in dates(document.text, sentence.start, sentence.end):
        before = document.fold[sentence.start : day.start].split()[::-1]
        after = document.fold[day.end : sentence.end].split()[:4]
        order, due = _distance(before, _ORDER), _distance(before, _DUE)
        if before[:1] == ["and"] and last is not None:
            kind = last
        elif min(order, due) < _NEXT_TO:
            kind = "order" if order < due else "due"
        elif _distance(after, _ORDER) < 4:
            kind = "order"
        elif _distance(document.fold[day.end : sentence.end].split()[:_NEXT_TO], _ORDER | _DUE) < _NEXT_TO:
            rest = document.fold[day.end : sentence.end].split()[:_NEXT_TO]
            kind = "order" if _distance(rest, _ORDER) < _distance(rest, _DUE) else "due"
        else:
            continue
        last = kind
        yield day, kind


def transfer_of(document: Document, sentences: Sequence[Sentence], weapon: Hit | None) -> tuple[Transfer, Hit] | None:
    """The terms that the sentence nearest to the goods names, the plain words of supply left aside; None where none are."""
    for sentence in sentences:
        found = [
            hit for hit in document.hits("transfer", sentence.start, sentence.end)
            if isinstance(hit.entry, Cue) and hit.entry.label in Transfer.__members__.values()
        ]  # fmt: skip
        at = weapon.start if weapon is not None and sentence.start <= weapon.start < sentence.end else sentence.start
        if found:
            nearest = min(found, key=lambda hit: abs(hit.start - at))
            assert isinstance(nearest.entry, Cue)
            return Transfer(str(nearest.entry.label)), nearest
    return None

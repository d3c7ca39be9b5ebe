"""What a deal costs: the sum that a sentence on arms prices the goods with, and deals that only their sums tell apart."""

from collections.abc import Iterator, Sequence
from itertools import chain

from streams.detectors.arms_deal_roles import TRADES
from streams.detectors.arms_deal_terms import NEXT_TO, distance
from streams.detectors.candidate import Key
from streams.text.amounts import Amount, amounts
from streams.text.document import Document, Sentence
from streams.text.seedfile import SEEDS
from streams.text.vocabulary import vocabulary

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
_PRICE_FIRST = frozenset((
    "deal", "contract", "contracts", "package", "order", "agreement", "sale", "purchase", "price", "cost", "bill", "value"
))  # fmt: skip
"""One of these opens a sentence that gives the price of the deal before it."""
_POINTING = frozenset(("the", "this", "both", "these"))
_OPENING = 6
"""Words."""
_SUMMED = frozenset((
    "total", "totals", "totalling", "totaling", "overall", "altogether", "combined", "since", "far", "cumulative", "annual",
    "yearly"
))  # fmt: skip
"""Beside a sum: it counts several deals, and gives way to another."""
_FURTHER = 4
"""Sentences behind the deal's own in which its price may still be named."""


def price_of(document: Document, key: Key, sentences: Sequence[Sentence]) -> Amount | None:
    """The price of the deal: the pair's sum nearest to a word of price in the first sentence that has one.

    Sums beside other words ("economic aid", "revenue") are no price. Where the deal's sentences give none, one near them
    counts that names the price in so many words ("The contract is worth ..."), or the one before where they point back to it.
    """
    own = (_price(document, key, sentence) for sentence in sentences[:2])
    near = (_price(document, key, sentence) for sentence in _near(document, sentences[0]))
    return next((price for price in chain(own, near) if price is not None), None)


def _near(document: Document, first: Sentence) -> Iterator[Sentence]:
    around = document.sentences
    opening = document.fold[first.start : first.end].split()[:_OPENING]
    if first.index and not _PRICE_FIRST.isdisjoint(opening) and not _POINTING.isdisjoint(opening):
        yield around[first.index - 1]
    for sentence in around[first.index + 1 : first.index + 1 + _FURTHER]:
        words = document.fold[sentence.start : sentence.end].split()[:_OPENING]
        pointing = sentence.index == first.index + 1 or words[:1] == ["the"] or words[:1] == ["this"]
        if pointing and not sentence.furniture and not _PRICE_FIRST.isdisjoint(words):
            yield sentence


def _summed(document: Document, amount: Amount, sentence: Sentence) -> bool:
    before = document.fold[sentence.start : amount.start].split()[-5:]
    after = document.fold[amount.end : sentence.end].split()[:4]
    return not _SUMMED.isdisjoint((*before, *after))


def _price(document: Document, key: Key, sentence: Sentence) -> Amount | None:
    """Of the sums of the sentence that price what the pair deals in the nearest to a word of price; None where none does."""
    currencies = vocabulary(SEEDS).gazetteer.currencies
    named = amounts(document.text, currencies, sentence.start, sentence.end)
    found = _owned(key, sentence, [amount for amount in named if not _converted(document, amount)])
    ranked: list[tuple[bool, int, Amount]] = []
    for amount in found:
        before = document.fold[sentence.start : amount.start].split()[-NEXT_TO:][::-1]
        after = document.fold[amount.end : sentence.end].split()[:NEXT_TO]
        far = min(distance(before, _PRICED), distance(after, _PRICED))
        if distance(after[:4], _NOT_ARMS) < min(4, distance(after, _PRICED)) or _profits(before):
            continue
        if far < NEXT_TO:
            ranked.append((_summed(document, amount, sentence), far, amount))
    if not ranked and len(found) == 1 and not _other_use(document, found[0], sentence):
        return found[0]
    return min(ranked, key=lambda item: item[:2])[2] if ranked else None


def _owned(key: Key, sentence: Sentence, found: Sequence[Amount]) -> Sequence[Amount]:
    """Of several sums those that belong to the recipient, where the sentence deals with several: "the sale to X is worth
    ... and the one to Y ...". All where it does not give each its own."""
    if len(found) < 2:
        return found
    owners = dict(_owners(key[0], sentence, found))
    if len(set(owners.values()) - {None}) < 2 or key[1] not in owners.values():
        return found
    return [amount for amount in found if owners[amount.start] in (key[1], None)]


def _owners(supplier: str | None, sentence: Sentence, found: Sequence[Amount]) -> Iterator[tuple[int, str | None]]:
    """Who else than the supplier is named last before each sum, or first behind it where nobody stands before the first."""
    named = [m for m in sentence.mentions if m.code and m.code != supplier and m.kind in TRADES]
    ahead = bool(named) and named[0].start < found[0].start
    for amount in found:
        if ahead:
            codes = [m.code for m in named if m.end <= amount.start][-1:]
        else:
            codes = [m.code for m in named if m.start >= amount.end][:1]
        yield amount.start, codes[0] if codes else None


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

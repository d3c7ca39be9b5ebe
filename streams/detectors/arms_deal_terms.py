"""When a deal was ordered and is due, and on what terms: read around the words of trade."""

from collections.abc import Iterator, Sequence

from schemas.arms_deal import Stage, Transfer
from streams.text.dates import Day, dates
from streams.text.document import Document, Sentence
from streams.text.lexicon import Cue
from streams.text.vocabulary import Hit

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
NEXT_TO = 12
"""Words; a date or a price further from its word belongs to something else."""
_ORDERED = frozenset(
    (Stage.SIGNED, Stage.APPROVED, Stage.DELIVERING, Stage.DELIVERED, Stage.DELAYED, Stage.SUSPENDED, Stage.CANCELLED)
)
_DELIVERED = frozenset((Stage.SIGNED, Stage.DELIVERING, Stage.DELIVERED, Stage.DELAYED, Stage.APPROVED))


def distance(words: Sequence[str], wanted: frozenset[str]) -> int:
    """How many words lie before the first wanted one; 99 where there is none."""
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
        order, due = distance(before, _ORDER), distance(before, _DUE)
        if before[:1] == ["and"] and last is not None:
            kind = last
        elif min(order, due) < NEXT_TO:
            kind = "order" if order < due else "due"
        elif distance(after, _ORDER) < 4:
            kind = "order"
        elif distance(document.fold[day.end : sentence.end].split()[:NEXT_TO], _ORDER | _DUE) < NEXT_TO:
            rest = document.fold[day.end : sentence.end].split()[:NEXT_TO]
            kind = "order" if distance(rest, _ORDER) < distance(rest, _DUE) else "due"
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

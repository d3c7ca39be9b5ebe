"""Whether a sentence tells fact, plan, supposition, denial or history: from its modal words and years."""

from schemas.signal import Realis
from streams.text.dates import dates
from streams.text.document import Document, Sentence
from streams.text.lexicon import Cue

_OLD = 1
"""Years before the article's own that make a dated event background."""


def realis_of(document: Document, sentence: Sentence, start: int | None = None) -> Realis:
    """The realis of what the sentence tells; with `start`, of what stands around that position.

    Denial beats supposition, supposition beats plan, and a year before the article's own makes it background.
    """
    found = {
        hit.entry.label for hit in document.hits("modal", sentence.start, sentence.end) if isinstance(hit.entry, Cue)
    }
    published = document.article.published_at
    years = [int(day.text[:4]) for day in dates(document.text, sentence.start, sentence.end)]
    if published is not None and years and max(years) <= published.year - _OLD:
        return Realis.PAST
    if published is not None and years and max(years) > published.year:
        return Realis.PLANNED
    if "hypothetical" in found:
        return Realis.HYPOTHETICAL
    if "future" in found:
        return Realis.PLANNED
    if "past" in found:
        return Realis.PAST
    return Realis.ACTUAL

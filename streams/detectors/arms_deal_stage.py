"""How far a deal has come, by the cues of one sentence."""

from streams.text.document import Document, Sentence
from streams.text.lexicon import Cue

_URGENT = (
    "suspended",
    "delayed",
    "cancelled",
    "negotiating",
    "approved",
    "signed",
    "delivering",
    "proposed",
    "delivered",
)
"""Stages in the order in which a cue of one outweighs a cue of the next: a delayed delivery is delayed."""


def weightiest(document: Document, sentence: Sentence) -> str | None:
    """The stage whose cue weighs most in the sentence; None where it has none."""
    hits = document.hits("stage", sentence.start, sentence.end)
    labels = {hit.entry.label for hit in hits if isinstance(hit.entry, Cue)}
    return next((label for label in _URGENT if label in labels), None)

"""Whose own words a text is: the official or body that issues it, in a speech, a press release or a read-out."""

from streams.text.document import Document, Mention
from streams.text.gazetteer import MentionKind
from streams.text.lexicon import Cue
from streams.text.quotes import quote_at

SPEAKS = frozenset(MentionKind) - {
    MentionKind.CITY, MentionKind.REGION, MentionKind.FIRM, MentionKind.AGENCY, MentionKind.HISTORIC,
}  # fmt: skip
"""Kinds of mention that may be the subject of a verb of speaking."""


def issuer_of(document: Document) -> Mention | None:
    """The official or body that speaks in a text in the first person or in its own read-out, or None."""
    source = document.article.source or ""
    first = [
        hit for hit in document.layers.get("pronoun", ()) if isinstance(hit.entry, Cue) and hit.entry.label == "first"
    ]
    outside = sum(1 for hit in first if quote_at(document.quotes, hit.start) is None)
    own = outside >= max(2, len(document.sentences) // 6)
    government = document.home is not None and any(
        m.name == source and m.kind is MentionKind.GOVERNMENT for m in document.mentions[:40]
    )
    if not (own or government):
        return None
    title = [m for s in document.sentences[:1] if s.in_title for m in s.mentions]
    named = next((m for m in title if m.kind is MentionKind.PERSON and m.code), None)
    if named is not None and own:
        return named
    return next(
        (m for m in document.mentions if m.kind in SPEAKS and m.code == document.home and m.role is not None), None
    )

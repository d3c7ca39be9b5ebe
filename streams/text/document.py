"""The annotated document: everything later floors know of a text. Frozen; spans are half-open, in code points of `text`."""

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from operator import attrgetter

from schemas.article import Article
from streams.text.gazetteer import MentionKind
from streams.text.quotes import Quote
from streams.text.vocabulary import Hit


@dataclass(frozen=True, slots=True)
class Mention:
    """An actor named in the text.

    `code` is None for a person whose state is not known (an analyst, a bystander). `name` is the full name carried over
    from where it stood in full, else the words themselves. `role` is the office's class, None for none. `clue` says how
    the code was found: "alias", "office", "beside" (a state's name beside the role), "carried", "home" (the article's
    own state), "none".
    """

    start: int
    end: int
    sentence: int
    code: str | None
    kind: MentionKind
    name: str
    role: str | None
    clue: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence with what was found in it. `furniture` is a site's line between the sentences: never evidence."""

    index: int
    start: int
    end: int
    paragraph: int
    in_title: bool
    furniture: bool
    mentions: tuple[Mention, ...]


NEVER_ACTS = frozenset((MentionKind.AGENCY, MentionKind.FIRM))
"""A name of these kinds has the code of a state that does not act by it."""


class Link(StrEnum):
    """How a verb's subject was found."""

    SUBJECT = "subject"
    INVERTED = "inverted"
    AGENT = "agent"
    PRONOUN = "pronoun"
    JOINT = "joint"
    CONTINUED = "continued"
    ISSUER = "issuer"


@dataclass(frozen=True, slots=True)
class Utterance:
    """One act of speaking: in which sentence, by whom, with which verb (None where words stand with no verb)."""

    sentence: int
    speaker: Mention
    verb: Hit | None
    link: Link
    quoted: bool


@dataclass(frozen=True, slots=True)
class Document:
    """One article's text, annotated in one pass.

    `layers` holds the hits of each lexicon section and of weapons, in order. `home` is the state whose government "the
    government" is: that of the source, of the dateline, else of the state named most; None where there is none. `spoken`
    holds the acts of speaking by sentence, `named` how often each actor is named (a firm's or an agency's name does not count).
    """

    article: Article
    text: str
    fold: str
    sentences: tuple[Sentence, ...]
    mentions: tuple[Mention, ...]
    quotes: tuple[Quote, ...]
    layers: dict[str, tuple[Hit, ...]]
    home: str | None
    spoken: Mapping[int, tuple[Utterance, ...]]
    named: Mapping[str, int]

    def ahead(self, mention: Mention) -> str:
        """The word before a mention in its sentence, folded, with "the" passed over; "" where there is none."""
        words = self.fold[self.sentences[mention.sentence].start : mention.start].split()
        if words[-1:] == ["the"] and len(words) > 1:
            words.pop()
        return words[-1] if words else ""

    def hits(self, section: str, start: int, end: int) -> tuple[Hit, ...]:
        """The section's hits inside the span, in order."""
        found = self.layers.get(section)
        if not found:
            return ()
        first = bisect_left(found, start, key=_start)
        last = first
        while last < len(found) and found[last].end <= end:
            last += 1
        return found[first:last]


_start = attrgetter("start")

"""Asides between a subject and its verb: in "X, an analyst in Berlin, said" it is X who speaks, not Berlin."""

import re

from streams.text.document import Document, Mention, Sentence
from streams.text.gazetteer import MentionKind
from streams.text.lexicon import Cue
from streams.text.naming import JOINS, NAME, NAME_AT_END, NO_NAME
from streams.text.quotes import quote_at
from streams.text.vocabulary import Hit

_LONGEST = 24
"""Words; what stands between commas and is longer is no aside."""
_NAME_BACK = 60
"""Code points in which a name ends right before the aside."""
_CLAUSE = frozenset(
    ("was", "were", "is", "are", "be", "has", "have", "had", "will", "would", "can", "could", "may", "might", "must", "should",
     "but", "and", "or", "nor", "not", "if", "because", "while", "so", "then", "said", "says")
)  # fmt: skip
"""What follows a comma and begins with one of these is no aside about a name."""
_GOES_ON = re.compile(
    r" (?:has|have|had|is|was|were|are|will|would|must|should|could|can|may|might|does|did|do|needs?|wants?|wanted)\b"
)
"""Behind a state's name: the verb of a clause of its own, so that "said Russia would" has no Russia that speaks."""
_CLOSES = re.compile(r"\s*(?:[.,;:]|$|(?:on|in|at|after|during|late|early|this|last|yesterday|today|as|when)\b)")
"""What stands behind the speaker where the reported words stood first: "..., said Moscow on Friday."."""


def aside_before(document: Document, sentence: Sentence, verb: Hit) -> int | None:
    """Where the comma stands that opens an aside which ends right before the verb; None where there is none."""
    before = document.text[sentence.start : verb.start].rstrip()
    if not before.endswith(","):
        return None
    opening = before.rfind(",", 0, len(before) - 1)
    words = before[opening + 1 : -1].split()
    if opening < 1 or not 0 < len(words) <= _LONGEST or words[0].lower() in _CLAUSE or before[opening + 1] != " ":
        return None
    return sentence.start + opening


def stranger_before(document: Document, sentence: Sentence, left: list[Mention], position: int) -> bool:
    """True where a full name that is no known actor's ends right before the position."""
    tail = document.text[max(sentence.start, position - _NAME_BACK) : position]
    # most often it is a common noun, and that is told at a glance
    if not tail.rstrip().rpartition(" ")[2][:1].isupper():
        return False
    found = NAME_AT_END.search(tail)
    if found is None or " " not in found[1] or found[1].split(" ")[0].lower() in NO_NAME:
        return False
    begins = position - len(found[0])
    if any(mention.end > begins for mention in left):
        return False
    # "US senators X and Y": Y is one of them, though only X is known
    return not left or document.text[left[-1].end : begins].strip() not in JOINS


def heads(document: Document, sentence: Sentence, aside: int) -> list[Mention]:
    """The mentions that the aside may be about: all that begin before it, outside quotes."""
    return [m for m in sentence.mentions if m.start < aside and quote_at(document.quotes, m.start) is None]


def name_inside(document: Document, sentence: Sentence, aside: int) -> Mention | None:
    """The person whose name alone is the aside: "a spokesman for Iran's foreign ministry, X, said"."""
    close = document.text.find(",", aside + 1, sentence.end)
    if NAME.fullmatch(document.text, aside + 2, close) is None:
        return None
    return next(
        (m for m in sentence.mentions if aside < m.start and m.end == close and m.kind is MentionKind.PERSON), None
    )


def reported_first(document: Document, verb: Hit, after: Mention | None) -> bool:
    """True where reported words stand first and the speaker behind the verb: "the talks were useful, said Moscow"."""
    if after is None or not isinstance(verb.entry, Cue) or verb.entry.label != "say":
        return False
    gap = document.text[verb.end : after.start]
    return len(gap.split()) <= 1 and _CLOSES.match(document.text, after.end) is not None


def clause_of_its_own(document: Document, mention: Mention) -> bool:
    """True for a mention that is the subject of the next verb: "said Russia would"."""
    return _GOES_ON.match(document.text, mention.end) is not None

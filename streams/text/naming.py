"""The shapes of names in print: capitalised runs, names before a comma, datelines, and the small words between."""

import re

_WORD = r"(?:[A-ZÀ-ÖØ-ÞĀĆČĐİŁŚŞŠŽ][\w’'-]+|[A-Z]\.|[A-Z](?= [A-Z]))"
_PARTICLE = r"(?:(?:al|el|bin|ibn|bint|de|da|del|di|do|dos|du|van|von|der|den|la|le|abu|ben|ul)[ -])?"
_RUN = rf"{_WORD}(?: {_PARTICLE}{_WORD}){{0,4}}"

NAME = re.compile(_RUN)
HONORIFIC = re.compile(r"(?:(?:Dr|Mr|Mrs|Ms|Gen|General|Lt|Maj|Col|Adm|Sir|Shri)\.? ){1,3}")
"""Stands between an office and its holder's name, and is part of neither."""
NAME_BEFORE_COMMA = re.compile(rf"({_RUN}),\s(?:(?!(?:to|of|for|with|in|by)\s)[a-z][\w-]*\s){{0,3}}$")
"""A name and the small words before its office: "X, a former senior"."""
NAME_AFTER_POST = re.compile(
    rf"(?:[’']s)?(?P<post>(?:\s[\w’'&.-]+){{1,9}}),\s(?P<name>{_WORD}(?: {_PARTICLE}{_WORD}){{1,3}}),"
)
"""A post and its holder's name: "(head) of the mission to Ukraine, X,"."""
NAME_AT_END = re.compile(rf"({_RUN})\s?$")
STATE_AFTER = re.compile(
    r" (?P<link>of|for|from|to|in) (?:the )?(?P<state>[A-ZÀ-Þ][\w.’'-]*(?: (?:and |of )?[A-ZÀ-Þ][\w.’'-]*){0,2})"
)
DATELINE = re.compile(r"[A-Z][A-Za-z .,'’/-]{2,40}?(?:\(|, [A-Z][a-z]{2,8} \d| --? | – | — )")

SCHOLARS = re.compile(
    r"(?: (?:[A-ZÀ-Þ][\w’'-]+|of|for|in)){0,5}? (?:Institutes?|Universit(?:y|ies)|Academy|College|School|Foundation|Club|"
    r"Exchange|Times|Post|Herald|Conventions?|Airport)\b"
)
"""What goes on from a place's name to that of a body which is no state's: "Stockholm International Peace Research Institute"."""

JOINS = frozenset(("and", "&", ", and", ","))
"""Stands between the members of one list."""

GAP = frozenset(
    [
        "s",
        "the",
        "then",
        "new",
        "acting",
        "deputy",
        "senior",
        "junior",
        "top",
        "chief",
        "first",
        "own",
        "current",
        "outgoing",
        "incoming",
        "newly",
        "elected",
        "permanent",
        "interim",
        "special",
        "state",
        "federal",
        "national",
        "central",
        "transitional",
        "vice",
        "long",
        "time",
        "longtime",
        "veteran",
        "ruling",
        "presidential",
        "caretaker",
        "hardline",
        "late",
        "former",
        "powerful",
        "official",
        "and",
    ]
)
"""Words that may stand between a state's name and an office or organ of it."""

FAMILY_NAME_FIRST = frozenset(("CHN", "HKG", "KOR", "MAC", "PRK", "TWN"))
"""States whose people's names are printed family name first: "Wang Wenbin" is Wang from then on."""

NO_NAME = frozenset((
    "on", "in", "at", "the", "after", "ahead", "before", "amid", "for", "with", "by", "from", "as", "to", "of", "over",
    "against", "about", "during", "into", "his", "her", "its", "their", "is", "was", "are", "were", "has", "had",
    "statement", "statements", "remarks", "readout", "speech", "address", "memorial", "day", "policy", "conference",
    "summit", "meeting", "launches", "launch", "announces", "announce", "signs", "meets", "visits", "visit", "hosts",
    "welcomes", "thanks", "travels", "holds", "joins", "seeks", "wants", "heads", "arrives", "delivers", "makes", "takes",
    "issues", "proclaims", "speaks", "participates", "nominates", "appoints", "pledges", "unveils", "hails", "slams", "calls",
    "foreign", "national", "security", "economic", "international", "chief",
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"
))  # fmt: skip
"""Words that are no part of a name though they begin with a capital, in headlines above all: "President Biden Statement on ..."."""

NO_SURNAME = frozenset(["jr", "sr", "ii", "iii", "iv"])


def trimmed(name: str) -> str:
    """A name without the possessive or mark at its end.

    >>> trimmed("Sergei Lavrov’s"), trimmed("Kim")
    ('Sergei Lavrov', 'Kim')
    """
    for ending in ("'s", "’s", "'", "’", "-", "."):
        name = name.removesuffix(ending)
    return name

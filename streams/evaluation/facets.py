"""What is compared: for each kind, the parts of an object that must agree for it to count as found.

Source of the rules: the guidelines of the labels that this project is measured by.
"""

import re
from collections.abc import Callable, Hashable, Mapping

from streams.evaluation.objects import Object

Key = Callable[[Object], Hashable]

_NAME = re.compile(r"[\w'’-]+")
_WORD = re.compile(r"[a-z0-9]+")
_NO_SURNAME = frozenset(("jr", "sr", "ii", "iii"))
NEAR = 0.01
"""Two amounts are the same when they differ by no more than this part of the labelled one."""


def _fields(*names: str) -> Key:
    return lambda thing: tuple(thing.get(name) for name in names)


def surname(name: str | None) -> str:
    """The last word of a name in lower case, without "Jr"; "" for none.

    >>> surname("Narendra Modi"), surname("Robert Kennedy Jr"), surname(None)
    ('modi', 'kennedy', '')
    """
    words = [word for word in _NAME.findall((name or "").lower()) if word not in _NO_SURNAME]
    return words[-1] if words else ""


def first_target(thing: Object) -> str | None:
    """The main target of a statement, None where it has none."""
    targets = thing.get("targets")
    return targets[0] if targets else None


def weapon_words(thing: Object) -> frozenset[str]:
    """The words of a deal's weapons, without single letters ("S-400" gives 400).

    >>> sorted(weapon_words({"weapons": ["S-400 Triumf"]}))
    ['400', 'triumf']
    """
    words = (word for name in thing.get("weapons") or () for word in _WORD.findall(str(name).lower()))
    return frozenset(word for word in words if len(word) > 1 or word.isdigit())


def same_amount(gold: Object, said: Object) -> bool:
    """True where both give an amount and the two are `NEAR`."""
    wanted, given = gold.get("value"), said.get("value")
    if not wanted or not given:
        return False
    return bool(abs(given["amount"] - wanted["amount"]) <= NEAR * wanted["amount"])


FACETS: Mapping[str, Mapping[str, Key]] = {
    "arms_deal": {
        "pair": _fields("supplier", "recipient"),
        "pair+stage": _fields("supplier", "recipient", "stage"),
    },
    "sanctions_stance": {
        "actor+stance": _fields("actor", "stance"),
        "sender+target": _fields("sender", "target"),
        "actor+stance+target": _fields("actor", "stance", "target"),
    },
    "diplomatic_statement": {
        "speaker_actor": lambda thing: thing.get("speaker_actor"),
        "speaker": lambda thing: (surname(thing.get("speaker")), thing.get("speaker_actor")),
        "actor+act": _fields("speaker_actor", "act"),
        "actor+act+target": lambda thing: (thing.get("speaker_actor"), thing.get("act"), first_target(thing)),
    },
}
"""kind -> facet -> key. A kind that is not here is scored by detection alone."""

STRUCTURE: Mapping[str, str] = {
    "arms_deal": "pair",
    "sanctions_stance": "actor+stance",
    "diplomatic_statement": "actor+act",
}
"""The facet that says whether a signal is right: it makes macro structure F1, confidence and `main` measurable."""

WHO: Mapping[str, tuple[tuple[str, ...], str]] = {
    "arms_deal": (("supplier", "recipient"), "stage"),
    "sanctions_stance": (("actor",), "stance"),
    "diplomatic_statement": (("speaker_actor",), "act"),
}
"""kind -> (the actors' fields, the label's field): what an error is about."""


def structure(kind: str) -> Key:
    """The key by which a signal of the kind is right. Raises KeyError for a kind without facets."""
    return FACETS[kind][STRUCTURE[kind]]

"""Officials and organs of state: an office with or without its holder's name, and the state it speaks for."""

from bisect import bisect_left
from collections.abc import Iterator

from streams.text.document import Mention
from streams.text.gazetteer import MentionKind
from streams.text.lexicon import Cue
from streams.text.naming import (
    GAP,
    HONORIFIC,
    NAME,
    NAME_AFTER_POST,
    NAME_BEFORE_COMMA,
    NO_NAME,
    STATE_AFTER,
    trimmed,
)  # fmt: skip
from streams.text.reading import Person, Reading, office_on
from streams.text.vocabulary import Hit

STATE_KINDS = frozenset(
    (MentionKind.COUNTRY, MentionKind.DEMONYM, MentionKind.CAPITAL, MentionKind.GOVERNMENT, MentionKind.BLOC,
     MentionKind.HISTORIC, MentionKind.NONSTATE)
)  # fmt: skip
_NATIONS = frozenset((MentionKind.COUNTRY, MentionKind.DEMONYM, MentionKind.BLOC))
_PLACED = STATE_KINDS | {MentionKind.CITY}
_BESIDE = STATE_KINDS | {MentionKind.CITY, MentionKind.REGION, MentionKind.FIRM, MentionKind.ORGAN}
_FORMER = "former"
"""The class of an office that its holder has left."""
_ITS_POST = " to"
"""Ends the words for an envoy whose post follows ("Britain's ambassador to the UN"), and is no part of who speaks."""
_FAR = 90
"""Code points; an apposition reaches no further back."""
_POST = 120
"""Code points; the words of a post reach no further on."""
_SMALL_WORDS = 50
"""Code points; the words between a name's comma and the office reach no further."""
_PLACES = frozenset(("in", "at", "near", "from"))
"""Before a capitalised run: that is a place, not a person."""


def _nation_before(reading: Reading, position: int) -> Mention | None:
    """The state or body named just before, with nothing but small words between ("Russia's deputy ...")."""
    last = reading.found[-1] if reading.found else None
    if last is None or last.kind not in _BESIDE or reading.sentence(last.start) != reading.sentence(position):
        return None
    between = reading.text[last.end : position]
    if len(between) > 40 or any(mark in between for mark in ',;:()“”"—'):
        return None
    return last if all(word in GAP for word in reading.fold[last.end : position].split()) else None


def _plural(reading: Reading, hit: Hit) -> bool:
    """True for "leaders" or "governments" of no named state: nobody in particular."""
    return reading.fold[hit.start : hit.end].endswith("s") and not reading.fold[hit.start : hit.end].endswith("ss")


def _state_after(
    reading: Reading, position: int, label: str | None, kinds: frozenset[MentionKind] = _PLACED
) -> tuple[str | None, int]:
    """The state named just after by "of", "for" or "from" ("President X of Georgia"), and where its name ends.

    An ambassador to a state does not speak for it; an adviser to its president does.
    """
    match = STATE_AFTER.match(reading.text, position, min(len(reading.text), position + 60))
    if match is not None and not (label in {"ambassador", "foreign ministry"} and match["link"] in {"to", "in"}):
        parts = match["state"].split(" ")
        for size in range(len(parts), 0, -1):
            words = trimmed(" ".join(parts[:size]))
            alias = reading.gazetteer.by_text.get(words)
            if alias is not None and alias.kind in kinds:
                # an adjective belongs to the noun behind it: "adviser to the Ukrainian interior minister"
                described = alias.kind is MentionKind.DEMONYM
                return alias.code, position if described else match.start("state") + len(words)
    return None, position


def _state_within(reading: Reading, position: int, label: str | None) -> str | None:
    """The state in the rest of an apposition: "X, first deputy chair of Russia's upper house, said"; no city, for a club or
    a parish has one too."""
    text, far = reading.text, min(len(reading.text), position + _POST)
    stop = min((at for mark in ",.;\n" if (at := text.find(mark, position, far)) >= 0), default=position)
    while 0 <= position < stop:
        code, _ = _state_after(reading, position, label, _NATIONS)
        if code is not None:
            return code
        position = text.find(" ", position + 1, stop)
    return None


def _name_after_post(reading: Reading, hit: Hit, position: int) -> str | None:
    """The holder's name behind the words of the post: "the head of the EU mission to Ukraine, X, said"."""
    comma = reading.text.find(",", position, position + _POST)
    if comma < 0 or not reading.text[comma + 2 : comma + 3].isupper():
        return None
    match = NAME_AFTER_POST.match(reading.text, position, min(len(reading.text), position + _POST))
    if match is None or _plural(reading, hit):
        return None
    another = bisect_left(reading.roles, hit.end)
    if another < len(reading.roles) and reading.roles[another] < match.end():
        return None
    if any(at in reading.stops for at in range(match.start("post"), match.end("post"))):
        return None
    name = trimmed(match["name"])
    alias = reading.gazetteer.by_text.get(name)
    if name.split(" ")[0].lower() in NO_NAME or (alias is not None and alias.kind is not MentionKind.PERSON):
        return None
    return name


def _name_at(reading: Reading, position: int) -> str | None:
    """The name that stands at the position; it stops before a verb of a headline and is no place's name."""
    match = NAME.match(reading.text, position, min(len(reading.text), position + 70))
    if match is None:
        return None
    words = match.group().split(" ")
    name = _known(reading, words) or trimmed(" ".join(_plain(reading, words, position)))
    alias = reading.gazetteer.by_text.get(name)
    if len(name) < 2 or position in reading.stops or (alias is not None and alias.kind is not MentionKind.PERSON):
        return None
    return name


def _plain(reading: Reading, words: list[str], position: int) -> Iterator[str]:
    """The words up to a verb, a word that is no name, or a possessive."""
    at = position
    for number, word in enumerate(words):
        if (number and at in reading.stops) or word.lower() in NO_NAME:
            return
        yield word
        if word.endswith(("’s", "'s")):
            return
        at += len(word) + 1


def _known(reading: Reading, words: list[str]) -> str | None:
    """The full name of a known person with which the words begin, or None: "Joe Biden Urges" goes on behind the name."""
    for size in range(len(words), 1, -1):
        name = trimmed(" ".join(words[:size]))
        alias = reading.gazetteer.by_text.get(name)
        if alias is not None and alias.kind is MentionKind.PERSON:
            return name
    return None


def put_official(reading: Reading, hit: Hit, cue: Cue) -> None:
    nation = _nation_before(reading, hit.start)
    start = nation.start if nation is not None else hit.start
    role = _FORMER if _left_office(reading, start, hit) else cue.label
    code, end = (nation.code, hit.end) if nation is not None else _state_after(reading, hit.end, cue.label)
    clue = "beside" if code else "home"
    aside = reading.text[end : end + 2] == ", "
    gap = 2 if aside else 1
    honorific = HONORIFIC.match(reading.text, end + gap)
    gap += len(honorific[0]) if honorific is not None else 0
    name = _name_at(reading, end + gap) if reading.text[end : end + 1] in {" ", ","} else None
    if name is not None and (not aside or " " in name):
        end += gap + len(name)
        if code is None:
            code, end = _state_after(reading, end, cue.label)
            clue = "beside" if code else clue
    else:
        name, start = _name_before(reading, start)
        if name is not None and code is None and (within := _state_within(reading, end, cue.label)) is not None:
            code, clue = within, "beside"
        if end == hit.end:
            end -= len(_ITS_POST) if reading.fold[start:end].endswith(_ITS_POST) else 0
        name = name or _name_after_post(reading, hit, end)
        if name is None and code is None and _plural(reading, hit):
            return
    _put(reading, Mention(start, end, 0, code, MentionKind.PERSON, name or "", role, clue), named=name is not None)


def _left_office(reading: Reading, start: int, hit: Hit) -> bool:
    """ "a former US ambassador", "the US's former ambassador"."""
    before = reading.fold[max(0, start - len(_FORMER) - 1) : start].split()
    return before[-1:] == [_FORMER] or _FORMER in reading.fold[start : hit.start].split()


def _name_before(reading: Reading, position: int) -> tuple[str | None, int]:
    """The name in apposition before the position ("Sergei Lavrov, Russia's foreign minister") and where it starts."""
    first = max(reading.starts[reading.sentence(position)] if reading.starts else 0, position - _FAR)
    if reading.text.find(",", max(first, position - _SMALL_WORDS), position) < 0:
        return None, position
    match = NAME_BEFORE_COMMA.search(reading.text[first:position])
    if match is None or " " not in match[1] or match[1].split(" ")[0].lower() in NO_NAME:
        return None, position
    alias = reading.gazetteer.by_text.get(match[1])
    ahead = reading.fold[first : first + match.start(1)].split()[-1:]
    if (alias is not None and alias.kind is not MentionKind.PERSON) or (ahead and ahead[0] in _PLACES):
        return None, position
    return trimmed(match[1]), first + match.start(1)


def _put(reading: Reading, mention: Mention, *, named: bool) -> None:
    """Add an office with or without its holder's name; without a state it is one of the article's own state."""
    code, name, clue = mention.code, mention.name, mention.clue
    if not named and clue == "home":
        known = next((p for p in reversed(reading.people.values()) if p.role == mention.role and p.code), None)
        if known is not None:
            code, name, clue = known.code, known.name, "carried"
    known = reading.known(name) if named else None
    office = office_on(reading.gazetteer.offices.get(name, ()), reading.day) if named else None
    if office is not None:
        code, clue = office.code, "office"
    elif known is not None and clue == "home":
        code, name, clue = known.code, known.name, "carried"
    if code is None:
        code, clue = reading.home, "home"
    name = name or reading.text[mention.start : mention.end]
    if named:
        reading.remember(Person(name, code, mention.role, clue))
    place = reading.sentence(mention.start)
    reading.put(Mention(mention.start, mention.end, place, code, mention.kind, name, mention.role, clue))


def put_organ(reading: Reading, hit: Hit, cue: Cue) -> None:
    nation = _nation_before(reading, hit.start)
    code, end = (nation.code, hit.end) if nation is not None else _state_after(reading, hit.end, cue.label)
    start = nation.start if nation is not None else hit.start
    clue = "beside" if code else "home"
    if code is None and (cue.label == "forces" or _plural(reading, hit)):
        return
    name = reading.text[start:end]
    code = code or reading.home
    reading.put(Mention(start, end, reading.sentence(start), code, MentionKind.ORGAN, name, cue.label, clue))

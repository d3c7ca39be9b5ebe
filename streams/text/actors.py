"""Who is named: states by any of their names, their organs, and people with the state they speak for."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from streams.text.document import Mention
from streams.text.folding import folded
from streams.text.gazetteer import Alias, Gazetteer, MentionKind, Office
from streams.text.lexicon import Cue
from streams.text.naming import DATELINE, FAMILY_NAME_FIRST, GAP, NAME, NAME_BEFORE_COMMA, NO_SURNAME, STATE_AFTER, trimmed
from streams.text.vocabulary import Hit

STATE_KINDS = frozenset(
    (MentionKind.COUNTRY, MentionKind.DEMONYM, MentionKind.CAPITAL, MentionKind.GOVERNMENT, MentionKind.BLOC,
     MentionKind.HISTORIC, MentionKind.NONSTATE)
)  # fmt: skip
_BESIDE = STATE_KINDS | {MentionKind.CITY, MentionKind.REGION, MentionKind.FIRM, MentionKind.ORGAN}
_FAR = 90
"""Code points; an apposition reaches no further back."""


@dataclass(frozen=True, slots=True)
class _Person:
    name: str
    code: str | None
    role: str | None
    clue: str


class _Reading:
    """What is known so far while one text is read from left to right."""

    __slots__ = ("day", "fold", "found", "gazetteer", "home", "people", "starts", "stops", "text")

    def __init__(
        self, text: str, fold: str, gazetteer: Gazetteer, starts: list[int], stops: frozenset[int],
        *, day: date | None, home: str | None,
    ) -> None:  # fmt: skip
        self.text = text
        self.fold = fold
        self.gazetteer = gazetteer
        self.starts = starts
        self.stops = stops
        self.day = day
        self.home = home
        self.found: list[Mention] = []
        self.people: dict[str, _Person] = {}

    def sentence(self, position: int) -> int:
        return max(0, bisect_right(self.starts, position) - 1)

    def put(self, mention: Mention) -> Mention:
        """Add a mention; what it covers has become part of it."""
        while self.found and self.found[-1].end > mention.start:
            self.found.pop()
        self.found.append(mention)
        return mention

    def remember(self, person: _Person) -> None:
        words = [word for word in folded(person.name).split() if word not in NO_SURNAME]
        if person.code in FAMILY_NAME_FIRST and len(words) > 1 and len(words[0]) > 1:
            self.people[words[0]] = person
        elif words and len(words[-1]) > 1:
            self.people[words[-1]] = person


def dateline(text: str, start: int, aliases: Iterable[Hit]) -> Hit | None:
    """The place at the head of the body ("MOSCOW, March 3 -"), or None."""
    if not DATELINE.match(text, start):
        return None
    return next((hit for hit in aliases if start <= hit.start <= start + 25), None)


def home_state(source: str | None, line: Hit | None, aliases: Iterable[Hit], gazetteer: Gazetteer) -> str | None:
    """The article's own state: its source's, its dateline's, else the state named most often; None where none is."""
    known = gazetteer.by_text.get(source or "")
    if known is not None and known.code and known.kind is not MentionKind.PERSON:
        return known.code
    if line is not None and isinstance(line.entry, Alias):
        return line.entry.code
    named = Counter(
        hit.entry.code
        for hit in aliases
        if isinstance(hit.entry, Alias) and hit.entry.strong and hit.entry.kind in STATE_KINDS
    )
    return named.most_common(1)[0][0] if named else None


def mentions(
    text: str, fold: str, layers: dict[str, list[Hit]], starts: list[int], gazetteer: Gazetteer,
    *, day: date | None, home: str | None, line: Hit | None,
) -> list[Mention]:  # fmt: skip
    """All actors named in the text, in order; those merged into a longer name ("Russian" before a minister) are gone.

    Known people hold the office of that day; a surname alone is the person whose full name stood before.
    """
    stops = frozenset(hit.start for section in ("speech", "modal", "via") for hit in layers.get(section, ()))
    reading = _Reading(text, fold, gazetteer, starts, stops, day=day, home=home)
    aliases = _counted([hit for hit in layers.get("actor", ()) if hit is not line])
    pieces = [*aliases, *layers.get("role", ()), *layers.get("organ", ())]
    pieces.sort(key=lambda hit: (hit.start, -hit.end))
    for hit in pieces:
        if reading.found and hit.start < reading.found[-1].end:
            continue
        entry = hit.entry
        if isinstance(entry, Alias):
            _alias(reading, hit, entry)
        elif isinstance(entry, Cue):
            (_role if entry.section == "role" else _organ)(reading, hit, entry)
    return _with_surnames(reading)


def _counted(aliases: list[Hit]) -> list[Hit]:
    """Weak aliases count only where a strong one of the same actor stands somewhere in the text."""
    strong = {hit.entry.code for hit in aliases if isinstance(hit.entry, Alias) and hit.entry.strong}
    return [hit for hit in aliases if isinstance(hit.entry, Alias) and (hit.entry.strong or hit.entry.code in strong)]


def _alias(reading: _Reading, hit: Hit, alias: Alias) -> None:
    place = reading.sentence(hit.start)
    if alias.kind is MentionKind.PERSON:
        office = _office(reading.gazetteer.offices.get(alias.name, ()), reading.day)
        person = _Person(alias.name, office.code if office else alias.code, office.role if office else None, "office")
        reading.remember(person)
        start = _title_start(reading, hit.start)
        reading.put(Mention(start, hit.end, place, person.code, alias.kind, person.name, person.role, "office"))
    elif not _in_a_name(reading, hit, alias):
        reading.put(Mention(hit.start, hit.end, place, alias.code, alias.kind, alias.name, None, "alias"))


def _title_start(reading: _Reading, position: int) -> int:
    """Where a known person's mention begins: at the title before the name, if the title was read as a mention."""
    last = reading.found[-1] if reading.found else None
    if last is not None and last.end == position - 1 and last.role is not None:
        return last.start
    return position


def _in_a_name(reading: _Reading, hit: Hit, alias: Alias) -> bool:
    """ "Jordan" behind "Michael": a weak alias behind a capitalised word that begins no sentence and is no alias."""
    if alias.strong or hit.start == 0 or reading.text[hit.start - 1] != " ":
        return False
    before = reading.text[max(0, hit.start - 25) : hit.start - 1].rsplit(" ", 1)[-1]
    capitalised = len(before) > 1 and before[0].isupper() and before[1:].isalpha() and before[1:].islower()
    return capitalised and hit.start - 1 - len(before) not in reading.starts


def _office(terms: tuple[Office, ...], day: date | None) -> Office | None:
    """The office held on that day, else the nearest one; the last one where the day is not known."""
    if not terms or day is None:
        return terms[-1] if terms else None
    today = day

    def days_off(office: Office) -> int:
        if office.since and today < office.since:
            return (office.since - today).days
        return (today - office.until).days if office.until and today > office.until else 0

    return min(terms, key=days_off)


def _nation_before(reading: _Reading, position: int) -> Mention | None:
    """The state or body named just before, with nothing but small words between ("Russia's deputy ...")."""
    last = reading.found[-1] if reading.found else None
    if last is None or last.kind not in _BESIDE or reading.sentence(last.start) != reading.sentence(position):
        return None
    between = reading.text[last.end : position]
    if len(between) > 40 or any(mark in between for mark in ',;:()“”"—'):
        return None
    return last if all(word in GAP for word in reading.fold[last.end : position].split()) else None


def _plural(reading: _Reading, hit: Hit) -> bool:
    """True for "leaders" or "governments" of no named state: nobody in particular."""
    return reading.fold[hit.start : hit.end].endswith("s") and not reading.fold[hit.start : hit.end].endswith("ss")


def _state_after(reading: _Reading, position: int, label: str | None) -> tuple[str | None, int]:
    """The state named just after by "of", "for" or "from" ("President X of Georgia"), and where its name ends.

    An ambassador to a state does not speak for it; an adviser to its president does.
    """
    match = STATE_AFTER.match(reading.text, position, min(len(reading.text), position + 60))
    if match is not None and not (label in {"ambassador", "foreign ministry"} and match["link"] in {"to", "in"}):
        parts = match["state"].split(" ")
        for size in range(len(parts), 0, -1):
            words = trimmed(" ".join(parts[:size]))
            alias = reading.gazetteer.by_text.get(words)
            if alias is not None and alias.kind in STATE_KINDS | {MentionKind.CITY}:
                return alias.code, match.start("state") + len(words)
    return None, position


def _name_at(reading: _Reading, position: int) -> str | None:
    """The name that stands at the position; it stops before a verb of a headline and is no place's name."""
    match = NAME.match(reading.text, position, min(len(reading.text), position + 70))
    if match is None:
        return None
    words, at = [], position
    for word in match.group().split(" "):
        if at in reading.stops and words:
            break
        words.append(word)
        at += len(word) + 1
        if word.endswith(("’s", "'s")):
            break
    name = trimmed(" ".join(words))
    alias = reading.gazetteer.by_text.get(name)
    if len(name) < 2 or position in reading.stops or (alias is not None and alias.kind is not MentionKind.PERSON):
        return None
    return name


def _role(reading: _Reading, hit: Hit, cue: Cue) -> None:
    nation = _nation_before(reading, hit.start)
    start = nation.start if nation is not None else hit.start
    code, end = (nation.code, hit.end) if nation is not None else _state_after(reading, hit.end, cue.label)
    clue = "beside" if code else "home"
    gap = 2 if reading.text[end : end + 2] == ", " else 1
    name = _name_at(reading, end + gap) if reading.text[end : end + 1] in {" ", ","} else None
    if name is not None and (gap == 1 or " " in name):
        end += gap + len(name)
        if code is None:
            code, end = _state_after(reading, end, cue.label)
            clue = "beside" if code else clue
    else:
        name, start = _name_before(reading, start)
        if name is None and code is None and _plural(reading, hit):
            return
    _put_official(
        reading, Mention(start, end, 0, code, MentionKind.PERSON, name or "", cue.label, clue), named=name is not None
    )


def _name_before(reading: _Reading, position: int) -> tuple[str | None, int]:
    """The name in apposition before the position ("Sergei Lavrov, Russia's foreign minister") and where it starts."""
    first = max(reading.starts[reading.sentence(position)] if reading.starts else 0, position - _FAR)
    match = NAME_BEFORE_COMMA.search(reading.text[first:position])
    if match is None or " " not in match[1]:
        return None, position
    alias = reading.gazetteer.by_text.get(match[1])
    if alias is not None and alias.kind is not MentionKind.PERSON:
        return None, position
    return trimmed(match[1]), first + match.start(1)


def _put_official(reading: _Reading, mention: Mention, *, named: bool) -> None:
    """Add an office with or without its holder's name; without a state it is one of the article's own state."""
    if not named and mention.clue == "home":
        known = next((p for p in reversed(reading.people.values()) if p.role == mention.role and p.code), None)
        if known is not None:
            mention = replace(mention, code=known.code, name=known.name, clue="carried")
    surname = folded(mention.name).split()[-1:] if named else []
    known = reading.people.get(surname[0]) if surname else None
    terms = reading.gazetteer.offices.get(mention.name, ()) if named else ()
    office = _office(terms, reading.day)
    if office is not None:
        mention = replace(mention, code=office.code, clue="office")
    elif known is not None and mention.clue == "home":
        mention = replace(mention, code=known.code, name=known.name, clue="carried")
    if mention.code is None:
        mention = replace(mention, code=reading.home, clue="home")
    name = mention.name or reading.text[mention.start : mention.end]
    mention = replace(mention, sentence=reading.sentence(mention.start), name=name)
    if named:
        reading.remember(_Person(name, mention.code, mention.role, mention.clue))
    reading.put(mention)


def _organ(reading: _Reading, hit: Hit, cue: Cue) -> None:
    nation = _nation_before(reading, hit.start)
    code, end = (nation.code, hit.end) if nation is not None else _state_after(reading, hit.end, cue.label)
    start = nation.start if nation is not None else hit.start
    clue = "beside" if code else "home"
    if code is None and (cue.label == "forces" or _plural(reading, hit)):
        return
    name = reading.text[start:end]
    code = code or reading.home
    reading.put(Mention(start, end, reading.sentence(start), code, MentionKind.ORGAN, name, cue.label, clue))


def _with_surnames(reading: _Reading) -> list[Mention]:
    """The mentions and, between them, surnames of the people named in full elsewhere in the text."""
    taken = [(mention.start, mention.end) for mention in reading.found]
    padded = f" {reading.fold} "
    added = []
    for surname, person in reading.people.items():
        needle, at = f" {surname} ", 0
        while (at := padded.find(needle, at)) >= 0:
            start, end = at, at + len(surname)
            at += 1
            index = bisect_right(taken, (start, 1 << 60)) - 1
            free = index < 0 or taken[index][1] <= start
            if free and reading.text[start].isupper():
                place = reading.sentence(start)
                added.append(
                    Mention(start, end, place, person.code, MentionKind.PERSON, person.name, person.role, "carried")
                )
    return sorted([*reading.found, *added], key=lambda mention: mention.start)

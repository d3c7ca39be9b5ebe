"""Who is named: states by any of their names, their organs, and people with the state they speak for."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from datetime import date

from streams.text.document import Mention
from streams.text.gazetteer import Alias, Gazetteer, MentionKind
from streams.text.lexicon import Cue
from streams.text.naming import DATELINE, SCHOLARS
from streams.text.officials import STATE_KINDS, put_official, put_organ
from streams.text.reading import Person, Reading, office_on
from streams.text.vocabulary import Hit


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


_BASED = frozenset(("-based", "- based", "based"))
_AUXILIARY = frozenset(("has", "had", "have", "also", "again", "then"))


def mentions(
    text: str, fold: str, layers: dict[str, list[Hit]], starts: list[int], gazetteer: Gazetteer,
    *, day: date | None, home: str | None, line: Hit | None,
) -> list[Mention]:  # fmt: skip
    """All actors named in the text, in order; those merged into a longer name ("Russian" before a minister) are gone.

    Known people hold the office of that day; a surname alone is the person whose full name stood before.
    """
    stops = frozenset(hit.start for section in ("speech", "modal", "via") for hit in layers.get(section, ()))
    roles = tuple(hit.start for hit in layers.get("role", ()))
    reading = Reading(text, fold, gazetteer, starts, stops, roles, day=day, home=home)
    aliases = _counted(fold, stops, [hit for hit in layers.get("actor", ()) if hit is not line])
    pieces = [*aliases, *layers.get("role", ()), *layers.get("organ", ())]
    pieces.sort(key=lambda hit: (hit.start, -hit.end))
    for hit in pieces:
        if reading.found and hit.start < reading.found[-1].end:
            continue
        entry = hit.entry
        if isinstance(entry, Alias):
            _alias(reading, hit, entry)
        elif isinstance(entry, Cue):
            (put_official if entry.section == "role" else put_organ)(reading, hit, entry)
    return _with_surnames(reading)


def _counted(fold: str, stops: frozenset[int], aliases: list[Hit]) -> list[Hit]:
    """Weak aliases count only where a strong one of the same actor stands somewhere in the text, or a capital speaks."""
    strong = {hit.entry.code for hit in aliases if isinstance(hit.entry, Alias) and hit.entry.strong}
    return [
        hit for hit in aliases
        if isinstance(hit.entry, Alias)
        and (hit.entry.strong or hit.entry.code in strong or _speaks(fold, stops, hit, hit.entry))
    ]  # fmt: skip


def _speaks(fold: str, stops: frozenset[int], hit: Hit, alias: Alias) -> bool:
    """ "Washington had demanded": a capital right before a verb of speaking is its government."""
    if alias.kind is not MentionKind.CAPITAL or fold[hit.end : hit.end + 1] != " ":
        return False
    following = hit.end + 1
    word = fold[following : following + 10].partition(" ")[0]
    return following in stops or (word in _AUXILIARY and following + len(word) + 1 in stops)


def _alias(reading: Reading, hit: Hit, alias: Alias) -> None:
    place = reading.sentence(hit.start)
    if alias.kind is MentionKind.PERSON:
        office = office_on(reading.gazetteer.offices.get(alias.name, ()), reading.day)
        person = Person(alias.name, office.code if office else alias.code, office.role if office else None, "office")
        reading.remember(person)
        start = _title_start(reading, hit.start)
        reading.put(Mention(start, hit.end, place, person.code, alias.kind, person.name, person.role, "office"))
    elif not _in_a_name(reading, hit, alias) and not _in_a_body(reading, hit, alias):
        code = _seat(reading, hit) if alias.kind is MentionKind.FIRM else None
        reading.put(Mention(hit.start, hit.end, place, code or alias.code, alias.kind, alias.name, None, "alias"))


def _seat(reading: Reading, hit: Hit) -> str | None:
    """The state that a firm is said to be based in right before its name: "US-based Sig Sauer" stands for the US."""
    last = reading.found[-1] if reading.found else None
    return last.code if last is not None and reading.fold[last.end : hit.start].strip() in _BASED else None


def _title_start(reading: Reading, position: int) -> int:
    """Where a known person's mention begins: at the title before the name, if the title was read as a mention."""
    last = reading.found[-1] if reading.found else None
    if last is not None and last.end == position - 1 and last.role is not None:
        return last.start
    return position


def _in_a_body(reading: Reading, hit: Hit, alias: Alias) -> bool:
    """ "Stockholm" before "International Peace Research Institute": part of a name that no state speaks under."""
    return alias.kind is not MentionKind.BLOC and SCHOLARS.match(reading.text, hit.end) is not None


def _in_a_name(reading: Reading, hit: Hit, alias: Alias) -> bool:
    """ "Jordan" behind "Michael": a weak alias behind a capitalised word that begins no sentence and is no alias."""
    if alias.strong or hit.start == 0 or reading.text[hit.start - 1] != " ":
        return False
    before = reading.text[max(0, hit.start - 25) : hit.start - 1].rsplit(" ", 1)[-1]
    capitalised = len(before) > 1 and before[0].isupper() and before[1:].isalpha() and before[1:].islower()
    return capitalised and hit.start - 1 - len(before) not in reading.starts


def _with_surnames(reading: Reading) -> list[Mention]:
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

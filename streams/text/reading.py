"""What is known while one text is read from left to right: the mentions so far, the people met, the article's own state."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date

from streams.text.document import Mention
from streams.text.folding import folded
from streams.text.gazetteer import Gazetteer, Office
from streams.text.naming import FAMILY_NAME_FIRST, NO_SURNAME

MAX_PEOPLE = 200
"""No article has as many; each costs a look through the whole text for the surname alone."""


@dataclass(frozen=True, slots=True)
class Person:
    """Someone named in full: the state spoken for, the office, and how the state was found."""

    name: str
    code: str | None
    role: str | None
    clue: str


class Reading:
    """What is known so far while one text is read from left to right."""

    __slots__ = ("day", "firsts", "fold", "found", "gazetteer", "home", "people", "roles", "starts", "stops", "text")

    def __init__(
        self, text: str, fold: str, gazetteer: Gazetteer, starts: list[int], stops: frozenset[int],
        roles: tuple[int, ...], *, day: date | None, home: str | None,
    ) -> None:  # fmt: skip
        self.text = text
        self.fold = fold
        self.gazetteer = gazetteer
        self.starts = starts
        self.stops = stops
        self.roles = roles
        self.day = day
        self.home = home
        self.found: list[Mention] = []
        self.people: dict[str, Person] = {}
        self.firsts: dict[str, Person] = {}

    def sentence(self, position: int) -> int:
        return max(0, bisect_right(self.starts, position) - 1)

    def put(self, mention: Mention) -> Mention:
        """Add a mention; what it covers has become part of it."""
        while self.found and self.found[-1].end > mention.start:
            self.found.pop()
        self.found.append(mention)
        return mention

    def remember(self, person: Person) -> None:
        words = [word for word in folded(person.name).split() if word not in NO_SURNAME]
        if len(self.people) >= MAX_PEOPLE:
            return
        if person.code in FAMILY_NAME_FIRST and len(words) > 1 and len(words[0]) > 1:
            self.people[words[0]] = person
        elif words and len(words[-1]) > 1:
            self.people[words[-1]] = person
        if words and person.code:
            self.firsts.setdefault(words[0], person)

    def known(self, name: str) -> Person | None:
        """The person met before whose surname ends the name, or whose family name, printed first, is all of it."""
        words = folded(name).split()
        if not words:
            return None
        person = self.people.get(words[-1])
        return self.firsts.get(words[0]) if person is None and len(words) == 1 else person


def office_on(terms: tuple[Office, ...], day: date | None) -> Office | None:
    """The office held on that day, else the nearest one; the last one where the day is not known."""
    if not terms or day is None:
        return terms[-1] if terms else None
    today = day

    def days_off(office: Office) -> int:
        if office.since and today < office.since:
            return (office.since - today).days
        return (today - office.until).days if office.until and today > office.until else 0

    return min(terms, key=days_off)

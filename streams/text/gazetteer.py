"""Gazetteers: who and what can be named, from CSV; one alias a row."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from schemas.actor import _ACTOR as ACTOR  # the one pattern of actor codes
from streams.text.seedfile import SeedError, read_rows


class MentionKind(StrEnum):
    """What sort of name an actor was mentioned by."""

    COUNTRY = "country"
    DEMONYM = "demonym"
    CAPITAL = "capital"
    GOVERNMENT = "government"
    CITY = "city"
    REGION = "region"
    BLOC = "bloc"
    NONSTATE = "nonstate"
    HISTORIC = "historic"
    PERSON = "person"
    ORGAN = "organ"
    FIRM = "firm"
    AGENCY = "agency"


@dataclass(frozen=True, slots=True)
class Alias:
    """A name of an actor. A weak one counts only where a second clue names the same actor."""

    text: str
    code: str | None
    kind: MentionKind
    strong: bool
    name: str


@dataclass(frozen=True, slots=True)
class Office:
    """One term of office; `until` is None while it lasts."""

    name: str
    code: str
    role: str
    since: date | None
    until: date | None


@dataclass(frozen=True, slots=True)
class Weapon:
    """A weapon's designation or plain noun phrase, and its category in SIPRI's words."""

    text: str
    designation: str
    category: str
    strong: bool


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """All that can be named: aliases of actors (also by their text), offices by full name, weapons, currencies."""

    aliases: tuple[Alias, ...]
    by_text: dict[str, Alias]
    offices: dict[str, tuple[Office, ...]]
    weapons: tuple[Weapon, ...]
    currencies: dict[str, str]


def read_gazetteer(folder: Path) -> Gazetteer:
    """All gazetteers of a folder. Raises SeedError with file, line and reason."""
    offices = _offices(folder / "offices.csv")
    people = tuple(Alias(name, terms[0].code, MentionKind.PERSON, True, name) for name, terms in offices.items())
    aliases = (
        *_actors(folder / "actors.csv"),
        *_named(folder / "firms.csv", MentionKind.FIRM),
        *_named(folder / "agencies.csv", MentionKind.AGENCY),
        *_surnames(folder / "surnames.csv"),
        *people,
    )
    return Gazetteer(
        aliases=aliases,
        by_text={alias.text: alias for alias in reversed(aliases)},
        offices=offices,
        weapons=_weapons(folder / "weapons.csv"),
        currencies={
            row["alias"]: row["currency"] for _, row in read_rows(folder / "currencies.csv", ("alias", "currency"))
        },
    )


def _code(path: Path, line: int, code: str) -> str:
    if not ACTOR.match(code):
        raise SeedError(path, line, f"{code!r} is no actor code")
    return code


def _strong(path: Path, line: int, strength: str) -> bool:
    if strength not in {"strong", "weak"}:
        raise SeedError(path, line, f"strength {strength!r} is neither strong nor weak")
    return strength == "strong"


def _actors(path: Path) -> tuple[Alias, ...]:
    found: dict[str, Alias] = {}
    for line, row in read_rows(path, ("alias", "code", "type", "strength")):
        if row["type"] not in MentionKind.__members__.values():
            raise SeedError(path, line, f"type {row['type']!r} is unknown")
        if row["alias"] in found:
            raise SeedError(path, line, f"{row['alias']!r} stands twice")
        code, strong = _code(path, line, row["code"]), _strong(path, line, row["strength"])
        found[row["alias"]] = Alias(row["alias"], code, MentionKind(row["type"]), strong, row["alias"])
    return tuple(found.values())


def _named(path: Path, kind: MentionKind) -> tuple[Alias, ...]:
    found = []
    for line, row in read_rows(path, ("alias", "name", "code")):
        code = _code(path, line, row["code"]) if row["code"] else None
        strong = _strong(path, line, row["strength"]) if "strength" in row else True
        found.append(Alias(row["alias"], code, kind, strong, row["name"]))
    return tuple(found)


def _surnames(path: Path) -> tuple[Alias, ...]:
    columns = ("surname", "name", "code", "strength")
    return tuple(
        Alias(
            row["surname"],
            _code(path, line, row["code"]),
            MentionKind.PERSON,
            _strong(path, line, row["strength"]),
            row["name"],
        )
        for line, row in read_rows(path, columns)
    )


def _day(path: Path, line: int, text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise SeedError(path, line, f"{text!r} is no date (YYYY-MM-DD)") from None


def _offices(path: Path) -> dict[str, tuple[Office, ...]]:
    found: dict[str, tuple[Office, ...]] = {}
    for line, row in read_rows(path, ("name", "code", "role", "from", "to")):
        since, until = _day(path, line, row["from"]), _day(path, line, row["to"])
        if since and until and until < since:
            raise SeedError(path, line, f"{row['name']} leaves office before entering it")
        office = Office(row["name"], _code(path, line, row["code"]), row["role"], since, until)
        found[row["name"]] = (*found.get(row["name"], ()), office)
    return found


def _weapons(path: Path) -> tuple[Weapon, ...]:
    return tuple(
        Weapon(row["alias"], row["designation"], row["category"], _strong(path, line, row["strength"]))
        for line, row in read_rows(path, ("alias", "designation", "category", "strength"))
    )

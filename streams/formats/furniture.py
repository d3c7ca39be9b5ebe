"""Page furniture: which lines of a page saved as text are not the article. Words and zones come from furniture.toml."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_MAX_INVITATION_WORDS = 15
_CREDIT = re.compile(
    r"\b(?:photo|image|picture|pic|credit|file photo|photograph)s?\s*(?:credit|courtesy)?\s*:\s*\S", re.IGNORECASE
)
_MINUTES = re.compile(r"\b\d{1,3} min(?:ute)?s? read\b", re.IGNORECASE)
_BRACKETED = re.compile(r"[\(\[].*[\)\]]", re.DOTALL)
_BYLINE = re.compile(r"by\s+(?P<names>[A-Z][\w.'’-]+(?:\s+(?:and\s+|[A-Z][\w.'’-]*,?\s*)+)?[\w.'’-]*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Words:
    """The words of furniture.toml, case-folded except the agencies' names; zones as "+05:30"."""

    labels: tuple[str, ...]
    invitations: tuple[str, ...]
    notes: tuple[str, ...]
    agencies: frozenset[str]
    zones: dict[str, str]


@cache
def words() -> Words:
    """The words, read once."""
    data = tomllib.loads(files(__package__).joinpath("furniture.toml").read_text(encoding="utf-8"))
    return Words(
        labels=tuple(data["labels"]),
        invitations=tuple(data["invitations"]),
        notes=tuple(data["notes"]),
        agencies=frozenset(data["agencies"]),
        zones=data["zones"],
    )


def is_furniture(line: str) -> bool:
    """True for pointers, labels, invitations, captions with a credit, notes on how the text was made.

    >>> is_furniture("ALSO READ: Ten things to know"), is_furniture("Related talks went on in Oslo.")
    (True, False)
    """
    return _is_label(line) or _is_invitation(line) or _is_note(line) or is_caption(line) or bool(_MINUTES.search(line))


def is_caption(line: str) -> bool:
    """True for a line that credits a picture, as captions do.

    >>> is_caption("The minister in Oslo. Photo: Agency"), is_caption("The photo showed a tank.")
    (True, False)
    """
    return _CREDIT.search(line) is not None


def agency_of(line: str) -> str | None:
    """The news agency whose name is the whole line, else None."""
    return line if line in words().agencies else None


def authors_of(line: str) -> tuple[str, ...]:
    """The names of a line that is a byline and nothing else, else ().

    >>> authors_of("By Ada Example and Bo Sample")
    ('Ada Example', 'Bo Sample')
    """
    byline = _BYLINE.fullmatch(line)
    if byline is None or len(line.split()) > 10:
        return ()
    return tuple(name.strip() for name in re.split(r",|\band\b", byline["names"]) if name.strip())


def _is_label(line: str) -> bool:
    folded = line.casefold()
    for label in words().labels:
        if folded.startswith(label):
            rest = folded[len(label) :].strip()
            if not rest or rest[0] in ":|" or (rest[0] in "-–—" and line[: len(label)].isupper()):
                return True
    return False


def _is_invitation(line: str) -> bool:
    folded = line.casefold()
    short = len(folded.split()) <= _MAX_INVITATION_WORDS and '"' not in folded and "“" not in folded
    return short and any(each in folded for each in words().invitations)


def _is_note(line: str) -> bool:
    folded = line.casefold()
    return _BRACKETED.fullmatch(line) is not None and any(each in folded for each in words().notes)

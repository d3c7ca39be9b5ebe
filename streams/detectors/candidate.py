"""What detectors propose and the chooser decides: events (one sentence, one reading), candidates (one key, all its events)
and findings (what is kept)."""

from dataclasses import dataclass
from itertools import chain

from schemas.signal import Payload, Realis

Key = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Event:
    """One reading of one sentence: who would do what there, and the words that speak for or against it.

    `key` names the actors, without the label that the chooser adds. `groups` hold features, readable words such as
    "verb=accuse". What several events have in common (their sentence's words, an actor's standing) is one and the same
    tuple in each of them, so that it is read once.
    """

    sentence: int
    key: Key
    groups: tuple[tuple[str, ...], ...]

    @property
    def features(self) -> tuple[str, ...]:
        """All features, group by group."""
        return tuple(chain.from_iterable(self.groups))


@dataclass(frozen=True, slots=True)
class Choice:
    """One reading that was kept: who, which label, and the sentences that show it, best first, at most six.

    The first `own` of them tell this signal alone; the rest tell others of the same key and only help to name things.
    """

    key: Key
    label: str
    sentences: tuple[int, ...]
    own: int = 6


@dataclass(frozen=True, slots=True)
class Proof:
    """The words that show one field: half-open span into the document's text."""

    field: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Finding:
    """One signal before it is sealed. `why` names the features that decided, strongest first."""

    payload: Payload
    main: bool
    realis: Realis
    confidence: float
    proofs: tuple[Proof, ...]
    why: tuple[tuple[str, float], ...] = ()

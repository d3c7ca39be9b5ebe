"""Everything the seeds can recognise, in one Aho-Corasick automaton over folded text."""

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from operator import itemgetter
from pathlib import Path

import ahocorasick

from streams.text.folding import folded, term
from streams.text.gazetteer import Alias, Gazetteer, MentionKind, Weapon, read_gazetteer
from streams.text.lexicon import Cue, read_lexicon
from streams.text.seedfile import SEEDS, SeedError

Entry = Alias | Weapon | Cue


@dataclass(frozen=True, slots=True)
class Hit:
    """One entry found in a text: half-open span, and what it is."""

    start: int
    end: int
    entry: Entry


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The automaton, the gazetteer behind it, words that name actors, and a digest of all seeds that decide signals."""

    automaton: ahocorasick.Automaton
    gazetteer: Gazetteer
    names: frozenset[str]
    digest: str


@cache
def vocabulary(seeds: Path = SEEDS) -> Vocabulary:
    """Read once, at start. Raises SeedError."""
    gazetteer = read_gazetteer(seeds / "gazetteers")
    lexicons = sorted((seeds / "lexicons").glob("*.toml"))
    if not lexicons:
        raise SeedError(seeds / "lexicons", None, "no lexicon (*.toml)")
    cues = [cue for path in lexicons for cue in read_lexicon(path)]
    terms: dict[str, dict[tuple[str, str | int], Entry]] = {}
    for entry, phrase in _phrases(gazetteer, cues):
        # one entry a layer and case: a surname gives way to a listed full name, "HIMARS" stands beside "Himars"
        terms.setdefault(term(phrase), {}).setdefault(
            (_layer(entry), phrase if isinstance(entry, Alias) else _case(entry)), entry
        )
    automaton = ahocorasick.Automaton()
    for key, entries in terms.items():
        automaton.add_word(key, (len(key), tuple((_layer(entry), _case(entry), entry) for entry in entries.values())))
    automaton.make_automaton()
    names = frozenset(word for alias in gazetteer.aliases for word in _name_words(alias))
    return Vocabulary(automaton, gazetteer, names, _digest(seeds))


def _phrases(gazetteer: Gazetteer, cues: list[Cue]) -> Iterator[tuple[Entry, str]]:
    for alias in gazetteer.aliases:
        yield alias, alias.text
    for weapon in gazetteer.weapons:
        yield weapon, weapon.text
    for cue in cues:
        yield cue, cue.phrase


def _name_words(alias: Alias) -> list[str]:
    """Words that name an actor by themselves: of people each word of the name, of others a name of one word."""
    words = folded(alias.text).split()
    if alias.kind in {MentionKind.FIRM, MentionKind.AGENCY} or alias.code is None:
        return []
    return words if alias.kind is MentionKind.PERSON or len(words) == 1 else []


def _layer(entry: Entry) -> str:
    if isinstance(entry, Alias):
        return "actor"
    return "weapon" if isinstance(entry, Weapon) else entry.section


def _digest(seeds: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(
        [*seeds.glob("lexicons/*.toml"), *seeds.glob("gazetteers/*.csv"), *seeds.glob("weights/*.json")]
    ):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


class _Case(IntEnum):
    """What of an entry's capitals must stand in the text: "us" is not "US", "turkey" on a plate is not Turkey."""

    NONE = 0
    FIRST = 1
    ALL = 2


_ALL = _Case.ALL  # a name of the module is found faster than a member of its class


def _case(entry: Entry) -> _Case:
    if isinstance(entry, Cue) or not entry.text[0].isupper():
        return _Case.NONE
    return _Case.ALL if entry.text.isupper() and len(entry.text) <= 6 else _Case.FIRST


def hits(text: str, vocabulary: Vocabulary, fold: str) -> dict[str, list[Hit]]:
    """What the vocabulary finds, by layer ("actor", "weapon", or a lexicon's section), leftmost longest in each."""
    layers: defaultdict[str, list[tuple[int, int, Entry]]] = defaultdict(list)
    for last, (length, entries) in vocabulary.automaton.iter(f" {fold} "):
        end = last - 1
        start = end - length + 2
        for layer, case, entry in entries:
            if case:
                first = text[start]
                if not (first.isupper() or first.isdigit()) or (case is _ALL and not text[start:end].isupper()):
                    continue
            layers[layer].append((start, -end, entry))
    return {layer: kept for layer, found in layers.items() if (kept := _longest(text, found))}


def _longest(text: str, found: list[tuple[int, int, Entry]]) -> list[Hit]:
    """Leftmost longest without overlap; phrases that only silence others are gone."""
    if len(found) > 1:
        found.sort(key=_by_place)
    free = 0
    kept = []
    for start, minus_end, entry in found:
        if start < free:
            continue
        free = end = -minus_end
        if isinstance(entry, Cue):
            if entry.label is None:
                continue
        elif "." in entry.text and text[end : end + 1] == ".":
            end += 1
        kept.append(Hit(start, end, entry))
    return kept


_by_place = itemgetter(0, 1)

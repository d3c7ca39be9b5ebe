"""Everything the seeds can recognise, in one Aho-Corasick automaton over folded text."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
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
    terms: dict[str, dict[tuple[str, ...], Entry]] = {}
    for entry, phrase in _phrases(gazetteer, cues):
        # one entry a layer: an alias in capitals is the same alias, a surname gives way to a listed full name
        terms.setdefault(term(phrase), {}).setdefault(
            (_layer(entry), phrase if isinstance(entry, Alias) else ""), entry
        )
    automaton = ahocorasick.Automaton()
    for key, entries in terms.items():
        automaton.add_word(key, (len(key), tuple((_layer(entry), entry) for entry in entries.values())))
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


def _stands(text: str, start: int, end: int, entry: Entry) -> bool:
    """Names keep their capitals: "us" is not "US", "turkey" on a plate is not Turkey."""
    if isinstance(entry, Cue):
        return True
    alias = entry.text
    if not alias[0].isupper():
        return True
    if not text[start].isupper() and not text[start].isdigit():
        return False
    return text[start:end].isupper() if alias.isupper() and len(alias) <= 6 else True


def hits(text: str, vocabulary: Vocabulary, fold: str) -> dict[str, list[Hit]]:
    """What the vocabulary finds, by layer ("actor", "weapon", or a lexicon's section), leftmost longest in each."""
    found: list[tuple[int, int, str, Entry]] = []
    for last, (length, entries) in vocabulary.automaton.iter(f" {fold} "):
        end = last - 1
        start = end - length + 2
        for layer, entry in entries:
            if _stands(text, start, end, entry):
                found.append((start, -end, layer, entry))
    found.sort(key=lambda item: (item[0], item[1]))
    free: dict[str, int] = {}
    layers: dict[str, list[Hit]] = {}
    for start, minus_end, layer, entry in found:
        if start < free.get(layer, 0):
            continue
        free[layer] = -minus_end
        if isinstance(entry, Cue) and entry.label is None:
            continue
        end = -minus_end
        if isinstance(entry, Alias) and entry.text.endswith(".") and text[end : end + 1] == ".":
            end += 1
        layers.setdefault(layer, []).append(Hit(start, end, entry))
    return layers

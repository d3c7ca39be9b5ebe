"""Lexicons: the cues of each section by label, read from TOML.

A table `[section.label]` may hold `cues` (phrases as they stand), `verbs` and `nouns` (inflected here) and `not`
(longer phrases around a cue that silence it). All are matched whole, case-folded, longest first.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from streams.text.folding import folded
from streams.text.inflect import noun_forms, verb_forms
from streams.text.seedfile import SeedError, line_of, read_table

_FORMS = ("cues", "verbs", "nouns", "not")


@dataclass(frozen=True, slots=True)
class Cue:
    """One phrase of a lexicon. `label` is None for a phrase that silences shorter ones; `lemma` is the form listed."""

    section: str
    label: str | None
    lemma: str
    phrase: str


def read_lexicon(path: Path) -> tuple[Cue, ...]:
    """All cues of one file. Raises SeedError with file, line and reason."""
    cues: dict[tuple[str, str], Cue] = {}
    for section, labels in read_table(path).items():
        if not isinstance(labels, dict):
            raise SeedError(path, line_of(path, section), f"{section!r} is no table of labels")
        for label, forms in labels.items():
            for cue in _cues(path, section, label, forms):
                twin = cues.setdefault((section, cue.phrase), cue)
                if twin.label != cue.label:
                    reason = f"{cue.phrase!r} stands under both {twin.label!r} and {cue.label!r} of {section!r}"
                    raise SeedError(path, line_of(path, f'"{cue.lemma}"'), reason)
    return tuple(cues.values())


def _cues(path: Path, section: str, label: str, forms: object) -> Iterator[Cue]:
    if not isinstance(forms, dict):
        raise SeedError(path, line_of(path, label), f"[{section}.{label}] is no table")
    for form, phrases in forms.items():
        if form not in _FORMS:
            raise SeedError(path, line_of(path, form), f"[{section}.{label}] has {form!r}, not one of {_FORMS}")
        if not isinstance(phrases, list) or not all(isinstance(p, str) and folded(p).strip() for p in phrases):
            raise SeedError(path, line_of(path, form), f"[{section}.{label}] {form}: a list of phrases is wanted")
        for phrase in phrases:
            for inflected in _inflected(form, phrase):
                yield Cue(section, None if form == "not" else label, phrase.replace("+", ""), inflected)


def _inflected(form: str, phrase: str) -> tuple[str, ...]:
    if form == "verbs":
        return verb_forms(phrase)
    return noun_forms(phrase) if form == "nouns" else (phrase,)

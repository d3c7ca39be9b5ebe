"""The seeds as files: where they come from, in order, nothing twice, enough of everything."""

import csv
import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from schemas.arms_deal import Category
from streams.detectors import DETECTORS
from streams.text.gazetteer import MentionKind, read_gazetteer
from streams.text.lexicon import read_lexicon
from streams.text.seedfile import SEEDS
from tests.conftest import json_lines

TABLES = sorted(SEEDS.glob("gazetteers/**/*.csv"))
LEXICONS = sorted((SEEDS / "lexicons").glob("*.toml"))
BARE = sorted([*SEEDS.glob("*/*.jsonl"), *SEEDS.glob("*/*.json")])
"""JSON has no comments: a README beside these says what they are."""
_LICENCE = re.compile(r"Licences?:|Apache-2\.0|MIT")
_MADE = re.compile(r"Made: (\d{4}-\d\d-\d\d)")


def _name(path: Path) -> str:
    return path.relative_to(SEEDS).as_posix()


def _rows(path: Path) -> list[list[str]]:
    lines = [line for line in path.read_text(encoding="utf-8").split("\n") if line and not line.startswith("#")]
    return list(csv.reader(lines))[1:]


def _comments(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    return text if path.suffix == ".md" else "\n".join(line for line in text.split("\n") if line.startswith("#"))


def _origin(path: Path) -> Path:
    return path if path.suffix != ".json" and path.suffix != ".jsonl" else path.parent / "README.md"


@pytest.mark.parametrize("path", [*TABLES, *LEXICONS, *BARE], ids=_name)
def test_every_file_states_source_licence_and_date(path: Path) -> None:
    origin = _origin(path)
    assert origin.exists(), f"{_name(path)}: no README beside it says what it is"
    said = _comments(origin)
    if origin != path:
        assert path.name in said or path.name.split(".", 1)[1] in said, f"{_name(origin)} does not name {path.name}"
    assert origin != path or re.search(r"[Ss]ource|written", said), "no source"
    assert _LICENCE.search(said), "no licence"
    made = _MADE.search(said)
    assert made and date.fromisoformat(made[1]), "no date"


@pytest.mark.parametrize("path", TABLES, ids=_name)
def test_tables_are_sorted_by_their_first_column_with_no_row_twice(path: Path) -> None:
    rows = _rows(path)
    names = [row[0] for row in rows]
    out = [(first, second) for first, second in pairwise(names) if first > second]
    assert not out, f"out of order: {out[:3]}"
    twice = [row for row, count in Counter(map(tuple, rows)).items() if count > 1]
    assert not twice
    assert all(cell == cell.strip() and "\t" not in cell for row in rows for cell in row)


@pytest.mark.parametrize("path", [p for p in TABLES if p.name != "offices.csv"], ids=_name)
def test_a_name_stands_in_one_row(path: Path) -> None:
    twice = [name for name, count in Counter(row[0] for row in _rows(path)).items() if count > 1]
    assert not twice


@pytest.mark.parametrize("path", LEXICONS, ids=_name)
def test_a_lexicon_lists_each_phrase_once(path: Path) -> None:
    cues = read_lexicon(path)
    assert cues
    for line in path.read_text(encoding="utf-8").split("\n"):
        phrases = re.findall(r'"([^"]*)"', line) if " = [" in line else []
        twice = [phrase for phrase, count in Counter(phrases).items() if count > 1]
        assert not twice, f"{path.name}: {twice}"


@pytest.mark.parametrize("kind", DETECTORS)
def test_every_kind_has_a_lexicon_and_its_triggers_are_in_one(kind: str) -> None:
    assert (SEEDS / "lexicons" / f"{kind}.toml").exists()
    sections = {cue.section for path in LEXICONS for cue in read_lexicon(path)} | {"weapon"}
    assert set(DETECTORS[kind].trigger) <= sections


def test_states_have_a_name_a_demonym_and_a_capital() -> None:
    kinds: dict[str, set[str]] = {}
    for alias in read_gazetteer(SEEDS / "gazetteers").aliases:
        if alias.code and re.fullmatch("[A-Z]{3}", alias.code):
            kinds.setdefault(alias.code, set()).add(alias.kind)
    states = {code for code, found in kinds.items() if MentionKind.COUNTRY in found}
    assert len(states) >= 195
    # members of the United Nations with no demonym or capital in print would be a slip
    bare = {c for c in states if not {MentionKind.DEMONYM, MentionKind.CAPITAL} <= kinds[c]}
    assert len(bare) <= 60, sorted(bare)
    assert not bare & {"USA", "RUS", "CHN", "IND", "GBR", "FRA", "DEU", "JPN", "TUR", "IRN", "UKR", "POL", "BRA", "ZAF"}


def test_office_holders_are_many_and_their_terms_are_dated() -> None:
    offices = read_gazetteer(SEEDS / "gazetteers").offices
    assert len(offices) >= 150
    for terms in offices.values():
        for term in terms:
            assert term.since is not None, f"{term.name}: {term.role} without a first day"
            assert date(1900, 1, 1) < term.since and (term.until is None or term.since < term.until), term.name
        same = sorted((t for t in terms), key=lambda t: t.since or date.min)
        for first, second in pairwise(same):
            assert (first.code, first.role) != (second.code, second.role) or first.until is not None, first.name


def test_an_office_is_one_of_the_roles_that_the_lexicon_knows() -> None:
    roles = {cue.label for cue in read_lexicon(SEEDS / "lexicons" / "text.toml") if cue.section == "role"}
    offices = read_gazetteer(SEEDS / "gazetteers").offices
    assert {term.role for terms in offices.values() for term in terms} <= roles


def test_weapons_are_many_and_in_known_categories() -> None:
    weapons = read_gazetteer(SEEDS / "gazetteers").weapons
    assert len({w.designation for w in weapons if w.designation[:1].isupper() or w.designation[:1].isdigit()}) >= 400
    assert {weapon.category for weapon in weapons} <= {category.value for category in Category}


def _articles() -> Iterator[dict[str, str]]:
    for path in sorted((SEEDS / "articles").glob("*.articles.jsonl")):
        yield from json_lines(path)


def test_articles_are_many_of_every_style_over_forty_years() -> None:
    rows = list(_articles())
    years = sorted(row["published_at"][:4] for row in rows)
    styles = Counter(row["style"] for row in rows)
    assert len(rows) >= 80
    assert (years[0], years[-1]) == ("1987", "2026")
    assert all(styles[style] >= 5 for style in ("wire", "press", "readout", "analysis", "scraped"))
    assert len({row["id"] for row in rows}) == len(rows)
    assert len({row["body"] for row in rows}) == len(rows)


def test_many_articles_only_look_as_if_they_carried_signals(seed_labels: dict[str, dict[str, object]]) -> None:
    assert sum(not any(signals.values()) for signals in seed_labels.values()) >= 25


@pytest.mark.parametrize("path", sorted((SEEDS / "weights").glob("*.json")), ids=_name)
def test_weights_carry_a_card_and_name_no_actor(path: Path) -> None:
    data = json.loads(path.read_text(encoding="utf-8"))
    assert {"structure F1", "detection F1", "articles", "sources"} <= data["card"].keys()
    assert tuple(data["labels"]) == DETECTORS[data["kind"]].labels
    names = {
        alias.text.lower()
        for alias in read_gazetteer(SEEDS / "gazetteers").aliases
        if alias.kind in {MentionKind.COUNTRY, MentionKind.DEMONYM, MentionKind.CAPITAL} and " " not in alias.text
    }
    named = [f for f in data["features"] if set(f.partition("=")[2].lower().split()) & names]
    assert not named, named[:10]

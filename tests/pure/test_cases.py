"""The tables in tests/cases: a text and the signals that it carries, one test a row.

A row has `id` and `text`; `title`, `published_at`, `source`, `language` where they matter; `expect`, the payloads that must
come out, each given by the fields that the row is about (and `main`, `realis` of its signal); nothing else of the
table's kind may come out, unless `more = true`. `xfail` says why a row is out of reach: it must fail until it is not.
"""

import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from schemas.signal import PAYLOADS, Signal
from streams.detectors import DETECTORS
from streams.pipeline import signals
from tests.conftest import built

TABLES = Path(__file__).parents[1] / "cases"
_FIELDS = ("title", "source", "language", "published_at")
_ROW = {"id", "text", "expect", "more", "xfail", *_FIELDS}
_OF_SIGNAL = ("main", "realis")


def _rows(kind: str) -> list[dict[str, Any]]:
    path = TABLES / f"{kind}.toml"
    rows: list[dict[str, Any]] = (
        tomllib.loads(path.read_text(encoding="utf-8")).get("case", []) if path.exists() else []
    )
    return rows


def _parameters() -> list[Any]:
    return [
        pytest.param(
            kind, row, id=f"{kind}:{row['id']}", marks=pytest.mark.xfail(reason=row["xfail"], strict=True) if "xfail" in row else ()
        )
        for kind in DETECTORS
        for row in _rows(kind)
    ]  # fmt: skip


@pytest.mark.parametrize("kind", DETECTORS)
def test_every_kind_has_a_table_of_cases_that_fire_and_that_do_not(kind: str) -> None:
    rows = _rows(kind)
    assert rows, f"tests/cases/{kind}.toml has no case"
    assert any(row["expect"] for row in rows), f"tests/cases/{kind}.toml: no case must fire"
    assert any(not row["expect"] for row in rows), f"tests/cases/{kind}.toml: no case must stay silent"


@pytest.mark.parametrize("kind", DETECTORS)
def test_rows_are_well_formed_and_named_once(kind: str) -> None:
    rows = _rows(kind)
    names = [row["id"] for row in rows]
    assert len(names) == len(set(names))
    fields = {*PAYLOADS[kind].model_fields, *_OF_SIGNAL}
    for row in rows:
        assert {"id", "text", "expect"} <= row.keys() <= _ROW, row["id"]
        for wanted in row["expect"]:
            assert wanted.keys() <= fields, row["id"]
            assert wanted.keys() - set(_OF_SIGNAL), f"{row['id']}: an empty expectation fits anything"


@pytest.mark.parametrize(("kind", "row"), _parameters())
def test_case(kind: str, row: dict[str, Any]) -> None:
    fields = {name: row[name] for name in _FIELDS if name in row}
    moment = fields.get("published_at")
    if moment is not None:  # TOML has dates and times of its own
        fields["published_at"] = (
            moment if isinstance(moment, str | datetime) else datetime(*moment.timetuple()[:3], tzinfo=UTC)
        )
    said = list(signals(built(row["text"], **fields), frozenset((kind,))))
    for wanted in row["expect"]:
        match = next((signal for signal in said if _fits(signal, wanted)), None)
        assert match is not None, f"no {wanted} in\n{_shown(said)}"
        said.remove(match)
    assert row.get("more") or not said, f"not expected:\n{_shown(said)}"


def _fits(signal: Signal, wanted: dict[str, Any]) -> bool:
    whole = signal.model_dump(mode="json")
    given = whole["payload"] | {name: whole[name] for name in _OF_SIGNAL}
    return all(_same(given[name], value) for name, value in wanted.items())


def _same(given: Any, wanted: Any) -> bool:
    """TOML has no null: "" stands for None where a field must say nothing."""
    return given == (None if wanted == "" else wanted)


def _shown(said: list[Signal]) -> str:
    return "\n".join(f"  {s.payload!r} main={s.main} realis={s.realis} {s.confidence:.2f}" for s in said) or "  nothing"

"""The numbers: counted by hand on small cases, and the same as the yardstick's where it lies beside the checkout."""

import json
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from schemas.signal import PAYLOADS
from streams.evaluation.objects import BadFile, Objects, read_objects
from streams.evaluation.scoring import Counts, score
from tests.conftest import beside, json_lines

CASES = tomllib.loads(Path(__file__).with_name("scores.toml").read_text(encoding="utf-8"))["case"]
_ORDER = {
    "arms_deal": ("supplier", "recipient", "stage"),
    "sanctions_stance": ("actor", "stance", "sender", "target"),
    "diplomatic_statement": ("speaker", "speaker_actor", "act", "targets"),
}


def _object(kind: str, values: list[str]) -> dict[str, Any]:
    thing: dict[str, Any] = {
        name: value or None for name, value in zip(_ORDER[kind], values, strict=True) if name != "targets"
    }
    return thing | ({"targets": [values[-1]] if values[-1] else []} if kind == "diplomatic_statement" else {})


def _objects(articles: list[dict[str, list[list[str]]]]) -> Objects:
    return {
        str(number): {kind: [_object(kind, values) for values in article.get(kind, [])] for kind in PAYLOADS}
        for number, article in enumerate(articles)
    }


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_counted_by_hand(case: dict[str, Any]) -> None:
    table = score(_objects(case["gold"]), _objects(case["said"]), PAYLOADS)
    for kind, rows in case["rows"].items():
        for facet, wanted in rows.items():
            assert table[kind][facet] == (Counts(*wanted).row() if isinstance(wanted, list) else wanted), facet


def test_precision_recall_and_f1_to_three_digits() -> None:
    assert Counts(hits=2, false=1, missed=4).row() == {"p": 0.667, "r": 0.333, "f1": 0.444, "n": 6}
    assert Counts(0, 0, 0).row() == {"p": 0.0, "r": 0.0, "f1": 0.0, "n": 0}


def _deal(**fields: Any) -> dict[str, Any]:
    return {"supplier": "RUS", "recipient": "IND", "stage": "signed", "weapons": ["S-400"], "value": None} | fields


def _deals(gold: list[dict[str, Any]], said: list[dict[str, Any]]) -> dict[str, Any]:
    empty: dict[str, Any] = {kind: [] for kind in PAYLOADS}
    table: dict[str, Any] = score({"a": {**empty, "arms_deal": gold}}, {"a": {**empty, "arms_deal": said}}, PAYLOADS)[
        "arms_deal"
    ]
    return table


@pytest.mark.parametrize(
    ("said", "right"),
    [(["S-400 Triumf"], True), (["s400", "400"], True), (["S-300"], False), (["s"], False), ([], False)],
)
def test_a_weapon_is_right_when_it_shares_a_word(said: list[str], right: bool) -> None:
    assert _deals([_deal()], [_deal(weapons=said)])["weapon_given_pair"] == {"acc": float(right), "n": 1}


@pytest.mark.parametrize(("amount", "right"), [(5.5e9, True), (5.554e9, True), (5.556e9, False), (None, False)])
def test_a_value_is_right_within_one_in_a_hundred(amount: float | None, right: bool) -> None:
    gold = _deal(value={"amount": 5.5e9, "currency": "USD"})
    said = _deal(value={"amount": amount, "currency": "USD"} if amount else None)
    assert _deals([gold], [said])["value_given_pair"] == {"acc": float(right), "n": 1}
    assert _deals([gold], [_deal(supplier="USA")])["value_given_pair"] == {"acc": None, "n": 0}


@pytest.mark.parametrize(
    ("gold", "said", "row"),
    [
        ([_deal(main=True)], [_deal(main=True, stage="proposed")], {"acc": 1.0, "n": 1}),
        ([_deal(main=True)], [_deal(main=False), _deal(main=True, recipient="CHN")], {"acc": 0.0, "n": 1}),
        ([_deal(main=True)], [], {"acc": None, "n": 0}),
        ([], [_deal(main=True)], {"acc": None, "n": 0}),
        ([_deal(main=True)], [_deal()], {"acc": None, "n": 0}),
    ],
)
def test_main_is_judged_where_the_kind_is_labelled_and_found(
    gold: list[dict[str, Any]], said: list[dict[str, Any]], row: dict[str, Any]
) -> None:
    assert _deals(gold, said)["main_right"] == row


def test_both_shapes_of_a_file_are_read_and_skipped_articles_left_out(tmp_path: Path) -> None:
    labels, signals = tmp_path / "labels.jsonl", tmp_path / "signals.jsonl"
    rows = [
        {"id": "a", "signals": {"arms_deal": [_deal(main=True)]}},
        {"id": "b", "signals": {}, "note": "skip: not English"},
    ]
    labels.write_text("".join(json.dumps(row) + "\n" for row in rows))
    signal = {"kind": "arms_deal", "main": True, "article": {"id": "a"}, "payload": _deal(), "confidence": 0.8}
    signals.write_text(json.dumps(signal) + "\n\n")
    gold, said = read_objects(labels), read_objects(signals)
    assert list(gold) == list(said) == ["a"]
    assert gold["a"]["arms_deal"] == [_deal(main=True)]
    assert said["a"]["arms_deal"] == [_deal(main=True, confidence=0.8)]


@pytest.mark.parametrize(
    ("text", "says"),
    [('{"id": "a", "signals": {}}\n{oops', ":2: not JSON"), ('{"title": "a"}', ":1: neither labels nor a signal")],
)
def test_a_file_that_is_neither_says_where(text: str, says: str, tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl"
    path.write_text(text)
    with pytest.raises(BadFile, match=says):
        read_objects(path)


def _worse(signals: dict[str, list[dict[str, Any]]], number: int) -> dict[str, list[dict[str, Any]]]:
    """The labels as a bad reader would give them: some left out, some with swapped roles, other labels, other words."""
    said: dict[str, list[dict[str, Any]]] = {}
    for kind, things in signals.items():
        kept = [dict(thing) for at, thing in enumerate(things) if (number + at) % 4]
        for at, thing in enumerate(kept):
            if kind == "arms_deal" and at % 3 == 1:
                thing["supplier"], thing["recipient"] = thing["recipient"], thing["supplier"]
            if kind == "arms_deal" and thing["value"]:
                thing["value"] = {**thing["value"], "amount": thing["value"]["amount"] * (1 + number % 3 / 100)}
            if kind == "sanctions_stance" and number % 2:
                thing["target"] = None
            if kind == "diplomatic_statement" and at % 2:
                thing |= {"act": "comment", "speaker": thing["speaker"].split()[0], "targets": []}
        said[kind] = kept or ([things[0] | {"stage": "delayed"}] if things and kind == "arms_deal" else [])
    return said


@pytest.mark.parametrize("name", ["dev", "train"])
def test_the_yardstick_gives_the_same_numbers(name: str, tmp_path: Path) -> None:
    yardstick, labels = beside("gold/score.py"), beside(f"gold/{name}.labels.jsonl")
    said = tmp_path / "said.jsonl"
    rows = list(json_lines(labels))
    borrowed = [row["signals"] for row in rows]  # every tenth article is given another one's signals
    with said.open("w", encoding="utf-8") as out:
        for number, row in enumerate(rows):
            signals = borrowed[number - 7] if number % 10 == 0 else row["signals"]
            out.write(json.dumps({"id": row["id"], "signals": _worse(signals, number)}) + "\n")
    done = subprocess.run(
        [sys.executable, yardstick, labels, said, "--json"], capture_output=True, text=True, timeout=60, check=True
    )
    ours = score(read_objects(labels), read_objects(said), PAYLOADS)
    for kind in PAYLOADS:
        del ours[kind]["main_right"]
    theirs = json.loads(done.stdout)
    assert ours == theirs
    assert 0 < theirs["arms_deal"]["swapped_roles"] and 0 < theirs["arms_deal"]["value_given_pair"]["acc"] < 1

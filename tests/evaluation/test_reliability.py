"""Confidence against what was right, counted by hand."""

from typing import Any

from schemas.signal import PAYLOADS
from streams.evaluation.objects import Objects
from streams.evaluation.reliability import Judged, judged, reliability


def test_bins_means_and_the_expected_error() -> None:
    table = reliability(
        [Judged(0.81, True), Judged(0.85, True), Judged(0.89, False), Judged(0.15, False), Judged(1.0, True)]
    )
    assert table["bins"] == [
        {"from": 0.1, "n": 1, "confidence": 0.15, "right": 0.0},
        {"from": 0.8, "n": 3, "confidence": 0.85, "right": 0.667},
        {"from": 0.9, "n": 1, "confidence": 1.0, "right": 1.0},
    ]
    # (1 * 0.15 + 3 * (0.85 - 2/3) + 1 * 0) / 5
    assert (table["ece"], table["n"]) == (0.14, 5)


def test_nothing_said_has_no_error() -> None:
    assert reliability([]) == {"bins": [], "n": 0, "ece": None}


def _articles(**kinds: list[dict[str, Any]]) -> Objects:
    return {"a": {kind: kinds.get(kind, []) for kind in PAYLOADS}}


def _stance(actor: str, **fields: Any) -> dict[str, Any]:
    return {"actor": actor, "stance": "impose", "sender": actor, "target": "RUS", **fields}


def test_a_signal_is_right_when_its_actor_and_label_are_labelled() -> None:
    gold = _articles(sanctions_stance=[_stance("EU")])
    said = _articles(
        sanctions_stance=[_stance("EU", target="BLR", confidence=0.9), _stance("USA", confidence=0.4), _stance("GBR")]
    )
    assert list(judged(gold, said, PAYLOADS)) == [Judged(0.9, True), Judged(0.4, False)]


def test_what_a_full_list_lacks_is_unknown_and_what_it_has_is_right() -> None:
    gold = _articles(sanctions_stance=[_stance(actor) for actor in ("EU", "USA", "GBR", "JPN", "CAN")])
    said = _articles(sanctions_stance=[_stance("EU", confidence=0.9), _stance("NOR", confidence=0.4)])
    assert list(judged(gold, said, PAYLOADS)) == [Judged(0.9, True)]


def test_a_deal_is_right_by_its_pair_and_a_statement_by_its_act() -> None:
    deal = {"supplier": "RUS", "recipient": "IND", "stage": "signed", "weapons": []}
    words = {"speaker": "X", "speaker_actor": "CHN", "act": "accuse", "targets": []}
    gold = _articles(arms_deal=[deal], diplomatic_statement=[words])
    said = _articles(
        arms_deal=[deal | {"stage": "proposed", "confidence": 0.7}],
        diplomatic_statement=[words | {"act": "comment", "confidence": 0.6}],
    )
    assert list(judged(gold, said, PAYLOADS)) == [Judged(0.7, True), Judged(0.6, False)]

"""Each difference between labels and signals is told once, by class, with the sentence and the reason."""

from typing import Any

import pytest

from schemas.signal import PAYLOADS
from streams.evaluation.errors import errors, sort_of
from streams.evaluation.objects import Objects, objects_of
from streams.evaluation.report import error_lines
from streams.pipeline import signals
from tests.conftest import built

DEAL = {"supplier": "KOR", "recipient": "POL", "stage": "signed", "weapons": ["K2"], "value": None, "main": True}
ARTICLE = built(
    "WARSAW - Poland signed a contract with South Korea on Friday to buy 180 K2 tanks for $6.5 billion.\n"
    "The minister spoke to reporters afterwards.",
    title="Poland signs contract for 180 South Korean tanks",
)


def _gold(*deals: dict[str, Any]) -> Objects:
    return {"a": {kind: list(deals) if kind == "arms_deal" else [] for kind in PAYLOADS}}


@pytest.mark.parametrize(
    ("others", "sort"),
    [
        ([], "nothing there"),
        ([DEAL | {"stage": "proposed"}, DEAL | {"stage": "delivered"}], "other stage: delivered, proposed"),
        ([DEAL | {"supplier": "POL", "recipient": "KOR"}], "roles swapped"),
        ([DEAL | {"supplier": "USA"}], "other actors: USA > POL"),
    ],
)
def test_the_class_of_an_error(others: list[dict[str, Any]], sort: str) -> None:
    assert sort_of("arms_deal", DEAL, others) == sort


def test_a_miss_names_the_sentence_that_shows_it_and_how_near_it_came() -> None:
    shown = "Poland signed a contract with South Korea"
    missed = DEAL | {"stage": "delayed", "ev": [shown]}
    (error,) = errors([ARTICLE], _gold(missed), {}, ["arms_deal"])
    assert error.miss and error.sort == "nothing there"
    assert error.sentence is not None and shown in error.sentence
    assert error.why.startswith("proposed with ")
    (far,) = errors([ARTICLE], _gold(DEAL | {"supplier": "BRA"}), {}, ["arms_deal"])
    assert far.why == "never proposed"


def test_a_false_signal_names_its_words_and_the_features_that_decided() -> None:
    said = objects_of(signals(ARTICLE, frozenset(("arms_deal",))))
    found = list(errors([ARTICLE], _gold(), said, ["arms_deal"]))
    assert found and not any(error.miss for error in found)
    assert all(error.sentence and error.sentence in ARTICLE.text and "+" in error.why for error in found)
    first = "\n".join(error_lines(found[0]))
    assert first.startswith("FALSE  arms_deal  nothing there  [a]")
    assert "title     Poland signs contract" in first and "said      supplier=" in first


def test_what_agrees_is_no_error_and_what_a_full_list_lacks_is_unknown() -> None:
    said = {"a": {**_gold(DEAL)["a"]}}
    assert not list(errors([ARTICLE], _gold(DEAL | {"main": False}), said, PAYLOADS))
    five = [DEAL | {"recipient": code} for code in ("NOR", "SWE", "FIN", "EST", "LVA")]
    assert all(error.miss for error in errors([ARTICLE], _gold(*five), said, PAYLOADS))
    assert not list(errors([ARTICLE.model_copy(update={"id": "unlabelled"})], _gold(DEAL), said, PAYLOADS))

"""Articles and labels of the seeds belong together: the shape is the contract's, and the words shown stand in the text."""

from typing import Any

import pytest
from pydantic import TypeAdapter

from schemas.arms_deal import Stage
from schemas.article import Article
from schemas.diplomatic_statement import Act
from schemas.sanctions_stance import Stance
from schemas.signal import PAYLOADS, Realis
from streams.text.language import is_read
from streams.text.seedfile import SEEDS
from streams.training.labelled import CAP, read_lines
from tests.conftest import json_lines

PAIRS = sorted((SEEDS / "articles").glob("*.articles.jsonl"))
_BESIDE_PAYLOAD = {"main", "realis", "ev"}


@pytest.mark.parametrize("path", PAIRS, ids=lambda path: path.name)
def test_each_article_has_its_labels_in_the_same_order(path: Any) -> None:
    labels = path.with_name(path.name.replace(".articles.", ".labels."))
    assert [row["id"] for row in json_lines(path)] == [row["id"] for row in json_lines(labels)]


def test_articles_are_english_and_reading_changes_nothing_in_them(seed_articles: tuple[Article, ...]) -> None:
    raw = {row["id"]: row for path in PAIRS for row in json_lines(path)}
    for article in seed_articles:
        assert is_read(article), article.id
        assert (article.title, article.body) == (raw[article.id]["title"], raw[article.id]["body"]), article.id


def test_labels_are_whole_payloads_with_one_main(seed_labels: dict[str, dict[str, Any]]) -> None:
    for article, signals in seed_labels.items():
        assert list(signals) == list(PAYLOADS), article
        for kind, objects in signals.items():
            assert sum(thing["main"] for thing in objects) == bool(objects), (article, kind)
            assert len(objects) <= CAP[kind], (article, kind)
            for thing in objects:
                payload = {name: value for name, value in thing.items() if name not in _BESIDE_PAYLOAD}
                PAYLOADS[kind].model_validate(payload)
                TypeAdapter(Realis).validate_python(thing["realis"])
                assert not (thing["main"] and thing["realis"] == "past" and len(objects) > 1) or all(
                    other["realis"] == "past" for other in objects
                ), (article, kind)


def test_the_words_that_show_a_label_stand_in_the_text(
    seed_articles: tuple[Article, ...], seed_labels: dict[str, dict[str, Any]]
) -> None:
    for article in seed_articles:
        for kind, objects in seed_labels[article.id].items():
            for thing in objects:
                assert thing["ev"], (article.id, kind)
                for shown in thing["ev"]:
                    assert shown.strip() and shown in article.text, (article.id, kind, shown)


def test_labels_of_texts_that_are_not_ours_give_places_and_no_words() -> None:
    for path in sorted((SEEDS / "labels").glob("*.jsonl")):
        for row in read_lines(path):
            places = [s["span"] for s in row.get("sentences", ())]
            places += [
                shown for objects in row.get("signals", {}).values() for thing in objects for shown in thing["ev"]
            ]
            for start, end in places:
                assert isinstance(start, int) and isinstance(end, int) and 0 <= start < end, row["id"]


def test_sentences_are_labelled_with_labels_that_the_payloads_know() -> None:
    rows = list(read_lines(SEEDS / "labels" / "sentences.labels.jsonl"))
    labels = {
        "arms_deal": ("stage", Stage),
        "sanctions_stance": ("stance", Stance),
        "diplomatic_statement": ("act", Act),
    }
    assert len(rows) > 300
    for row in rows:
        for sentence in row["sentences"]:
            for kind, objects in sentence["signals"].items():
                name, known = labels[kind]
                assert all(thing[name] in set(known) for thing in objects), (row["id"], sentence)

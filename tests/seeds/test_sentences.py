"""Short texts written to show labels: each sentence has its span and labels, and they teach which label, not how often."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from schemas.article import article_from
from schemas.sanctions_stance import Stance
from streams.detectors import DETECTORS
from streams.text.seedfile import SEEDS
from tests.conftest import json_lines

FOLDER = SEEDS / "sentences"
PAIRS = sorted(FOLDER.glob("*.articles.jsonl"))


@pytest.mark.parametrize("path", PAIRS, ids=lambda path: path.name)
def test_every_sentence_of_every_text_is_labelled_and_marked_as_not_typical(path: Path) -> None:
    rows = list(zip(json_lines(path), json_lines(path.with_name(path.name.replace("articles", "labels"))), strict=True))
    assert len({row["body"] for row, _ in rows}) == len(rows) >= 1_000
    for row, labels in rows:
        assert row["id"] == labels["id"] and labels["typical"] is False
        text = article_from(row).text
        spans = [tuple(sentence["span"]) for sentence in labels["sentences"]]
        assert " ".join(text[start:end] for start, end in spans) == text, row["id"]
        for sentence in labels["sentences"]:
            for shown in sentence["signals"]["sanctions_stance"]:
                assert shown["actor"] and shown["stance"] in set(Stance), row["id"]


def test_texts_written_to_show_labels_teach_the_label_and_not_how_often_there_is_one(tmp_path: Path) -> None:
    from streams.training.fit import event_weights, feature_index, fit_level1, matrix
    from streams.training.labelled import Example, examples

    detector = DETECTORS["sanctions_stance"]
    news = SEEDS / "articles" / "sanctions.articles.jsonl"
    written = [tmp_path / "w.articles.jsonl", tmp_path / "w.labels.jsonl"]
    for file, source in zip(written, (PAIRS[0], FOLDER / "stances.labels.jsonl"), strict=True):
        file.write_text("".join(json.dumps(row) + "\n" for row in list(json_lines(source))[:200]), encoding="utf-8")
    typical = list(examples(news, news.with_name("sanctions.labels.jsonl"), detector, SEEDS))
    shown = list(examples(written[0], written[1], detector, SEEDS))
    index = feature_index([*typical, *shown], frozenset())

    def fitted(rows: list[Example]) -> Any:
        wanted = [row.labels(event) for row in rows for event in row.events]
        return fit_level1(matrix(rows, index), wanted, *event_weights(rows), detector.labels)

    alone, both = fitted(typical), fitted([*typical, *shown])
    assert np.array_equal(alone.coefficients[:, 0], both.coefficients[:, 0]) and alone.bias[0] == both.bias[0]
    competing = slice(1, 1 + len(detector.labels))
    assert not np.array_equal(alone.coefficients[:, competing], both.coefficients[:, competing])

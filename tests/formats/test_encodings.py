"""Texts in any encoding: read where the format allows it, else a failure with its place."""

from pathlib import Path

import pytest

from streams.formats import Rejected
from tests.formats.conftest import GOOD, articles, read, rejected


def test_rows_in_another_encoding_or_width_are_failures_with_their_line(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(b"title,body\ncaf\xe9,text\nok,caf\xc3\xa9\na,b,c\n")
    assert rejected(path) == [("t.csv:2", "not_utf8"), ("t.csv:4", "bad_record")]
    assert [article.body for article in articles(path)] == ["café"]


@pytest.mark.parametrize(
    ("name", "text"),
    [("a.jsonl", GOOD.decode() * 9), ("a.json", '[{"title": "t"}]'), ("a.csv", "title,body\nOne,text\n")],
)
def test_utf_16_where_utf_8_is_asked_for_is_one_failure(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-16")
    (failure,) = read(tmp_path / name)
    assert isinstance(failure, Rejected)
    assert "UTF-16" in failure.detail


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.rss", "<rss><channel><item><title>Zürich</title></item></channel></rss>"),
        ("a.xml", "<?xml version='1.0' encoding='utf-16'?><rss><channel><item><title>Zürich</title></item></channel></rss>"),
        ("a.html", "<html><head><title>Zürich</title></head><body><p>Text.</p></body></html>"),
        ("a.txt", "Zürich\n\nA sentence that is long enough to be a paragraph of the page."),
    ],
)  # fmt: skip
def test_utf_16_where_the_format_allows_it_is_read(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-16")
    assert [article.title for article in articles(tmp_path / name)] == ["Zürich"]


def test_text_in_another_encoding_is_a_failure_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"Headline\n\nThe caf\xe9 was closed.\n")
    assert rejected(tmp_path / "a.txt") == [("a.txt:3", "not_utf8")]


def test_half_a_surrogate_pair_in_linked_data_becomes_a_replacement_character(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(
        '{"@type": "NewsArticle", "headline": "cut \\ud83d", "articleBody": "whole \\ud83d\\ude00"}'
    )
    (article,) = articles(tmp_path / "a.json")
    assert (article.title, article.body) == ("cut \ufffd", "whole \U0001f600")


@pytest.mark.parametrize("charset", ["undefined", "idna", "rot13", "no-such-thing", "utf-7"])
def test_a_page_may_name_any_charset(tmp_path: Path, charset: str) -> None:
    page = f'<html><head><meta charset="{charset}"><title>T</title></head><body><p>+2D0- caf\xe9 {"é" * 70}.</p></body></html>'
    (tmp_path / "a.html").write_text(page)
    assert len(read(tmp_path / "a.html")) == 1
    assert len(read(tmp_path)) == 1

"""Tables and JSON of others: columns and keys by their usual names or as the caller says; formats told apart."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from streams.formats import Rejected, mapped
from streams.formats.sniffing import sniffed
from tests.formats.conftest import articles, read, rejected, utc


def test_a_table_is_read_by_its_usual_columns_with_lines_inside_quotes(data: Path) -> None:
    quoted, plain = articles(data / "table.csv")
    assert (quoted.title, quoted.body) == ('Said "no" twice', "First line.\r\nSecond line; still the text.")
    assert (quoted.url, quoted.authors, quoted.published_at) == (
        "https://example.com/no",
        ("Ada Example",),
        utc(2024, 2, 3),
    )
    assert (plain.body, plain.published_at) == ('5" guns', utc(2024, 2, 4, 10))


def test_a_column_map_goes_before_the_usual_names(data: Path) -> None:
    (article,) = articles(data / "table.tsv", title="story", body="headline")
    assert (article.title, article.body) == ("Its text.", "One title")
    (failure,) = read(data / "table.tsv", title="nowhere")
    assert isinstance(failure, Rejected)
    assert "no column 'nowhere' for title; the columns are: headline, story" in failure.detail


def test_a_map_gives_json_of_others_its_fields(tmp_path: Path) -> None:
    path = tmp_path / "news.jsonl"
    path.write_text(
        '{"headline": "One", "text": "First.", "by": "Ada Example; Bo Sample", "n": 7, "url": "https://example.com/"}\n{}\n'
    )
    fields = {"title": "headline", "body": "text", "authors": "by", "id": "n"}
    (article,) = articles(path, **fields)
    assert (article.title, article.body, article.id) == ("One", "First.", "7")
    assert (article.authors, article.url) == (("Ada Example", "Bo Sample"), "https://example.com/")
    assert rejected(path, **fields) == [("news.jsonl:2", "no_text")]
    path.write_text('[{"headline": "One"},\n {"headline": "Two"}]')
    assert [article.title for article in articles(path, "json", title="headline")] == ["One", "Two"]


@pytest.mark.parametrize("option", ["title", "title=", "colour=red", "=x"])
def test_a_map_that_maps_nothing_is_refused(option: str) -> None:
    with pytest.raises(ValueError, match="--map"):
        mapped([option])


def test_titles_alone_are_flagged_in_tables_and_foreign_json(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("title,body\none,text\ntwo,\n")
    (tmp_path / "n.jsonl").write_text('{"headline": "one", "body": "text"}\n{"headline": "two"}\n')
    for name, fields in (("t.csv", {}), ("n.jsonl", {"title": "headline"})):
        assert [(each.title, each.truncated) for each in articles(tmp_path / name, **fields)] == [
            ("one", False),
            ("two", True),
        ]


def test_of_columns_of_one_name_the_first_counts(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("title,Title,body\nfirst,second,text\n")
    assert [article.title for article in articles(tmp_path / "t.csv")] == ["first"]


@pytest.mark.parametrize(
    ("name", "text", "format"),
    [
        ("a.txt", "[Updated] The minister came to Oslo on Monday, a spokesman of the ministry said.", "text"),
        ("a.txt", '{"title": "t"}\n', "jsonl"),
        ("a.json", '{"title": "t"}\n{"title": "u", "versioncreated": "x"}\n', "jsonl"),
        ("stdin", "no json\n", "jsonl"),
        ("stdin", "headline,text\na,b\n", "csv"),
        ("20210331210000.gal.json.gz", '{"title": "t", "url": "https://example.com/"}\n', "gdelt"),
        ("20240601090000.gkg.csv", "broken\n", "gdelt"),
        ("a.dat", "<rdf:RDF xmlns:rdf='x'><channel/>", "feed"),
        ("a.dat", "[\n  {\n    \"uri\": \"u\", \"pubStatus\" : \"usable\"", "ninjs"),
        ("a.dat", '[{"@context": "https://schema.org"', "json-ld"),
    ],
)  # fmt: skip
def test_the_format_is_told_by_content_and_name(name: str, text: str, format: str) -> None:
    assert sniffed(text.encode(), name) == format


def test_a_parquet_table_is_read_by_column(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq  # type: ignore[import-untyped]

    table = pa.table(
        {
            "headline": ["One", "Two", None],
            "text": ["First.", "Second.", None],
            "date": [datetime(2024, 1, 1, tzinfo=UTC), None, None],
            "tags": [["a", "b"], [], None],
            "unused": [1, 2, 3],
        }
    )
    path = tmp_path / "news.parquet"
    pq.write_table(table, path)
    one, two = articles(path)
    assert (one.title, one.body, one.published_at, one.tags) == ("One", "First.", utc(2024, 1, 1), ("a", "b"))
    assert (two.title, two.published_at, two.tags) == ("Two", None, ())
    assert rejected(path) == [("news.parquet#3", "no_text")]

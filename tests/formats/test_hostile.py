"""Hostile and broken files: a clear failure with its place, the rest goes on, the memory stays bounded."""

import io
import os
import resource
import subprocess
import sys
import threading
from pathlib import Path
from typing import NoReturn

import pytest

from schemas.article import Article
from streams.formats import Choice, Rejected, read_source, sources
from streams.formats.delimited import read as read_csv
from streams.formats.jsonl import read as read_jsonl
from tests.formats.conftest import GOOD, Endless, articles, read, rejected
from tests.formats.test_readers import warc


@pytest.mark.parametrize(
    "prolog",
    [
        '<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>',
        '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE rss SYSTEM "http://example.com/rss.dtd">',
    ],
)
def test_xml_with_a_document_type_is_refused(tmp_path: Path, prolog: str) -> None:
    path = tmp_path / "feed.rss"
    path.write_text(f"<?xml version='1.0'?>{prolog}<rss><channel><item><title>&b;&x;</title></item></channel></rss>")
    (failure,) = read(path)
    assert isinstance(failure, Rejected)
    assert (failure.reason, "no DTD, no entities" in failure.detail) == ("bad_file", True)


def test_xml_that_breaks_gives_the_items_before_and_the_line(tmp_path: Path) -> None:
    path = tmp_path / "feed.rss"
    path.write_text("<rss><channel><item><title>One</title></item>\n<item><title>Two</item></channel></rss>")
    article, failure = read(path)
    assert getattr(article, "title", "") == "One"
    assert isinstance(failure, Rejected)
    assert "line 2" in failure.detail


@pytest.mark.parametrize(
    ("head", "inside", "tail"),
    [("<rss>", "<a>", ""), ("<rss><channel><item><title ", "a='b' ", ""), ("<rss><!--", "-x", "")],
    ids=["nesting", "tag", "comment"],
)
def test_xml_without_end_costs_no_memory(tmp_path: Path, head: str, inside: str, tail: str) -> None:
    path = tmp_path / "feed.rss"
    path.write_text(head + inside * 3_000_000 + tail)
    assert [reason for _, reason in rejected(path)] == ["bad_file"]


def test_a_warc_record_with_a_wrong_length_costs_itself_alone(tmp_path: Path, data: Path) -> None:
    page = (data / "page.html").read_bytes()
    whole = warc(page, gzip=False)
    for wrong, name in ((7, "short.warc"), (len(page) + 5_000, "long.warc")):
        begin = whole.index(b"WARC-Type: response")
        length = whole.index(b"Content-Length: ", begin)
        end = whole.index(b"\r\n", length)
        path = tmp_path / name
        path.write_bytes(whole[:length] + b"Content-Length: %d" % wrong + whole[end:] + whole)
        assert [reason for _, reason in rejected(path)] == ["bad_record"], name
        assert len(articles(path)) == 1, name


def test_a_cell_of_100_megabytes_is_one_failure() -> None:
    head, tail = io.BytesIO(b'title,body\nbefore,"text"\nhuge,"'), io.BytesIO(b'"\nafter,text\n')
    before, huge, after = read_csv(_joined(head, Endless(b"x", 100_000_000), tail), "t.csv")
    assert [getattr(each, "title", None) for each in (before, after)] == ["before", "after"]
    assert isinstance(huge, Rejected)
    assert (huge.place, huge.reason) == ("t.csv:3", "too_large")


def test_a_quote_that_never_closes_is_seen_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text('title,body\none,text\ntwo,"open\nthree,text\n')
    assert len(articles(path)) == 1
    assert rejected(path) == [("t.csv:3", "bad_record")]


def test_a_line_of_a_gigabyte_is_one_failure() -> None:
    stream = _joined(io.BytesIO(b'{"title": "'), Endless(b"x", 1_000_000_000), io.BytesIO(b'"}\n' + GOOD))
    huge, good = read_jsonl(stream, "n.jsonl")
    assert isinstance(huge, Rejected)
    assert (huge.place, huge.reason, huge.detail.split()[0]) == ("n.jsonl:1", "too_large", "1000000014")
    assert getattr(good, "id", "") == "a"


def test_folders_are_read_once_in_order_and_a_loop_is_named(tmp_path: Path) -> None:
    for name in ("b/2.jsonl", "a/1.jsonl", ".hidden/3.jsonl"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(GOOD.replace(b'"a"', f'"{name}"'.encode()))
    (tmp_path / "b/loop").symlink_to(tmp_path)
    (tmp_path / "b/same.jsonl").symlink_to(tmp_path / "a/1.jsonl")
    (tmp_path / "b/gone.jsonl").symlink_to(tmp_path / "nowhere")
    os.mkfifo(tmp_path / "b/pipe.jsonl")
    assert [article.id for article in articles(tmp_path)] == ["a/1.jsonl", "b/2.jsonl"]
    assert rejected(tmp_path) == [("gone.jsonl", "bad_file"), ("loop", "bad_file"), ("pipe.jsonl", "bad_file")]


def test_globs_name_files_and_a_name_that_is_none_is_a_failure(tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / f"{number}.jsonl").write_bytes(GOOD)
    assert len(articles(tmp_path / "*.jsonl")) == 3
    assert rejected(tmp_path / "*.csv") == [("*.csv", "bad_file")]
    assert rejected(tmp_path / "missing.jsonl") == [("missing.jsonl", "bad_file")]


def test_a_file_that_grows_while_it_is_read_is_read_as_it_stood(tmp_path: Path) -> None:
    path = tmp_path / "news.jsonl"
    path.write_bytes(GOOD * 10_000)
    records = read_source(next(iter(sources([str(path)]))), Choice())
    next(records)
    with path.open("ab") as file:
        file.write(GOOD * 5)
    rest = list(records)
    assert len(rest) == 10_000
    assert isinstance(rest[-1], Rejected)
    assert f"grew by {5 * len(GOOD)} bytes" in rest[-1].detail


@pytest.mark.parametrize(
    "content",
    [
        b"\x89PNG\r\n\x1a\n\x00\x00",
        b"PK\x03\x04\x00\x00rest",
        b"<?xml version='1.0'?><urlset><url><loc>https://example.com/</loc></url></urlset>",
    ],
    ids=["picture", "zip", "sitemap"],
)
def test_what_is_no_news_format_is_said_to_be_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "file").write_bytes(content)
    assert rejected(tmp_path / "file") == [("file", "bad_file")]


@pytest.mark.parametrize(
    "name", ["a.jsonl", "a.json", "a.csv", "a.txt", "a.html", "a.rss", "a.parquet", "a.warc", "a.xml", "a"]
)
def test_an_empty_file_is_nothing(tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()
    assert read(tmp_path / name) == []


def test_an_array_that_was_cut_between_two_articles_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('[{"title": "one"},\n {"title": "two"},\n')
    assert [type(record) for record in read(tmp_path / "a.json")] == [Article, Article, Rejected]


def test_numbers_of_thousands_of_digits_stop_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(f"title,version\none,{'9' * 6000}\ntwo,2\n")
    assert rejected(tmp_path / "a.csv") == [("a.csv:2", "bad_field")]
    assert [article.version for article in articles(tmp_path / "a.csv")] == [2]
    (tmp_path / "a.warc").write_bytes(b"WARC/1.0\r\nContent-Length: " + b"9" * 6000 + b"\r\n\r\n")
    assert rejected(tmp_path / "a.warc") == [("a.warc#1", "bad_record")]


def test_a_failure_of_a_reader_itself_costs_one_file(tmp_path: Path) -> None:
    class Broken(dict[str, str]):
        def items(self) -> NoReturn:
            raise ZeroDivisionError("ours")

    for name in ("1.jsonl", "2.csv"):
        (tmp_path / name).write_bytes(GOOD if name == "1.jsonl" else b"title\nt\n")
    choice = Choice(None, Broken(title="title"))
    records = [record for source in sources([str(tmp_path)]) for record in read_source(source, choice)]
    (failure,) = (record for record in records if isinstance(record, Rejected))
    assert (failure.place, failure.detail) == (str(tmp_path / "1.jsonl"), "cannot be read on: ZeroDivisionError: ours")
    assert len(records) == 2


def test_failures_of_formats_without_lines_keep_what_they_were_made_of(tmp_path: Path) -> None:
    (tmp_path / "a.rss").write_text("<rss><channel><item><guid>only an id</guid></item></channel></rss>")
    (failure,) = read(tmp_path / "a.rss")
    assert isinstance(failure, Rejected)
    assert failure.raw == b"<item><guid>only an id</guid></item>"


@pytest.mark.parametrize(("module", "name"), [("trafilatura", "page.html"), ("pyarrow", "t.parquet")])
def test_a_missing_extra_is_named(tmp_path: Path, data: Path, module: str, name: str) -> None:
    path = data / name if (data / name).exists() else tmp_path / name
    path.exists() or path.write_bytes(b"PAR1" + b"\x00" * 20 + b"PAR1")
    script = (
        f"import sys; sys.modules[{module!r}] = None\n"
        "from tests.formats.conftest import *\n"
        f"print(*(f'{{r.reason}} {{r.detail}}' for r in read(Path({str(path)!r}))))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("missing_extra")
    assert "pip install 'geosignals[" in done.stdout


def _joined(*parts: io.RawIOBase | io.BytesIO) -> io.BufferedReader:
    """One stream out of several."""
    reading, writing = os.pipe()

    def pour() -> None:
        with open(writing, "wb") as out:
            for part in parts:
                while chunk := part.read(1 << 20):
                    out.write(chunk)

    threading.Thread(target=pour, daemon=True).start()
    return open(reading, "rb")


def test_all_this_stayed_in_bounded_memory() -> None:
    """The files above are up to a gigabyte; the whole test process must not be near that. In KiB on Linux."""
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 1_000_000

"""Packed files: undone whatever their name, cut and broken ones said, bombs stopped."""

import bz2
import gzip
import io
import lzma
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from schemas.article import Article
from streams.formats import Rejected
from tests.formats.conftest import GOOD, articles, read, rejected


def zipped(data: bytes) -> bytes:
    """An archive with one file in it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("file", data)
    return out.getvalue()


@pytest.mark.parametrize("name", ["news.jsonl.gz", "news.jsonl.zst", "any.bin"])
def test_compression_is_undone_whatever_the_name(tmp_path: Path, name: str) -> None:
    data = zstandard.compress(GOOD * 3) if name.endswith("zst") else gzip.compress(GOOD) + gzip.compress(GOOD * 2)
    (tmp_path / name).write_bytes(data)
    assert len(articles(tmp_path / name)) == 3


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
def test_a_bomb_is_stopped_long_before_its_end(tmp_path: Path, pack: object) -> None:
    (tmp_path / "bomb.jsonl").write_bytes(pack(GOOD + b" " * 200_000_000))  # type: ignore[operator]
    (tmp_path / "good.jsonl").write_bytes(GOOD)
    assert [reason for _, reason in rejected(tmp_path)] == ["too_dense"]
    assert len(articles(tmp_path)) == 2


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
def test_a_cut_archive_gives_what_it_has_and_says_so(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    path = tmp_path / "news.jsonl"
    whole, cut = pack(GOOD * 3), pack(GOOD * 2)
    for part in (cut[:5], cut[:9], cut[:20], cut[:-2]):
        path.write_bytes(whole + part)
        *before, failure = read(path)
        assert isinstance(failure, Rejected), part
        assert (failure.reason, failure.place) == ("bad_file", str(path))
        assert len(before) in (3, 5)


def test_of_a_cut_gzip_every_whole_line_comes_out(tmp_path: Path) -> None:
    path = tmp_path / "news.jsonl.gz"
    path.write_bytes(gzip.compress(GOOD * 2)[:-4])
    assert [type(record) for record in read(path)] == [Article, Article, Rejected]


@pytest.mark.parametrize(
    "tail", [b"\x00" * 700, b"", b"\x50\x2a\x4d\x18\x03\x00\x00\x00abc"], ids=["zeros", "end", "index"]
)
def test_what_archivers_put_behind_their_data_is_no_fault(tmp_path: Path, tail: bytes) -> None:
    pack = zstandard.compress if tail[:1] == b"\x50" else gzip.compress
    (tmp_path / "news.jsonl").write_bytes(pack(GOOD) + tail)
    assert [type(record) for record in read(tmp_path / "news.jsonl")] == [Article]


def test_nonsense_behind_compressed_data_is_said(tmp_path: Path) -> None:
    for pack in (gzip.compress, zstandard.compress):
        (tmp_path / "news.jsonl").write_bytes(pack(GOOD) + b"no member begins like this")
        assert [type(record) for record in read(tmp_path / "news.jsonl")] == [Article, Rejected]


@pytest.mark.parametrize("pack", [zipped, bz2.compress, lzma.compress])
def test_other_packers_are_named(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    (tmp_path / "20240601090000.gkg.csv.zip").write_bytes(pack(GOOD))
    (failure,) = read(tmp_path)
    assert isinstance(failure, Rejected)
    assert "unpack it first" in failure.detail


def test_a_bomb_in_a_parquet_column_is_seen_before_it_is_opened(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq  # type: ignore[import-untyped]

    table = pa.table({"title": ["t", "t"], "body": ["x" * 50_000_000, "y"]})
    pq.write_table(table, tmp_path / "a.parquet", compression="zstd", use_dictionary=False)
    assert rejected(tmp_path / "a.parquet") == [("a.parquet", "too_dense")]

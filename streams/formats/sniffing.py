"""Which format a file is in: by its first bytes, and by its name where bytes leave it open."""

import re
from pathlib import PurePath

from streams.formats.newsml import NAMESPACE as NEWSML

PEEKED_BYTES = 64 * 1024
_COMPRESSION = (".gz", ".zst", ".gzip", ".zstd")
_SUFFIXES = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "json",
    ".jsonld": "json-ld",
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "text",
    ".text": "text",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".rss": "feed",
    ".atom": "feed",
    ".warc": "warc",
    ".parquet": "parquet",
}
_MAGIC = {b"PAR1": "parquet", b"WARC/1.": "warc"}
_GKG = re.compile(rb"\d{14}-T?\d+\t\d{14}\t")
_ROOTS = (
    (re.compile(rb"<(?:\w+:)?(?:rss|feed|RDF)[\s>]"), "feed"),
    (re.compile(rb"<(?:!doctype\s+html|html|head|body)[\s>]", re.IGNORECASE), "html"),
)
_NINJS = re.compile(
    rb'"(?:\$standard|body_text|body_xhtml|bodies|headlines|versioncreated|versionCreated|pubstatus|pubStatus)"\s*:'
)
_LIST = re.compile(rb'"(?:outletName|outletLogo)"\s*:')
_LINKED = re.compile(rb'"@(?:context|graph|type)"\s*:')
_HEADER = re.compile(rb"[\xef\xbb\xbf]*[\w \"-]{1,40}(?:[,;\t|][\w \"-]{1,40})+\r?\n")
_KNOWN_COLUMN = re.compile(rb"\b(?:title|headline|body|text|content)\b", re.IGNORECASE)


def sniffed(head: bytes, name: str) -> str | None:
    """The name of the format, or None when it is none that is read (an image, an archive of files).

    >>> sniffed(b'{"id": "a", "title": "Talks"}', "news.jsonl.gz"), sniffed(b"\\x89PNG\\r\\n\\x1a\\n\\x00", "a.png")
    ('jsonl', None)
    """
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    for magic, format_name in _MAGIC.items():
        if head.startswith(magic):
            return format_name
    if _GKG.match(head):
        return "gdelt"
    if start[:1] in (b"{", b"["):
        return _json_kind(start, _by_name(name))
    if start[:1] == b"<" and (kind := _markup_kind(start)):
        return kind
    return _by_name(name) or _by_text(head)


def _json_kind(start: bytes, by_name: str | None) -> str:
    first = start.split(b"\n", 1)[0] if start.rstrip().count(b"\n") else start
    for pattern, kind in ((_NINJS, "ninjs"), (_LIST, "gdelt"), (_LINKED, "json-ld")):
        if pattern.search(first if by_name == "jsonl" else start):
            return kind
    one_a_line = start[:1] == b"{" and first.rstrip().endswith(b"}")
    return "jsonl" if by_name == "jsonl" or one_a_line else "json"


def _markup_kind(start: bytes) -> str | None:
    if NEWSML.encode() in start:
        return "newsml"
    return next((kind for pattern, kind in _ROOTS if pattern.search(start)), None)


def _by_name(name: str) -> str | None:
    path = PurePath(name.lower())
    while path.suffix in _COMPRESSION:
        path = path.with_suffix("")
    return _SUFFIXES.get(path.suffix)


def _by_text(head: bytes) -> str | None:
    """A table when the first line is a header with a column that we know, else text when there are no control bytes."""
    header = _HEADER.match(head)
    if header and _KNOWN_COLUMN.search(header[0]):
        return "csv"
    utf16 = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    return None if not utf16 and b"\x00" in head or not head.strip() else "text"

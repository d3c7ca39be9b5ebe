"""Which format a file is in: by its first bytes, and by its name where bytes leave it open."""

import re
from pathlib import PurePath

from streams.formats.newsml import NAMESPACE as NEWSML

PEEKED_BYTES = 64 * 1024
STDIN_NAME = "stdin"
UTF16 = (b"\xff\xfe", b"\xfe\xff")
_JSON = re.compile(rb'\{\s*["}]|\[\s*[{\]]')
_MARKUP = re.compile(rb"<[!?a-zA-Z]")
_GDELT = ([".gkg", ".csv"], [".gal", ".json"])
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
    for magic, format_name in _MAGIC.items():
        if head.startswith(magic):
            return format_name
    if head.startswith(UTF16):
        head = head.decode("utf-16", "ignore").encode("utf-8", "ignore")
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    by_name = _by_name(name)
    if _GKG.match(head):
        return "gdelt"
    if start[:1] in (b"{", b"[") and (_JSON.match(start) or by_name not in ("text", None)):
        return _json_kind(start, by_name)
    if _MARKUP.match(start):
        return _markup_kind(start) or by_name
    return by_name or _by_text(head, name)


def _json_kind(start: bytes, by_name: str | None) -> str:
    """By the keys of the first object alone where each has a line: what others hold must not change how all are read."""
    if by_name == "gdelt":
        return by_name
    first = start.split(b"\n", 1)[0] if start.rstrip().count(b"\n") else start
    is_lines = by_name == "jsonl" or start[:1] == b"{" and first.rstrip().endswith(b"}")
    for pattern, kind in ((_NINJS, "ninjs"), (_LIST, "gdelt"), (_LINKED, "json-ld")):
        if pattern.search(first if is_lines else start):
            return kind
    return "jsonl" if is_lines else "json"


def _markup_kind(start: bytes) -> str | None:
    """None for markup of another kind, a sitemap say: as text it would be an article of tags."""
    if NEWSML.encode() in start:
        return "newsml"
    return next((kind for pattern, kind in _ROOTS if pattern.search(start)), None)


def _by_name(name: str) -> str | None:
    path = PurePath(name.lower())
    while path.suffix in _COMPRESSION:
        path = path.with_suffix("")
    return "gdelt" if path.suffixes[-2:] in _GDELT else _SUFFIXES.get(path.suffix)


def _by_text(head: bytes, name: str) -> str | None:
    """A table when the first line is a header with a column that we know; else, without control bytes, text.

    What comes on standard input and is nothing else is JSON lines, as broken as it may be: text has to be asked for.
    """
    header = _HEADER.match(head)
    if header and _KNOWN_COLUMN.search(header[0]):
        return "csv"
    if name == STDIN_NAME:
        return "jsonl"
    return None if b"\x00" in head or not head.strip() else "text"

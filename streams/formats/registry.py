"""The formats by name, and one way through any of them: a source in, its records out, no exception on the way."""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import MappingProxyType

from streams.formats import delimited, feed, gdelt, json_ld, jsonl, newsml, ninjs, page, parquet, text, warc
from streams.formats.columns import USUAL
from streams.formats.opening import Opened, opened, opened_stream
from streams.formats.paths import STDIN, inputs
from streams.formats.record import BrokenFile, Fault, Read, Reader, Rejected
from streams.formats.sniffing import PEEKED_BYTES, STDIN_NAME, UTF16, sniffed

FORMATS: Mapping[str, Reader] = MappingProxyType(
    {
        "jsonl": jsonl.read,
        "json": jsonl.read_objects,
        "csv": delimited.read,
        "text": text.read,
        "html": page.read,
        "json-ld": json_ld.read,
        "ninjs": ninjs.read,
        "newsml": newsml.read,
        "feed": feed.read,
        "gdelt": gdelt.read,
        "warc": warc.read,
        "parquet": parquet.read,
    }
)
ALIASES: Mapping[str, str] = MappingProxyType(
    {
        "ndjson": "jsonl",
        "tsv": "csv",
        "txt": "text",
        "newsml-g2": "newsml",
        "rss": "feed",
        "atom": "feed",
        "jsonld": "json-ld",
        "gkg": "gdelt",
    }
)
_MAPPED = {
    "jsonl": jsonl.read,
    "json": jsonl.read_objects,
    "csv": delimited.read,
    "parquet": parquet.read,
}
"""The formats whose names for fields are the caller's own."""
_PACKED = {b"PK\x03\x04": "zip", b"BZh": "bzip2", b"\xfd7zXZ\x00": "xz", b"7z\xbc\xaf": "7-Zip"}
_ANY_ENCODING = ("text", "html", "feed", "newsml")


def mapped(options: Iterable[str]) -> dict[str, str]:
    """Field -> the input's own name for it, from `title=headline` and so on. Raises ValueError.

    >>> mapped(["title=headline", "body=story text"])
    {'title': 'headline', 'body': 'story text'}
    """
    fields: dict[str, str] = {}
    for each in options:
        field_name, _, name = (part.strip() for part in each.partition("="))
        if not name:
            raise ValueError(f"--map {each!r}: write FIELD=NAME, as in title=headline")
        if field_name not in USUAL:
            raise ValueError(f"--map {each!r}: articles have no field {field_name!r}, but {', '.join(USUAL)}")
        fields[field_name] = name
    return fields


@dataclass(frozen=True, slots=True)
class Choice:
    """How the caller wants files read: `format` None is by content and name; `fields` as `mapped` gives them."""

    format: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.format is not None and ALIASES.get(self.format, self.format) not in FORMATS:
            raise ValueError(f"--format: {self.format!r} is no format; there are {', '.join(FORMATS)}")

    def reader(self, stream: Opened, name: str) -> Reader:
        """The reader for this stream. Raises BrokenFile when no format fits."""
        peeked = stream.peek(PEEKED_BYTES)
        if not peeked:
            return _nothing
        kind = ALIASES.get(self.format, self.format) if self.format else sniffed(peeked, name)
        if kind is None:
            raise BrokenFile(Fault.BAD_FILE, _why_none(peeked))
        if peeked.startswith(UTF16) and kind not in _ANY_ENCODING:
            raise BrokenFile(Fault.BAD_FILE, f"line 1: it is in UTF-16, and {kind} is read in UTF-8 only")
        return partial(_MAPPED[kind], fields=self.fields) if kind in _MAPPED else FORMATS[kind]


@dataclass(frozen=True, slots=True)
class Source:
    """One file to read (Path("-") is standard input), or the reason why a name gives none."""

    path: Path
    refused: Rejected | None = None

    @property
    def name(self) -> str:
        """What places in the file begin with."""
        return STDIN_NAME if str(self.path) == STDIN else str(self.path)


def sources(names: Iterable[str]) -> Iterator[Source]:
    """The files that names (files, folders, globs, `-`) stand for, in a stable order."""
    for found in inputs(names):
        yield Source(Path(found.place), found) if isinstance(found, Rejected) else Source(found)


def read_source(source: Source, choice: Choice, watch: Callable[[Opened], None] | None = None) -> Iterator[Read]:
    """The records of one source. What breaks ends this source with a Rejected, and no other.

    `watch` is called once with the open file, to follow how much of it went by.
    """
    if source.refused is not None:
        yield source.refused
        return
    try:
        with _open(source) as stream:
            if watch is not None:
                watch(stream)
            yield from choice.reader(stream, source.name)(stream.stream, source.name)
            if grown := stream.grown():
                yield Rejected(
                    source.name, Fault.BAD_FILE, f"it grew by {grown} bytes while it was read: these are left out"
                )
    except BrokenFile as error:
        yield Rejected(source.name, error.fault, str(error))
    except OSError as error:
        yield Rejected(source.name, Fault.BAD_FILE, error.strerror or str(error))
    except Exception as error:  # noqa: BLE001  a bug of ours or of a reader's library costs one file, not an archive
        yield Rejected(source.name, Fault.BAD_FILE, f"cannot be read on: {type(error).__name__}: {error}")


def _why_none(head: bytes) -> str:
    packed = next((name for magic, name in _PACKED.items() if head.startswith(magic)), None)
    if packed is not None:
        return f"packed as {packed}: of packed files gzip and zstd are read, so unpack it first"
    return "of no format that is read; --format says it where it cannot be told"


def _open(source: Source) -> AbstractContextManager[Opened]:
    return opened_stream(sys.stdin.buffer) if str(source.path) == STDIN else opened(source.path)


def _nothing(_stream: object, _source: str) -> Iterator[Read]:
    return iter(())

"""The formats by name, and one way through any of them: a source in, its records out, no exception on the way."""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import MappingProxyType

from streams.formats import delimited, feed, gdelt, json_ld, jsonl, newsml, ninjs, page, parquet, text, warc
from streams.formats.opening import Opened, opened, opened_stream
from streams.formats.paths import STDIN, inputs
from streams.formats.record import BrokenFile, Fault, Read, Reader, Rejected
from streams.formats.sniffing import PEEKED_BYTES, sniffed

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
_TABLES = {"csv": delimited.read, "parquet": parquet.read}


@dataclass(frozen=True, slots=True)
class Choice:
    """How the caller wants files read: `format` None is by content and name; `fields` are columns of tables."""

    format: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.format is not None and ALIASES.get(self.format, self.format) not in FORMATS:
            raise ValueError(f"{self.format!r} is no format; there are {', '.join(FORMATS)}")

    def reader(self, stream: Opened, name: str) -> Reader:
        """The reader for this stream. Raises BrokenFile when no format fits."""
        peeked = stream.peek(PEEKED_BYTES) if self.format is None else b""
        kind = ALIASES.get(self.format, self.format) if self.format else sniffed(peeked, name)
        if kind is None:
            if not peeked:
                return _nothing
            raise BrokenFile(Fault.BAD_FILE, "of no format that is read; --format says it where it cannot be told")
        return partial(_TABLES[kind], fields=self.fields) if kind in _TABLES else FORMATS[kind]


@dataclass(frozen=True, slots=True)
class Source:
    """One file to read (Path("-") is standard input), or the reason why a name gives none."""

    path: Path
    refused: Rejected | None = None

    @property
    def name(self) -> str:
        """What places in the file begin with."""
        return "stdin" if str(self.path) == STDIN else str(self.path)


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


def _open(source: Source) -> AbstractContextManager[Opened]:
    return opened_stream(sys.stdin.buffer) if str(source.path) == STDIN else opened(source.path)


def _nothing(_stream: object, _source: str) -> Iterator[Read]:
    return iter(())

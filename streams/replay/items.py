"""The records of a history one by one, each with the mark to go on from after it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from schemas.article import Article
from streams.formats import Choice, Fault, Read, Rejected, Skip, Skipped, Source, read_source
from streams.formats.opening import Opened

Position = Mapping[str, Any]
"""How far a replay is, as it stands in the checkpoint; {} is the beginning."""
Headers = tuple[tuple[str, bytes | None], ...]


class ChangedInput(Exception):
    """The input is not what the checkpoint was written for."""


@dataclass(frozen=True, slots=True)
class FileMark:
    """After so many records of the source with this number (from 0) and name."""

    index: int
    source: str
    records: int

    @property
    def place(self) -> str:
        """The record's place for people: file and number of the record."""
        return f"{self.source}#{self.records}"

    def onto(self, position: Position) -> Position:
        """The position with this record done."""
        return {"index": self.index, "source": self.source, "records": self.records}


@dataclass(frozen=True, slots=True)
class TopicMark:
    """Before this offset of a partition ("topic/0")."""

    partition: str
    offset: int

    @property
    def place(self) -> str:
        """The record's place for people: topic, partition and its own offset."""
        return f"{self.partition}@{self.offset - 1}"

    def onto(self, position: Position) -> Position:
        """The position with this record done."""
        return {**position, self.partition: self.offset}


@dataclass(frozen=True, slots=True)
class Outbound:
    """A record to send in: `article` None is a tombstone. `when` is what since and until are compared with."""

    key: bytes | None
    value: bytes | None
    headers: Headers
    article: Article | None
    when: datetime | None


@dataclass(frozen=True, slots=True)
class Item:
    """One record of the history: what is to be sent, or why nothing is."""

    mark: FileMark | TopicMark
    what: Outbound | Rejected | Skipped


def file_items(
    sources: Iterable[Source], choice: Choice, done: Position, watch: Callable[[Opened], None] | None = None
) -> Iterator[Item]:
    """The records of the files after what is done. Raises ChangedInput when the files are not those of the position."""
    begin, skipped, index = int(done.get("index", 0)), int(done.get("records", 0)), -1
    for index, source in enumerate(sources):
        if index < begin:
            continue
        if index == begin and done and done["source"] != source.name:
            raise ChangedInput(f"file {index + 1} is {source.name}, it was {done['source']}")
        number = 0
        for read in read_source(source, choice, watch):
            number += not _ends_the_file(read)
            if index > begin or number > skipped or _ends_the_file(read):
                yield Item(FileMark(index, source.name, number), _of_read(read))
        if index == begin and number < skipped:
            raise ChangedInput(f"{source.name} has {number} records, {skipped} of it were done")
    if index < begin and done:
        raise ChangedInput(f"there are {index + 1} files, {done['source']} was number {begin + 1}")


def _ends_the_file(read: Read) -> bool:
    """True for what is wrong with the file and is no record of it: a file that is repaired or grows keeps its count."""
    return isinstance(read, Rejected) and read.reason in (Fault.BAD_FILE, Fault.TOO_DENSE, Fault.MISSING_EXTRA)


def _of_read(read: Read) -> Outbound | Rejected | Skipped:
    if isinstance(read, Article):
        return Outbound(read.id.encode(), encoded(read), (), read, read.published_at)
    if isinstance(read, Skipped) and read.reason is Skip.TOMBSTONE and read.id is not None:
        return Outbound(read.id.encode(), None, (), None, None)
    return read


def encoded(article: Article) -> bytes:
    """The article as it goes on the topic: what is absent is left out, reading it gives the same article."""
    return article.model_dump_json(exclude_defaults=True).encode()

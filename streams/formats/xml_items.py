"""Elements of an XML stream, one item at a time. DTDs, and with them all entities of a file's own, are refused."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO
from xml.etree.ElementTree import Element, TreeBuilder, tostring
from xml.parsers import expat

from streams.formats.record import MAX_RECORD_BYTES, BrokenFile, Fault, Read, Rejected

_CHUNK = 64 * 1024
_MAX_DEPTH = 200
_MAX_TOKEN = MAX_RECORD_BYTES
"""Expat holds a tag or comment whole before it reports it: one that never ends must not fill the memory."""

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """One wanted element with the line it begins on; `element` is None when it was too large to keep."""

    line: int
    size: int
    path: Path
    element: Element | None


def items(stream: BinaryIO, wanted: Callable[[Path], bool]) -> Iterator[Item]:
    """Each element whose path of local names (root first) is wanted, complete, as soon as it ends.

    Raises BrokenFile with line and column on XML that is not well-formed, on a DTD, and on absurd nesting.
    """
    reading = _Reading(wanted)
    fed = 0
    while True:
        chunk = stream.read(_CHUNK)
        fed += len(chunk)
        try:
            reading.parser.Parse(chunk, not chunk)
        except expat.ExpatError as error:
            yield from reading.taken()
            raise BrokenFile(Fault.BAD_FILE, f"not well-formed XML: {error}") from None
        except BrokenFile:
            yield from reading.taken()
            raise
        yield from reading.taken()
        if not chunk:
            return
        if fed - reading.parser.CurrentByteIndex > _MAX_TOKEN:
            raise BrokenFile(
                Fault.BAD_FILE, f"line {reading.parser.CurrentLineNumber}: a tag of over {_MAX_TOKEN} bytes"
            )


def with_source(read: Read, element: Element) -> Read:
    """What came of an element; a failure with the element as XML, for whoever has to look at it."""
    return replace(read, raw=tostring(element, "utf-8")) if isinstance(read, Rejected) else read


def local(tag: str) -> str:
    """The name without its namespace."""
    return tag.rpartition("}")[2]


class _Reading:
    """Expat's callbacks: they need a state between them, which is all that this class holds."""

    def __init__(self, wanted: Callable[[Path], bool]) -> None:
        self.parser = expat.ParserCreate(namespace_separator="}")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._refuse
        self._wanted = wanted
        self._path: list[str] = []
        self._items: list[Item] = []
        self._builder: TreeBuilder | None = None
        self._item_depth = 0
        self._begun = (0, 0)

    def taken(self) -> list[Item]:
        """The items that ended since the last call."""
        items, self._items = self._items, []
        return items

    def _refuse(self, name: str, *_: object) -> None:
        line = self.parser.CurrentLineNumber
        raise BrokenFile(Fault.BAD_FILE, f"line {line}: a document type ({name[:40]}) is not read: no DTD, no entities")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._path.append(local(name))
        if len(self._path) > _MAX_DEPTH:
            raise BrokenFile(Fault.BAD_FILE, f"line {self.parser.CurrentLineNumber}: over {_MAX_DEPTH} levels deep")
        if not self._item_depth and self._wanted(tuple(self._path)):
            self._item_depth = len(self._path)
            self._begun = (self.parser.CurrentLineNumber, self.parser.CurrentByteIndex)
            self._builder = TreeBuilder()
        if self._builder is not None:
            self._builder.start(_clark(name), {_clark(key): value for key, value in attributes.items()})
            self._keep_small()

    def _text(self, text: str) -> None:
        if self._builder is not None:
            self._builder.data(text)
            self._keep_small()

    def _end(self, name: str) -> None:
        if self._builder is not None:
            self._builder.end(_clark(name))
        if len(self._path) == self._item_depth:
            line, begin = self._begun
            element = None if self._builder is None else self._builder.close()
            size = self.parser.CurrentByteIndex - begin
            self._items.append(Item(line, size, tuple(self._path), element))
            self._item_depth, self._builder = 0, None
        self._path.pop()

    def _keep_small(self) -> None:
        if self.parser.CurrentByteIndex - self._begun[1] > MAX_RECORD_BYTES:
            self._builder = None


def _clark(name: str) -> str:
    return "{" + name if "}" in name else name

"""Articles as JSON: one to a line, or objects in any layout (pretty-printed, or in one array)."""

from collections.abc import Iterator
from typing import BinaryIO

from schemas.article import MAX_MESSAGE_BYTES, InvalidArticle, decode_article
from streams.formats.json_objects import json_objects
from streams.formats.lines import lines
from streams.formats.record import Read, rejected, too_large


def read(stream: BinaryIO, source: str) -> Iterator[Read]:
    """One article a line, as on the topic (a line may be a structured CloudEvent); blank lines mean nothing."""
    for line in lines(stream, MAX_MESSAGE_BYTES):
        place = f"{source}:{line.number}"
        raw = line.raw.rstrip(b"\r\n")
        if not line.whole or len(raw) > MAX_MESSAGE_BYTES:
            yield too_large(place, line.size, raw, MAX_MESSAGE_BYTES)
        elif raw.strip():
            yield _article(raw, place)


def read_objects(stream: BinaryIO, source: str) -> Iterator[Read]:
    """The objects of a JSON document: one, several in a row, or the members of an array."""
    for number, piece in enumerate(json_objects(stream, MAX_MESSAGE_BYTES), 1):
        place = f"{source}#{number}"
        if piece.whole:
            yield _article(piece.raw, place)
        else:
            yield too_large(place, piece.size, piece.raw, MAX_MESSAGE_BYTES)


def _article(raw: bytes, place: str) -> Read:
    try:
        return decode_article(raw)
    except InvalidArticle as error:
        return rejected(place, error, raw)

"""Articles as JSON: one to a line, or objects in any layout (pretty-printed, or in one array)."""

from collections.abc import Iterator, Mapping
from typing import BinaryIO

from schemas.article import MAX_MESSAGE_BYTES, Article, InvalidArticle, decode_article
from streams.formats.columns import cell
from streams.formats.json_objects import load_object, records
from streams.formats.lines import lines
from streams.formats.record import Read, article_or_rejected, rejected, too_large


def read(stream: BinaryIO, source: str, fields: Mapping[str, str] | None = None) -> Iterator[Read]:
    """One article a line, as on the topic (a line may be a structured CloudEvent); blank lines mean nothing.

    `fields` maps article fields to the keys that hold them where those are not our own.
    """
    for line in lines(stream, MAX_MESSAGE_BYTES):
        place = f"{source}:{line.number}"
        raw = line.raw.rstrip(b"\r\n")
        if not line.whole or len(raw) > MAX_MESSAGE_BYTES:
            yield too_large(place, line.size, raw, MAX_MESSAGE_BYTES)
        elif raw.strip():
            try:
                yield _article(raw, place, fields)
            except InvalidArticle as error:
                yield rejected(place, error, raw)


def read_objects(stream: BinaryIO, source: str, fields: Mapping[str, str] | None = None) -> Iterator[Read]:
    """The objects of a JSON document: one, several in a row, or the members of an array. `fields` as above."""
    return records(stream, source, MAX_MESSAGE_BYTES, lambda raw, place: (_article(raw, place, fields),))


def _article(raw: bytes, place: str, fields: Mapping[str, str] | None) -> Read:
    """Raises InvalidArticle."""
    if not fields:
        return decode_article(raw)
    given = load_object(raw)
    own = {name: value for name, value in given.items() if name in Article.model_fields and name not in fields}
    named = {field: cell(field, given.get(key)) for field, key in fields.items()}
    return article_or_rejected({"truncated": not (own | named).get("body"), **own, **named}, place, raw)

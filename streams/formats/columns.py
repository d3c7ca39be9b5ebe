"""Tables onto articles: which column is which field, by its usual names or as the caller says."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from streams.formats.record import BrokenFile, Fault, whole_number

USUAL: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "article_id", "guid", "uri"),
    "title": ("title", "headline"),
    "body": ("body", "text", "content", "maintext", "article_text", "full_text", "story"),
    "published_at": (
        "published_at",
        "published",
        "date",
        "datetime",
        "pub_date",
        "pubdate",
        "publish_date",
        "timestamp",
    ),
    "source": ("source", "publisher", "outlet", "source_domain", "domain"),
    "url": ("url", "link"),
    "language": ("language", "lang"),
    "authors": ("authors", "author", "byline"),
    "tags": ("tags", "keywords", "subjects", "topics"),
    "version": ("version",),
}
"""For each field the column names that it goes by, the first present one wins."""


def columns_of(header: Sequence[str], given: Mapping[str, str]) -> dict[str, str]:
    """Field -> column of a table with this header. `given` (field -> column) goes before the usual names.

    Raises BrokenFile when a column that the caller named is missing, or no column holds a title or a body.
    """
    known = {name.strip().casefold(): name for name in reversed(header)}
    shown = ", ".join(header[:20])[:200]
    found: dict[str, str] = {}
    for field, names in USUAL.items():
        wanted = (given[field],) if field in given else names
        column = next((known[name.casefold()] for name in wanted if name.casefold() in known), None)
        if column is not None:
            found[field] = column
        elif field in given:
            raise BrokenFile(Fault.BAD_FILE, f"no column {given[field]!r} for {field}; the columns are: {shown}")
    if "title" not in found and "body" not in found:
        raise BrokenFile(Fault.BAD_FILE, f"no column for title or body (--map title=COLUMN); the columns are: {shown}")
    return found


def fields_of(row: Mapping[str, object], columns: Mapping[str, str]) -> dict[str, object]:
    """An article's fields from one row; text in cells of lists and numbers is taken apart (`a; b`). A title alone is flagged."""
    fields = {field: cell(field, row.get(column)) for field, column in columns.items()}
    return fields | {"truncated": fields.get("body") is None}


def cell(field: str, value: object) -> object:
    """What a cell holds as the field wants it: None when it is empty, lists and numbers out of text, text of numbers."""
    if isinstance(value, str):
        value = value.strip()
    if value is None or value == "":
        return None
    if field in ("authors", "tags"):
        parts: Iterable[object] = value.split(";") if isinstance(value, str) else _listed(value)
        return tuple(text for part in parts if (text := str(part).strip()))
    if field == "version":
        return whole_number(value) or value if isinstance(value, str) else value
    if field == "published_at":
        return value if isinstance(value, datetime) or not isinstance(value, date) else value.isoformat()
    return value if isinstance(value, str | list | dict) else str(value)


def _listed(value: object) -> Iterable[object]:
    return value if isinstance(value, list | tuple) else (value,)

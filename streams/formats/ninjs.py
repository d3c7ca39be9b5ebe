"""ninjs (IPTC News in JSON) 1.x, 2.x and 3.x: one object, several in a row, or an array of them."""

from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from schemas.article import Reason
from streams.formats.json_objects import load_object, records
from streams.formats.record import MAX_RECORD_BYTES, Read, Rejected, Skip, Skipped, article_or_rejected, whole_number
from streams.formats.times import rfc3339

_TEXTUAL = ("text", "composite", None)


def read(stream: BinaryIO, source: str) -> Iterator[Read]:
    """One article an object. A canceled item withdraws its article, pictures, events and the like are passed over."""
    return records(stream, source, MAX_RECORD_BYTES, _articles)


def _articles(raw: bytes, place: str) -> Iterator[Read]:
    yield _of_item({key.lower(): value for key, value in load_object(raw).items()}, place, raw)


def _of_item(item: Mapping[str, Any], place: str, raw: bytes) -> Read:
    """`item` with keys in lower case: 3.x writes versionCreated where 1.x and 2.x write versioncreated."""
    uri, status = item.get("uri"), item.get("pubstatus")
    if status == "canceled":
        return Skipped(place, Skip.TOMBSTONE, uri if isinstance(uri, str) else None)
    if status == "withheld":
        return Rejected(place, Reason.WITHHELD, f"the publisher withholds {uri}", raw)
    if item.get("type") not in _TEXTUAL:
        return Skipped(place, Skip.NOT_TEXT)
    body = _body(item)
    fields = {
        "id": uri,
        "version": _version(item.get("version")),
        "title": _headline(item),
        "body": body or _said(item, "description_text") or _valued(item.get("descriptions"), "main"),
        "truncated": not body,
        "published_at": rfc3339(_said(item, "versioncreated")),
        "language": item.get("language"),
        "source": _named(item.get("infosources")) or item.get("copyrightholder"),
        "url": uri if isinstance(uri, str) and uri.startswith(("http://", "https://")) else None,
        "authors": tuple(filter(None, (_said(item, "by") or _said(item, "byline"),))),
        "tags": tuple(filter(None, (_named([each]) for each in _members(item.get("subject") or item.get("subjects"))))),
    }
    return article_or_rejected(fields, place, raw)


def _headline(item: Mapping[str, Any]) -> str:
    return _said(item, "headline") or _valued(item.get("headlines"), "main") or _said(item, "title")


def _body(item: Mapping[str, Any]) -> str:
    """Plain text before markup: 1.x has `body_text` and `body_xhtml` (and other `body_…`), later versions `bodies`."""
    if text := _said(item, "body_text") or _said(item, "body_xhtml"):
        return text
    bodies = [each for each in _members(item.get("bodies")) if isinstance(each, dict)]
    for kind in ("plain", "html", ""):  # an official 3.x example has "body_xhtml" as its contentType
        for each in bodies:
            stated = str(each.get("contentType") or each.get("contenttype") or "")
            if kind in stated and isinstance(each.get("value"), str) and each["value"].strip():
                return str(each["value"])
    return next((_said(item, key) for key in item if key.startswith("body_") and _said(item, key)), "")


def _valued(members: object, role: str) -> str:
    """The `value` of the member with this role, else of the first."""
    values = [each for each in _members(members) if isinstance(each, dict) and isinstance(each.get("value"), str)]
    main = [each for each in values if each.get("role") == role]
    return str((main or values)[0]["value"]) if values else ""


def _named(members: object) -> str:
    return next((str(each["name"]) for each in _members(members) if isinstance(each, dict) and each.get("name")), "")


def _members(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _said(item: Mapping[str, Any], key: str) -> str:
    value = item.get(key)
    return value if isinstance(value, str) else ""


def _version(value: object) -> int | None:
    """ninjs versions are free text; only a number can order corrections."""
    return whole_number(str(value)) or None

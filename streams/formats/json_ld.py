"""schema.org articles in JSON-LD: of a page's scripts, or in a file of their own."""

import json
from collections.abc import Iterator, Mapping
from html import unescape
from typing import Any, BinaryIO

from schemas.article import InvalidArticle, Reason
from streams.formats.json_objects import records
from streams.formats.record import MAX_RECORD_BYTES, Fault, Read, Rejected, article_or_rejected
from streams.formats.times import rfc3339

_MAX_DEPTH = 8
_MAIN = "mainEntity"


def read(stream: BinaryIO, source: str) -> Iterator[Read]:
    """Each article node of each top-level object, `@graph` and lists followed."""
    return records(stream, source, MAX_RECORD_BYTES, _articles)


def _articles(raw: bytes, place: str) -> Iterator[Read]:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidArticle(Reason.NOT_UTF8, f"byte {error.start}: {error.reason}") from None
    nodes = list(article_nodes(loaded(text)))
    if not nodes:
        yield Rejected(place, Fault.BAD_RECORD, "no schema.org article in it", raw)
    for node in nodes:
        yield article_or_rejected(fields_of(node), place, raw)


def loaded(text: str) -> object:
    """The JSON of a script; control characters in strings are let through. Raises InvalidArticle."""
    try:
        return json.loads(text, strict=False)
    except RecursionError:
        raise InvalidArticle(Reason.TOO_DEEP, "nested too deeply") from None
    except ValueError as error:
        raise InvalidArticle(Reason.NOT_JSON, str(error)) from None


def article_nodes(value: object, depth: int = 0) -> Iterator[Mapping[str, Any]]:
    """The nodes whose `@type` is a kind of article, in document order: NewsArticle, ReportageNewsArticle, Article…"""
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, list):
        for each in value:
            yield from article_nodes(each, depth + 1)
    elif isinstance(value, dict):
        types = value.get("@type")
        if any(isinstance(each, str) and each.endswith(("Article", "BlogPosting")) for each in _many(types)):
            yield value
        else:
            for key in ("@graph", _MAIN):
                yield from article_nodes(value.get(key), depth + 1)


def fields_of(node: Mapping[str, Any]) -> dict[str, object]:
    """An article's fields; a text from `description` is a teaser. No property is required, so all may be absent."""
    body = _text(node.get("articleBody"))
    url = _url(node.get("url")) or _url(node.get("mainEntityOfPage")) or _url(node.get("@id"))
    return {
        "id": url,
        "url": url,
        "title": _text(node.get("headline")) or _text(node.get("name")),
        "body": body or _text(node.get("description")),
        "truncated": not body,
        "published_at": rfc3339(_text(node.get("datePublished"))),
        "source": _text(node.get("publisher")),
        "language": _language(node.get("inLanguage")),
        "authors": tuple(filter(None, (_text(each) for each in _many(node.get("author"))))),
        "tags": _tags(node.get("keywords")),
    }


def _many(value: object) -> list[object]:
    """A property's values: JSON-LD writes one value bare and several as a list."""
    return value if isinstance(value, list) else [] if value is None else [value]


def _text(value: object) -> str:
    """The first value as text: a string, `{"@value": …}`, or the `name` of a thing; "" when there is none."""
    for each in _many(value):
        if isinstance(each, dict):
            each = each.get("@value") or each.get("name") or each.get("alternateName")
            each = each[0] if isinstance(each, list) and each else each
        if isinstance(each, str) and each.strip():
            return _whole(unescape(each).strip())
    return ""


def _language(value: object) -> str:
    """A tag as text, or that of a `Language`, which has its English name too."""
    first = next(iter(_many(value)), None)
    return _text(first.get("alternateName")) if isinstance(first, dict) else _text(first)


def _whole(text: str) -> str:
    """Text with halves of surrogate pairs replaced: pages cut their headlines in the middle of an emoji."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _url(value: object) -> str | None:
    for each in _many(value):
        url = (each.get("@id") or each.get("url")) if isinstance(each, dict) else each
        if isinstance(url, str) and url.startswith(("http://", "https://")):
            return url
    return None


def _tags(value: object) -> tuple[str, ...]:
    """Keywords come as a list, or as one text with commas."""
    texts = [text for each in _many(value) if (text := _text(each))]
    parts = texts[0].split(",") if len(texts) == 1 else texts
    return tuple(part.strip() for part in parts if part.strip())

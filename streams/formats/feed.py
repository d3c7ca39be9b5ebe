"""RSS 2.0 (and 0.9x, 1.0) and Atom (RFC 4287)."""

from collections.abc import Iterable, Iterator
from html import unescape
from typing import BinaryIO
from xml.etree.ElementTree import Element

from schemas.markup import has_markup, reduced
from streams.formats.markup import XML_LANG, first_text, found, text_of
from streams.formats.record import Read, article_or_rejected, too_large
from streams.formats.times import rfc822, rfc3339
from streams.formats.xml_items import Path, items, local, with_source

_CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
_DC = "{http://purl.org/dc/elements/1.1/}"
_CHANNEL = {
    ("rss", "channel", "title"): "source",
    ("rss", "channel", "language"): "language",
    ("RDF", "channel", "title"): "source",
    ("feed", "title"): "source",
}


def read(stream: BinaryIO, source: str) -> Iterator[Read]:
    """One article an item or entry. A body from a summary is a teaser: such an article is flagged `truncated`."""
    channel: dict[str, str] = {}
    for item in items(stream, _wanted):
        place = f"{source}:{item.line}"
        if item.path in _CHANNEL:
            if item.element is not None:
                channel[_CHANNEL[item.path]] = _plain(item.element)
        elif item.element is None:
            yield too_large(place, item.size, b"")
        else:
            fields = _of_item(item.element) if item.path[-1] == "item" else _of_entry(item.element)
            yield with_source(article_or_rejected({**channel, **_given(fields)}, place), item.element)


def _wanted(path: Path) -> bool:
    return path in _CHANNEL or path[-1] in ("item", "entry")


def _given(fields: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in fields.items() if value}


def _of_item(item: Element) -> dict[str, object]:
    """RSS: `description` is the teaser, `content:encoded` the article. The guid is the id, else the link."""
    full = _first(item, _CONTENT)
    link = _own(item, "link")
    return {
        "id": _own(item, "guid") or link,
        "title": _own(item, "title"),
        "body": full or _own(item, "description"),
        "truncated": not full,
        "published_at": rfc822(_own(item, "pubDate") or _first(item, f"{_DC}date")),
        "url": link,
        "source": _own(item, "source") or _first(item, f"{_DC}publisher"),
        "authors": _all((_own(item, "author") or _first(item, f"{_DC}creator"),)),
        "tags": _all(_plain(each) for each in item if each.tag == "category"),
    }


def _of_entry(entry: Element) -> dict[str, object]:
    """Atom: `summary` is the teaser, `content` the article; `updated` only stands in for `published`."""
    full = _own(entry, "content")
    links = {each.get("rel", "alternate"): each.get("href", "") for each in reversed(list(found(entry, "link")))}
    return {
        "id": _own(entry, "id") or links.get("alternate"),
        "title": _own(entry, "title"),
        "body": full or _own(entry, "summary"),
        "truncated": not full,
        "published_at": rfc3339(_own(entry, "published") or _own(entry, "updated")),
        "url": links.get("alternate"),
        "source": first_text(entry, "source", "title"),
        "authors": _all(text_of(each) for each in found(entry, "author", "name")),
        "tags": _all(each.get("label") or each.get("term") or "" for each in found(entry, "category")),
        "language": entry.get(XML_LANG),
    }


def _all(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(text for text in texts if text)


def _own(parent: Element, name: str) -> str:
    """The text of the first child of this name in the parent's own namespace (`media:title` is no title)."""
    return _first(parent, parent.tag.removesuffix(local(parent.tag)) + name)


def _first(parent: Element, tag: str) -> str:
    return next((text for each in parent if each.tag == tag and (text := _plain(each))), "")


def _plain(element: Element) -> str:
    """Text of an element that holds elements (Atom's xhtml), escaped HTML (RSS by custom, Atom by `type`), or text."""
    if len(element):
        return text_of(element)
    text = element.text or ""
    if has_markup(text):
        return reduced(text)
    is_html = "}" not in element.tag or element.get("type") == "html" or element.tag == _CONTENT
    return (unescape(text) if is_html else text).strip()

"""NewsML-G2 (IPTC): newsItem documents, alone or in newsMessages, with XHTML, NITF or plain text inside."""

from collections.abc import Iterator
from typing import BinaryIO
from xml.etree.ElementTree import Element

from schemas.article import Reason
from streams.formats.markup import XML_LANG, first_text, found, text_of
from streams.formats.record import Read, Rejected, Skip, Skipped, article_or_rejected, too_large, whole_number
from streams.formats.times import rfc3339
from streams.formats.xml_items import Path, items, with_source

NAMESPACE = "http://iptc.org/std/nar/2006-10-01/"
_TEXTUAL = ("text", "composite", "")


def read(stream: BinaryIO, source: str) -> Iterator[Read]:
    """One article a newsItem of class text. A canceled item withdraws its article, pictures and such are passed by."""
    for item in items(stream, _wanted):
        place = f"{source}:{item.line}"
        if item.element is None:
            yield too_large(place, item.size, b"")
        else:
            yield with_source(_of_item(item.element, place), item.element)


def _wanted(path: Path) -> bool:
    return path[-1] == "newsItem"


def _of_item(item: Element, place: str) -> Read:
    guid, status = item.get("guid"), _code(item, "itemMeta", "pubStatus")
    if status == "canceled":
        return Skipped(place, Skip.TOMBSTONE, guid)
    if status == "withheld":
        return Rejected(place, Reason.WITHHELD, f"the publisher withholds {guid}")
    if _code(item, "itemMeta", "itemClass") not in _TEXTUAL:
        return Skipped(place, Skip.NOT_TEXT)
    body = _body(item)
    fields = {
        "id": guid,
        "version": whole_number(item.get("version", "")) or None,
        "title": _title(item),
        "body": body or first_text(item, "contentMeta", "description"),
        "truncated": not body,
        "published_at": rfc3339(first_text(item, "itemMeta", "versionCreated")),
        "language": _language(item),
        "source": _named(item, "itemMeta", "provider") or _named(item, "contentMeta", "infoSource"),
        "authors": _authors(item),
        "tags": tuple(filter(None, (first_text(each, "name") for each in found(item, "contentMeta", "subject")))),
    }
    return article_or_rejected(fields, place)


def _code(item: Element, *path: str) -> str:
    """The bare code of a QCode ("stat:canceled" is "canceled"), "" when there is none: usable, and text."""
    return next((each.get("qcode", "").rpartition(":")[2] for each in found(item, *path)), "")


def _title(item: Element) -> str:
    headlines = [each for each in found(item, "contentMeta", "headline") if text_of(each)]
    headlines.sort(key=lambda each: not each.get("role", ":main").endswith(":main"))  # before sub and short ones
    return (
        (text_of(headlines[0]) if headlines else "")
        or first_text(item, "contentSet", "inlineXML", "nitf", "body", "body.head", "hedline", "hl1")
        or first_text(item, "itemMeta", "title")
    )


def _body(item: Element) -> str:
    """The text of the first content that has any: inlineXML (its root's head apart), else inlineData that is text."""
    for content in found(item, "contentSet", "inlineXML"):
        if text := "\n".join(filter(None, (text_of(root) for root in content))):
            return text
    for content in found(item, "contentSet", "inlineData"):
        if content.get("encoding") is None and content.get("contenttype", "text/plain").startswith("text/"):
            return (content.text or "").strip()
    return ""


def _language(item: Element) -> str | None:
    stated = next((each.get("tag") for each in found(item, "contentMeta", "language")), None)
    return stated or item.get(XML_LANG)


def _named(item: Element, *path: str) -> str:
    """Who stands at the path: by name, by literal, else by code."""
    for party in found(item, *path):
        name = first_text(party, "name") or party.get("literal") or party.get("qcode", "").rpartition(":")[2]
        if name:
            return name
    return ""


def _authors(item: Element) -> tuple[str, ...]:
    names = (first_text(each, "name") or each.get("literal", "") for each in found(item, "contentMeta", "creator"))
    return tuple(name for name in names if name) or tuple(filter(None, (first_text(item, "contentMeta", "by"),)))

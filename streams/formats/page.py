"""HTML pages: what the page says of itself (JSON-LD, meta elements), the text found by trafilatura (extra `html`)."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from typing import BinaryIO

from schemas.article import InvalidArticle
from streams.formats.json_ld import article_nodes, fields_of, loaded
from streams.formats.record import (
    MAX_RECORD_BYTES,
    BrokenFile,
    Fault,
    Read,
    Rejected,
    article_or_rejected,
    too_large,
)
from streams.formats.times import rfc3339

_META = re.compile(r"<meta\s([^>]{1,4000})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"([a-zA-Z:_-]{1,40})\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE)
_LANG = re.compile(r"<html[^>]{0,400}?\blang\s*=\s*[\"']?([A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,3})", re.IGNORECASE)
_TITLE = re.compile(r"<title[^>]{0,200}>([^<]{1,1000})</title", re.IGNORECASE)
_HEAD_BYTES = 4096
"""The HTML standard has the encoding within the first 1024 bytes; pages are not that strict."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What the transport knew of a page, each None when it did not: the id of its record, its url, its charset."""

    id: str | None = None
    url: str | None = None
    charset: str | None = None


def read(stream: BinaryIO, source: str) -> Iterator[Read]:
    """The one article of the page."""
    raw = stream.read(MAX_RECORD_BYTES + 1)
    if len(raw) > MAX_RECORD_BYTES:
        yield too_large(source, len(raw), raw)
    else:
        yield article_of_page(raw, source, Origin())


def article_of_page(raw: bytes, place: str, origin: Origin) -> Read:
    """The article of one page. JSON-LD goes before meta elements, both before what can be guessed from the layout.

    Raises BrokenFile when the text has to be found in the layout and the extra is not installed.
    """
    html = _decoded(raw, origin.charset)
    stated = _stated(html)
    fields = dict(_from_meta(html))
    fields.update({name: value for name, value in stated.items() if value})
    if not stated.get("body") or stated.get("truncated"):
        try:
            found = _from_layout(html, origin.url)
        except BrokenFile:
            raise
        except Exception as error:  # noqa: BLE001  a library that takes the layout of any page on earth apart
            return Rejected(place, Fault.UNEXPECTED, f"its layout cannot be read: {type(error).__name__}: {error}", raw)
        fields = {**found, **fields, "body": found.get("body") or fields.get("body")}
        fields["truncated"] = not found.get("body")
    fields["url"] = fields.get("url") or origin.url
    fields["id"] = origin.id or fields.get("id") or fields["url"]
    return article_or_rejected(fields, place, raw)


def _decoded(raw: bytes, charset: str | None) -> str:
    """Text by byte order mark, transport, the page's own word, UTF-8, and cp1252 as browsers do last."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", "replace")
    named = _CHARSET.search(raw, 0, _HEAD_BYTES)
    for name in (charset, named[1].decode() if named else None, "utf-8"):
        try:
            return raw.decode("utf-8-sig" if name == "utf-8" else name) if name else raw.decode("utf-8-sig")
        except (UnicodeError, LookupError):
            continue
    return raw.decode("cp1252", "replace")


def _stated(html: str) -> Mapping[str, object]:
    """The fields of the first article in the page's JSON-LD; a script that is not JSON says nothing."""
    for script in _scripts(html):
        try:
            for node in article_nodes(loaded(script)):
                return fields_of(node)
        except InvalidArticle:
            continue
    return {}


def _scripts(html: str) -> Iterator[str]:
    at = 0
    while (mark := html.find("application/ld+json", at)) >= 0:
        begin = html.find(">", mark) + 1
        end = html.find("</script", begin)
        if not begin or end < 0:
            return
        yield html[begin:end].strip().removeprefix("//<![CDATA[").removesuffix("//]]>")
        at = end


def _from_meta(html: str) -> Mapping[str, object]:
    """Open Graph and its kin; the `title` element stands in for a headline."""
    meta: dict[str, str] = {}
    for element in _META.finditer(html):
        attributes = {name.lower(): a or b or c for name, a, b, c in _ATTRIBUTE.findall(element[1])}
        key = attributes.get("property") or attributes.get("name") or attributes.get("itemprop") or ""
        meta.setdefault(key.lower(), unescape(attributes.get("content", "")).strip())
    language, title = _LANG.search(html), _TITLE.search(html)
    fields = {
        "title": meta.get("og:title") or (unescape(title[1]).strip() if title else None),
        "published_at": rfc3339(meta.get("article:published_time") or meta.get("datepublished")),
        "url": meta.get("og:url"),
        "source": meta.get("og:site_name"),
        "language": language[1] if language else None,
        "body": meta.get("og:description") or meta.get("description"),
    }
    return {name: value for name, value in fields.items() if value}


def _from_layout(html: str, url: str | None) -> Mapping[str, object]:
    """What trafilatura finds: main text, and title, author, day and site where the page does not state them."""
    try:
        from trafilatura import bare_extraction
    except ImportError:
        raise BrokenFile(Fault.MISSING_EXTRA, "HTML needs an extra: pip install 'geosignals[html]'") from None
    page = bare_extraction(html, url=url, with_metadata=True, include_comments=False, include_tables=False)
    if page is None:
        return {}
    found = page if isinstance(page, dict) else page.as_dict()
    fields = {
        "title": found.get("title"),
        "body": found.get("text"),
        "published_at": rfc3339(found.get("date")),
        "source": found.get("sitename"),
        "url": found.get("url"),
        "authors": tuple(filter(None, (name.strip() for name in (found.get("author") or "").split(";")))),
    }
    return {name: value for name, value in fields.items() if value}

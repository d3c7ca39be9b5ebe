"""Text and attributes out of XML elements."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from streams.formats.xml_items import local

XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_TABLES = ("ul", "ol", "li", "table", "tr", "figure", "block")
_SECTIONS = ("div", "section", "article", "blockquote", "header", "footer", "body", "body.content")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6", "hl1", "hl2")
_BLOCKS = frozenset(("p", "br", *_TABLES, *_SECTIONS, *_HEADINGS))
_UNREAD = frozenset(("script", "style", "head", "noscript", "template", "body.head", "body.end", "media"))


def text_of(element: Element) -> str:
    """The readable text, block elements (XHTML's and NITF's) on lines of their own."""
    lines = (" ".join(line.split()) for line in "".join(_pieces(element)).split("\n"))
    return "\n".join(line for line in lines if line)


def _pieces(element: Element) -> Iterator[str]:
    name = local(element.tag)
    if name not in _UNREAD:
        edge = "\n" if name in _BLOCKS else ""
        yield edge
        yield _flat(element.text)
        for child in element:
            yield from _pieces(child)
            yield _flat(child.tail)
        yield edge


def _flat(text: str | None) -> str:
    """White space in XML source is layout: only elements break lines."""
    return (text or "").replace("\n", " ")


def found(element: Element, *path: str) -> Iterator[Element]:
    """The descendants at a path of local names, whatever their namespaces, in document order."""
    if not path:
        yield element
        return
    for child in element:
        if local(child.tag) == path[0]:
            yield from found(child, *path[1:])


def first_text(element: Element, *path: str) -> str:
    """The text of the first non-empty element at the path, "" when there is none."""
    return next((text for child in found(element, *path) if (text := text_of(child))), "")

"""HTML in a body reduced to its text, in linear time whatever the input."""

import re
from html import unescape

_MARKUP = re.compile(
    r"</?(?:p|br|div|span|a|b|i|em|strong|ul|ol|li|h[1-6]|table|tr|td|img|figure|section|article|html|body|script)"
    r"(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_TAG = re.compile(r"<[/!?]?[A-Za-z][^<>]*>")
_BLOCK = re.compile(
    r"</?(?:p|br|div|ul|ol|li|h[1-6]|table|tr|figure|section|article|blockquote|header|footer)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_SPACES = re.compile(r"[ \t\r\f\v\xa0]+")
_BREAKS = re.compile(r" ?\n[ \n]*")
_UNREAD = ("script", "style", "noscript", "template")


def has_markup(text: str) -> bool:
    """True where the text holds HTML elements; a lone "<" or "a < b" is no markup.

    >>> has_markup("<p>Talks</p>"), has_markup("5 < 6 and 7 > 2")
    (True, False)
    """
    return "<" in text and _MARKUP.search(text) is not None


def reduced(text: str) -> str:
    """The text of HTML: scripts and styles gone, block elements as line breaks, entities as characters.

    >>> reduced("<p>Talks &amp; tea</p><script>x()</script><p>Next</p>")
    'Talks & tea\\nNext'
    """
    text = _without(text, "<!--", "-->")
    for name in _UNREAD:
        text = _without(text, f"<{name}", f"</{name}>")
    text = _TAG.sub("", _BLOCK.sub("\n", text))
    return _BREAKS.sub("\n", _SPACES.sub(" ", unescape(text))).strip()


def _without(text: str, start: str, end: str) -> str:
    """The text without what stands from `start` to `end`; an opening that is never closed hides the rest."""
    lower = text.lower()
    if len(lower) != len(text) or start not in lower:
        return text
    kept, at = [], 0
    while (begin := lower.find(start, at)) >= 0:
        kept.append(text[at:begin])
        close = lower.find(end, begin + len(start))
        if close < 0:
            return "".join(kept)
        at = close + len(end)
    kept.append(text[at:])
    return "".join(kept)

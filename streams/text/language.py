"""Whether a text is in the language that the lexicons are written in: English, declared or plain from its words."""

import re

from schemas.article import Article

_WORD = re.compile(r"[^\W\d_]+")
_SMALL = frozenset(
    [
        "the",
        "of",
        "and",
        "to",
        "in",
        "a",
        "is",
        "that",
        "for",
        "it",
        "on",
        "was",
        "with",
        "as",
        "by",
        "at",
        "from",
        "he",
        "his",
        "be",
        "has",
        "have",
        "had",
        "are",
        "this",
        "not",
        "but",
        "said",
        "its",
        "they",
        "will",
        "were",
        "an",
        "which",
        "or",
        "their",
        "been",
        "who",
        "after",
        "new",
        "more",
        "than",
        "over",
        "says",
        "would",
        "about",
        "up",
        "out",
        "into",
        "us",
        "we",
        "i",
        "you",
    ]
)
_SAMPLE = 1_500
_FEW = 12
_SHARE = 0.12
"""English news has a small word in every third or fourth place; other languages share a few of them by chance."""


def is_read(article: Article) -> bool:
    """True for English. A declared language counts; without one the small words of the text decide.

    Short texts with no declared language are read: a headline may hold no small word.
    """
    if article.language:
        return article.language.lower().split("-")[0].split("_")[0] in {"en", "eng", "und", "mul"}
    words = [word.lower() for word in _WORD.findall(article.text[:_SAMPLE])]
    if len(words) < _FEW:
        return article.text[:_SAMPLE].isascii() or _latin(words)
    return sum(word in _SMALL for word in words) >= _SHARE * len(words)


def _latin(words: list[str]) -> bool:
    letters = "".join(words)
    return sum(letter < "\u0250" or letter in "‘’“”" for letter in letters) * 2 >= len(letters)

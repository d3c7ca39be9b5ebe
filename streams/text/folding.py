"""Text folded for look-up: lower case, every mark a space, of the same length, so that offsets carry over."""

_MARKS = (
    "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~\t\n\r\v\f\x00"
    + "\xa0–—‒―‘’‚“”„…·•«»‹›\u2009\u200a\u202f\u200b\ufeff\u2011\u2010"
)
_TABLE = str.maketrans(dict.fromkeys(_MARKS, " "))


def folded(text: str) -> str:
    """Lower case with marks as spaces; as long as the text, code point for code point.

    >>> folded("The U.S.–India “deal”")
    'the u s  india  deal '
    """
    # U+0130 is the one character whose lower case is longer than itself
    return text.replace("\u0130", "I").lower().translate(_TABLE)


def term(alias: str) -> str:
    """An alias as it stands in a folded text, between spaces: found so, it is found as whole words.

    >>> term("U.S."), term("S-400")
    (' u s ', ' s 400 ')
    """
    return f" {folded(alias).strip()} "

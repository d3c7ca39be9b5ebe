"""Text folded for look-up: lower case, every mark a space, of the same length, so that offsets carry over."""

_ASCII_MARKS = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~\t\n\r\v\f\x00"
_OTHER_MARKS = "\xa0–—‒―‘’‚“”„…·•«»‹›\u2009\u200a\u202f\u200b\ufeff\u2011\u2010\u2028\u2029\x85"
_TABLE = str.maketrans(dict.fromkeys(_ASCII_MARKS, " "))


def folded(text: str) -> str:
    """Lower case with marks as spaces; as long as the text, code point for code point.

    >>> folded("The U.S.–India “deal”")
    'the u s  india  deal '
    """
    # U+0130 is the one character whose lower case is longer than itself
    fold = text.replace("\u0130", "I").lower()
    if fold.isascii():
        return fold.translate(_TABLE)
    # outside ASCII a translation table costs a look-up a character: replacing mark by mark is five times as fast
    for mark in _OTHER_MARKS + _ASCII_MARKS:
        if mark in fold:
            fold = fold.replace(mark, " ")
    return fold


def term(alias: str) -> str:
    """An alias as it stands in a folded text, between spaces: found so, it is found as whole words.

    >>> term("U.S."), term("S-400")
    (' u s ', ' s 400 ')
    """
    return f" {folded(alias).strip()} "

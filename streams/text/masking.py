"""A sentence's words with every actor masked, so that what is learned from words holds for any state."""

from collections.abc import Sequence

from streams.text.document import Document, Sentence

OTHER, NONSTATE, NOBODY = "_o_", "_n_", "_x_"
Part = str | tuple[str | None]
"""A folded word, or a one-tuple with the code of the actor mentioned there."""


def pieces(document: Document, sentence: Sentence) -> list[Part]:
    """The folded words of the sentence in order; a mention is a one-tuple with its code. Numbers are "#"."""
    found: list[Part] = []
    at = sentence.start
    for mention in sentence.mentions:
        if mention.start >= at:
            found += _words(document.fold[at : mention.start])
            found.append((mention.code,))
            at = mention.end
    found += _words(document.fold[at : sentence.end])
    return found


def _words(fold: str) -> list[str]:
    return [word if word.isalpha() else "#" for word in fold.split()]


def masked(parts: Sequence[Part]) -> list[str]:
    """The words with mentions masked: "_o_" a state or bloc, "_n_" a non-state, "_x_" unknown."""
    return [
        part if isinstance(part, str)
        else NOBODY if part[0] is None else NONSTATE if part[0].startswith("~") else OTHER
        for part in parts
    ]  # fmt: skip


def worded(words: Sequence[str], most: int = 60) -> list[str]:
    """Features of a run of words: each word ("w=...") and each pair ("b=... ..."), of the first `most`."""
    words = words[:most]
    return [
        *[f"w={word}" for word in words],
        *[f"b={first} {second}" for first, second in zip(["^", *words], [*words, "$"], strict=True)],
    ]

"""Messages that are almost articles: by number and seed, so that any of them can be made again."""

import json
import random
from collections.abc import Callable, Sequence
from typing import Any

from streams.text.seedfile import SEEDS
from tests.conftest import json_lines

_TOKENS = (
    "“", "”", '"', "'", "‘", "’s", "(", ")", "—", "...", ". . .", "\n", "\n\n", "\r", "\t", "\x00", "\x1b[31m", "\u202e",
    "\u200b", "\ufeff", "İ", "ß", "ﬁ", "e\u0301\u0301", "🚀", "روسيا", "\ud7ff", "$", "$5-", "$9999999999999999999 trillion",
    "1,000,000,", "0", "-1", "99999999999999999999", "in 0000", "on 31 February 2018", "U.S.", "U.S.U.S.", "a.m.", "Mr.",
    "said", "told", "according to", "President", "Foreign Minister", "who", "not", "denied", "sanctions", "sold", "missiles",
    "<p>", "<!--", "&amp;lt;", "&#0;", "{", "}", "%s", "${jndi:ldap://x}", "../../etc/passwd", "A" * 300,
)  # fmt: skip
_BYTES = (
    b"\xff",
    b"\xc3",
    b"\xed\xa0\x80",
    b"\x00",
    b"\\ud800",
    b"NaN",
    b"[" * 70,
    b'"',
    b"\\",
    b"{}",
    b"1e999",
    b"null",
)
_VALUES: tuple[Any, ...] = (
    None, "", " ", 0, -1, 10**30, 1.5, True, [], {}, ["a"], "2018-13-45", "2018-01-01T00:00:00+99:99", "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59-12:00", "x" * 300, "de", "en-GB", "zz", "\x1b]0;t\x07", "javascript:alert(1)",
)  # fmt: skip
_FIELDS = ("id", "title", "body", "published_at", "source", "url", "language", "authors", "tags", "version", "unknown")

Texts = Sequence[tuple[str, ...]]
"""The seeds' articles, each as its sentences, roughly."""


def texts() -> Texts:
    """What is mutated: our own articles."""
    files = sorted((SEEDS / "articles").glob("*.articles.jsonl"))
    rows = (row for path in files for row in json_lines(path))
    return tuple(tuple(f"{row.get('title') or ''}\n{row['body']}".replace("\n", " \n").split(". ")) for row in rows)


def mutated(number: int, seed: int, source: Texts) -> bytes:
    """The message of this number: always the same bytes."""
    chance = random.Random(f"{seed}/{number}")
    body = ". ".join(_passage(chance, source))
    for _ in range(chance.randrange(5)):
        body = chance.choice(_TEXT)(chance, body, source)
    article: dict[str, Any] = {"id": f"m{number}", "title": chance.choice(chance.choice(source))[:200], "body": body}
    if chance.random() < 0.3:
        article["published_at"] = f"{chance.randrange(1, 9999):04}-0{chance.randrange(1, 9)}-11T10:00:00Z"
    if chance.random() < 0.15:
        article[chance.choice(_FIELDS)] = chance.choice(_VALUES)
    raw = json.dumps(article, ensure_ascii=chance.random() < 0.5).encode("utf-8", "replace")
    if chance.random() < 0.4:
        for _ in range(chance.randrange(1, 4)):
            raw = _broken(chance, raw)
    return raw


def _passage(chance: random.Random, source: Texts) -> Sequence[str]:
    sentences = chance.choice(source)
    first = chance.randrange(len(sentences))
    return sentences[first : first + chance.randrange(1, 4)]


def _insert(chance: random.Random, text: str, source: Texts) -> str:
    at = chance.randrange(len(text) + 1)
    return text[:at] + chance.choice(_TOKENS) + text[at:]


def _cut(chance: random.Random, text: str, source: Texts) -> str:
    at = chance.randrange(len(text) + 1)
    return text[:at] + text[at + chance.randrange(40) :]


def _repeat(chance: random.Random, text: str, source: Texts) -> str:
    at = chance.randrange(len(text) + 1)
    return text[:at] + text[at : at + chance.randrange(1, 20)] * chance.randrange(2, 12) + text[at:]


def _shuffle(chance: random.Random, text: str, source: Texts) -> str:
    words = text.split(" ")
    at, to = chance.randrange(len(words)), chance.randrange(len(words))
    words[at], words[to] = words[to], words[at]
    return " ".join(words)


def _splice(chance: random.Random, text: str, source: Texts) -> str:
    other = chance.choice(chance.choice(source))
    return text[: chance.randrange(len(text) + 1)] + other[chance.randrange(len(other) + 1) :]


def _case(chance: random.Random, text: str, source: Texts) -> str:
    return chance.choice((str.upper, str.lower, str.title, str.swapcase))(text)


_TEXT: tuple[Callable[[random.Random, str, Texts], str], ...] = (
    _insert,
    _insert,
    _cut,
    _repeat,
    _shuffle,
    _splice,
    _case,
)


def _broken(chance: random.Random, raw: bytes) -> bytes:
    at = chance.randrange(len(raw) + 1)
    way = chance.randrange(4)
    if way == 0:
        return raw[:at]
    if way == 1:
        return raw[:at] + chance.choice(_BYTES) + raw[at:]
    if way == 2:
        return raw[:at] + raw[at + chance.randrange(1, 9) :]
    return raw[:at] + bytes([chance.randrange(256)]) + raw[at + 1 :]

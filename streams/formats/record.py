"""What a reader makes of one record in a file: an article, a reason why not, or something to pass over."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import BinaryIO
from uuid import NAMESPACE_URL, uuid5

from pydantic_core import PydanticSerializationError

from schemas.article import MAX_MESSAGE_BYTES, Article, InvalidArticle, Reason, article_from

MAX_RECORD_BYTES = 4 * MAX_MESSAGE_BYTES
"""Markup and metadata around an article weigh more than the article: a record may be longer than a message."""
_MAX_ID = 256
_MAX_DIGITS = 18
_TAG = re.compile(r"[a-zA-Z]{2,3}(?:[-_][a-zA-Z0-9]{1,8})*")


class Fault(StrEnum):
    """Why a file or a record in it gives no article, beyond the reasons that a message can have (`Reason`)."""

    BAD_FILE = "bad_file"
    BAD_RECORD = "bad_record"
    TOO_DENSE = "too_dense"
    MISSING_EXTRA = "missing_extra"
    UNEXPECTED = "unexpected"
    """Our own code failed on it."""


class Skip(StrEnum):
    """Why a sound record is passed over."""

    TOMBSTONE = "tombstone"
    NOT_TEXT = "not_text"


@dataclass(frozen=True, slots=True)
class Rejected:
    """A record that cannot be read: where (`file:line` or `file#record`), why, and its bytes as far as kept."""

    place: str
    reason: Reason | Fault
    detail: str
    raw: bytes = b""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A record that is no news text. A tombstone withdraws the article of that `id`; None elsewhere."""

    place: str
    reason: Skip
    id: str | None = None


Read = Article | Rejected | Skipped
Reader = Callable[[BinaryIO, str], Iterator[Read]]


class BrokenFile(Exception):
    """The file cannot be read any further."""

    def __init__(self, fault: Fault, detail: str) -> None:
        super().__init__(detail)
        self.fault = fault


def whole_number(text: str) -> int | None:
    """The whole number that a text of 1 to 18 digits says, else None: versions and lengths are not longer.

    >>> whole_number("12"), whole_number("1.2"), whole_number("9" * 5000)
    (12, None, None)
    """
    return int(text) if text.isdecimal() and len(text) <= _MAX_DIGITS else None


def rejected(place: str, error: InvalidArticle, raw: bytes = b"") -> Rejected:
    """The record turned away for the reason that the article's own check gave."""
    return Rejected(place, error.reason, error.detail, raw)


def too_large(place: str, size: int, raw: bytes, limit: int = MAX_RECORD_BYTES) -> Rejected:
    """The record turned away for its length in bytes."""
    return Rejected(place, Reason.TOO_LARGE, f"{size} bytes, the limit is {limit}", raw)


def article_or_rejected(fields: Mapping[str, object], place: str, raw: bytes = b"") -> Article | Rejected:
    """The article that a reader's fields make; what is None or empty counts as absent.

    An id longer than the contract allows (feeds use whole URLs) is replaced by a UUID derived from it. A language by
    name ("English") is left out, for the words tell it and an article has a tag (BCP 47) there.
    """
    given = {name: value for name, value in fields.items() if value is not None and value != "" and value != ()}
    identity = given.get("id")
    if isinstance(identity, str) and len(identity) > _MAX_ID:
        given["id"] = str(uuid5(NAMESPACE_URL, identity))
    language = given.get("language")
    if isinstance(language, str) and not _TAG.fullmatch(language):
        del given["language"]
    try:
        article = article_from(given)
    except InvalidArticle as error:
        return rejected(place, error, raw)
    return _within_message(article, place, raw)


def _within_message(article: Article, place: str, raw: bytes) -> Article | Rejected:
    """An article that would not make one message, for its size or for half a surrogate pair, is none without a broker too."""
    try:
        size = len(article.model_dump_json().encode())
    except PydanticSerializationError as error:
        return Rejected(place, Reason.BAD_FIELD, f"not text: {error}"[:300], raw)
    return article if size <= MAX_MESSAGE_BYTES else too_large(place, size, raw, MAX_MESSAGE_BYTES)

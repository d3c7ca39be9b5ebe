"""Articles as they come in: plain JSON or CloudEvents, checked once, frozen from then on."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID, uuid5

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from schemas.cloudevent import EnvelopeError, article_data
from schemas.markup import has_markup, reduced

MAX_MESSAGE_BYTES = 1024 * 1024
_NAMESPACE = UUID("0d2e3c9a-7b57-5d0e-8b5e-2f8a4b1f6c3e")
_MAX_DETAIL = 300


class Reason(StrEnum):
    """Why a message is no article. A closed set: it labels metrics and dead letters."""

    TOO_LARGE = "too_large"
    NOT_UTF8 = "not_utf8"
    NOT_JSON = "not_json"
    TOO_DEEP = "too_deep"
    BAD_ENVELOPE = "bad_envelope"
    BAD_FIELD = "bad_field"
    NO_TEXT = "no_text"
    WITHHELD = "withheld"


class InvalidArticle(ValueError):
    """The message cannot be read as an article: a reason from the closed set, and the place in words."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail[:_MAX_DETAIL]


def _plain(text: object) -> object:
    """Text without markup, such that reading it again changes nothing: a replayed article is the article.

    Escaped markup is reduced too, since feeds escape twice; what is markup even then is text about markup, and its
    tags are opened by a space.
    """
    if not isinstance(text, str):
        return text
    for _ in range(2):
        if not has_markup(text):
            return text
        text = reduced(text)
    return text.replace("<", "< ") if has_markup(text) else text


def _aware(value: object) -> object:
    """RFC 3339 in, aware UTC out; a naive time is taken as UTC. Numbers are refused: seconds or milliseconds?"""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    if not isinstance(value, datetime):
        raise ValueError("not an RFC 3339 time")  # noqa: TRY004 - pydantic reads ValueError as "invalid"
    if value.tzinfo is None:
        return value.replace(tzinfo=UTC)
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise ValueError("time out of range") from None


def _countable(version: int) -> int:
    """The version, which its signals carry on as a number of 64 bits."""
    if version >= 2**63:
        raise ValueError("a version of more than 64 bits")
    return version


_Text = Annotated[str, BeforeValidator(lambda value: "" if value is None else _plain(value))]
_Time = Annotated[datetime | None, BeforeValidator(_aware)]
_Id = Annotated[str, Field(min_length=1, max_length=256)]
_Words = Annotated[tuple[str, ...], BeforeValidator(lambda value: () if value is None else value), Field(strict=False)]


class Article(BaseModel):
    """One news article. At least one of title and body says something; times are aware and in UTC."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)

    id: _Id
    title: _Text = ""
    body: _Text = ""
    published_at: _Time = None
    source: str | None = None
    url: str | None = None
    language: str | None = None
    authors: _Words = ()
    tags: _Words = ()
    version: Annotated[int, Field(ge=1), AfterValidator(_countable)] = 1
    truncated: bool = False

    @model_validator(mode="before")
    @classmethod
    def _identified(cls, data: Any) -> Any:
        """An absent id is derived, and stays the same for the same article: from the url, else from title and body."""
        if not isinstance(data, dict) or data.get("id") is not None:
            return data
        url = data.get("url")
        seed = url if isinstance(url, str) and url else f"{data.get('title') or ''}\n\n{data.get('body') or ''}"
        return {**data, "id": str(uuid5(_NAMESPACE, seed.encode("utf-8", "replace").decode()))}

    @model_validator(mode="after")
    def _says_something(self) -> "Article":
        if not self.title.strip() and not self.body.strip():
            raise ValueError("no text: title and body are empty")
        return self

    @property
    def text(self) -> str:
        """Title, blank line, body; one of them alone when the other is empty. All offsets point into this."""
        return f"{self.title}\n\n{self.body}" if self.title and self.body else self.title or self.body


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise InvalidArticle(Reason.NOT_JSON, f"the key {twice[:40]!r} stands twice in one object")
    return value


def _no_constant(name: str) -> Any:
    raise InvalidArticle(Reason.NOT_JSON, f"{name} is not JSON")


def load_json(raw: bytes) -> Any:
    """JSON by the letter (RFC 8259): UTF-8, no NaN, no key twice. Raises InvalidArticle with the place."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidArticle(Reason.NOT_UTF8, f"byte {error.start}: {error.reason}") from None
    try:
        value = json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant)
        if "\\ud" in text or "\\uD" in text:
            json.dumps(value, ensure_ascii=False).encode()
        return value
    except UnicodeEncodeError as error:
        raise InvalidArticle(Reason.NOT_JSON, f"{error.object[error.start]!r} is half a surrogate pair") from None
    except InvalidArticle:
        raise
    except RecursionError:
        raise InvalidArticle(Reason.TOO_DEEP, "nested too deeply") from None
    except ValueError as error:
        raise InvalidArticle(Reason.NOT_JSON, str(error)) from None


def article_from(data: object) -> Article:
    """An article from decoded JSON (or a reader's dictionary). Raises InvalidArticle."""
    try:
        return Article.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"])[:80]
        if "no text:" in first["msg"]:
            raise InvalidArticle(Reason.NO_TEXT, "title and body are empty") from None
        raise InvalidArticle(Reason.BAD_FIELD, f"{place or 'article'}: {first['msg']}") from None


def decode_article(raw: bytes, headers: Sequence[tuple[str, bytes]] = ()) -> Article:
    """The article in a Kafka record's value: plain JSON or either CloudEvents mode, with or without Confluent's prefix.

    Raises InvalidArticle with a reason and the place.
    """
    if len(raw) > MAX_MESSAGE_BYTES:
        raise InvalidArticle(Reason.TOO_LARGE, f"{len(raw)} bytes, the limit is {MAX_MESSAGE_BYTES}")
    if raw[:1] == b"\x00" and len(raw) > 5:
        raw = raw[5:]
    data = load_json(raw)
    try:
        data = article_data(data, headers, load_json)
    except EnvelopeError as error:
        raise InvalidArticle(Reason.BAD_ENVELOPE, str(error)) from None
    return article_from(data)

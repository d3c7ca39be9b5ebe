"""The one envelope in which every signal travels, and its JSON."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID, uuid5

import orjson
from pydantic import BaseModel, ConfigDict, Field, model_validator

from schemas.arms_deal import ArmsDeal
from schemas.diplomatic_statement import DiplomaticStatement
from schemas.sanctions_stance import SanctionsStance

Payload = ArmsDeal | SanctionsStance | DiplomaticStatement

PAYLOADS: Mapping[str, type[Payload]] = {model.KIND: model for model in Payload.__args__}
"""kind -> payload model: topics, contracts and the union of the envelope follow from it."""

_NAMESPACE = UUID("6f1c5f0e-6a2e-5c0b-9a55-3f5f0d1a7c11")


class Realis(StrEnum):
    """Whether the event is told as fact (and when), or only as thought, wished or denied."""

    ACTUAL = "actual"
    PLANNED = "planned"
    HYPOTHETICAL = "hypothetical"
    DENIED = "denied"
    PAST = "past"


class _Closed(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ArticleRef(_Closed):
    """Which article, and which version of it, a signal was read from."""

    id: str
    title: str
    url: str | None = None
    source: str | None = None
    published_at: datetime | None = None
    language: str | None = None
    version: int = 1


class Evidence(_Closed):
    """The words that show one field: half-open code-point offsets into the article's text, and exactly that slice."""

    field: str
    start: int = Field(ge=0)
    end: int = Field(gt=0)
    quote: str


class Plover(_Closed):
    """PLOVER type, quad class (VC, MC, VF, MF) and score."""

    type: str
    quad: str
    score: float


class Cameo(_Closed):
    """CAMEO code and its Goldstein score."""

    code: str
    goldstein: float


class Codes(_Closed):
    """Standard event codes; `approximate` where no code fits exactly."""

    plover: Plover | None
    cameo: Cameo
    approximate: bool = False


class Signal(_Closed):
    """One signal derived from one article.

    The same article under the same rules gives the same bytes: no processing time is inside, and `id` is a UUIDv5 of
    the article's id, the kind and the payload's core fields.
    """

    id: UUID
    kind: str
    main: bool
    article: ArticleRef
    payload: Payload
    realis: Realis
    confidence: Annotated[float, Field(ge=0, le=1)]
    evidence: tuple[Evidence, ...]
    codes: Codes
    rules: str

    @model_validator(mode="before")
    @classmethod
    def _payload_by_kind(cls, data: object) -> object:
        """Read the payload by the model that the kind names, so that no other kind's model is tried."""
        if isinstance(data, dict) and isinstance(data.get("payload"), dict):
            model = PAYLOADS.get(data.get("kind", ""))
            if model is not None:
                return {**data, "payload": model.model_validate(data["payload"])}
        return data

    @model_validator(mode="after")
    def _kind_fits(self) -> Self:
        if self.payload.KIND != self.kind:
            raise ValueError(f"kind {self.kind!r} with a payload of {self.payload.KIND!r}")
        return self


def core_of(payload: Payload) -> tuple[object, ...]:
    """The values of a payload's core fields; of a statement's targets only the first is core."""
    values = ((name, getattr(payload, name)) for name in payload.CORE)
    return tuple(value[:1] if name == "targets" else value for name, value in values)


def signal_id(article_id: str, payload: Payload) -> UUID:
    """The stable identity of a signal: UUIDv5 of article id, kind and core fields, as canonical JSON."""
    return uuid5(_NAMESPACE, orjson.dumps([article_id, payload.KIND, *core_of(payload)]).decode())


def encode_signal(signal: Signal) -> bytes:
    """The signal as compact JSON, times in UTC with a Z, keys in the order of the model: equal signals, equal bytes."""
    return orjson.dumps(signal.model_dump(), option=orjson.OPT_UTC_Z)


def decode_signal(raw: bytes) -> Signal:
    """The signal that `encode_signal` wrote. Raises pydantic.ValidationError."""
    return Signal.model_validate_json(raw)

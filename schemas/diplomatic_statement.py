"""A reported statement by a state or international organisation about another, or about a dispute between them."""

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from schemas.actor import ActorCode


class Act(StrEnum):
    """What is done by speaking: PLOVER's verbal classes, and comment for none of them."""

    AGREE = "agree"
    CONSULT = "consult"
    SUPPORT = "support"
    COOPERATE = "cooperate"
    REQUEST = "request"
    ACCUSE = "accuse"
    REJECT = "reject"
    THREATEN = "threaten"
    CONCEDE = "concede"
    COMMENT = "comment"


class DiplomaticStatement(BaseModel):
    """One speaker's one act toward its first target. `None` and empty mean: the text does not say."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    KIND: ClassVar[str] = "diplomatic_statement"
    CORE: ClassVar[tuple[str, ...]] = ("speaker", "speaker_actor", "act", "targets")

    speaker: str = Field(min_length=1, max_length=200)
    speaker_actor: ActorCode
    targets: Annotated[tuple[ActorCode, ...], Field(max_length=3)] = ()
    act: Act
    quoted: bool = False
    role: str | None = None
    quote: str | None = None
    via: str | None = None

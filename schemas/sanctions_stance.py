"""A state's, bloc's or official's position or action on sanctions between states."""

from enum import StrEnum
from typing import ClassVar

from pydantic import BaseModel, ConfigDict

from schemas.actor import ActorCode


class Stance(StrEnum):
    """What the actor does about the sanctions."""

    IMPOSE = "impose"
    TIGHTEN = "tighten"
    THREATEN = "threaten"
    SUPPORT = "support"
    OPPOSE = "oppose"
    DEFY = "defy"
    COMPLY = "comply"
    EASE = "ease"
    EVADE = "evade"


class Measure(StrEnum):
    """Types of sanction: GSDB's (trade, arms, military, financial, travel, other) and finer ones under trade and other."""

    TRADE = "trade"
    ARMS = "arms"
    MILITARY = "military"
    FINANCIAL = "financial"
    TRAVEL = "travel"
    ENERGY = "energy"
    TECHNOLOGY = "technology"
    TARIFF = "tariff"
    DIPLOMATIC = "diplomatic"
    OTHER = "other"


class SanctionsStance(BaseModel):
    """One actor's stance toward one target. `None` and empty mean: the text does not say."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    KIND: ClassVar[str] = "sanctions_stance"
    CORE: ClassVar[tuple[str, ...]] = ("actor", "stance", "target")

    actor: ActorCode
    stance: Stance
    sender: ActorCode | None = None
    target: ActorCode | None = None
    measures: tuple[Measure, ...] = ()

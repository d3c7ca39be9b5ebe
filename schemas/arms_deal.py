"""An international transfer of weapons or military equipment, in SIPRI's words where it has them."""

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from schemas.actor import ActorCode


class Stage(StrEnum):
    """How far a deal has come. (SIPRI's "status" is the condition of the goods, so this is not called status.)"""

    PROPOSED = "proposed"
    NEGOTIATING = "negotiating"
    APPROVED = "approved"
    SIGNED = "signed"
    DELIVERING = "delivering"
    DELIVERED = "delivered"
    DELAYED = "delayed"
    SUSPENDED = "suspended"
    CANCELLED = "cancelled"


class Transfer(StrEnum):
    """On what terms the equipment changes hands."""

    SALE = "sale"
    AID = "aid"
    LEASE = "lease"
    LICENCE = "licence"
    UPGRADE = "upgrade"


class Category(StrEnum):
    """SIPRI's weapon categories, and the two it leaves out: small arms and ammunition."""

    AIRCRAFT = "aircraft"
    AIR_DEFENCE = "air-defence systems"
    ANTI_SUBMARINE = "anti-submarine warfare weapons"
    ARMOURED = "armoured vehicles"
    ARTILLERY = "artillery"
    ENGINES = "engines"
    MISSILES = "missiles"
    NAVAL = "naval weapons"
    SATELLITES = "satellites"
    SENSORS = "sensors"
    SHIPS = "ships"
    SMALL_ARMS = "small arms"
    AMMUNITION = "ammunition"
    OTHER = "other"


class Money(BaseModel):
    """An amount in whole currency units (5_500_000_000.0, not 5.5) and its ISO 4217 code."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    amount: float = Field(ge=0, allow_inf_nan=False)
    currency: str = Field(pattern=r"^[A-Z]{3}$")


class ArmsDeal(BaseModel):
    """One deal at one stage. `None` and empty mean: the text does not say."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    KIND: ClassVar[str] = "arms_deal"
    CORE: ClassVar[tuple[str, ...]] = ("supplier", "recipient", "stage", "weapons")

    supplier: ActorCode | None = None
    recipient: ActorCode | None = None
    stage: Stage
    weapons: tuple[str, ...] = ()
    quantity: Annotated[int, Field(ge=0)] | None = None
    value: Money | None = None
    category: Category | None = None
    order_date: str | None = Field(default=None, pattern=r"^\d{4}(?:-\d\d(?:-\d\d)?)?$")
    delivery_dates: tuple[Annotated[str, Field(pattern=r"^\d{4}(?:-\d\d(?:-\d\d)?)?$")], ...] = ()
    transfer: Transfer | None = None

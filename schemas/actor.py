"""Actors: states, blocs and international organisations, and armed or other non-state bodies, as codes.

ISO 3166-1 alpha-3 for states (user-assigned XKX for Kosovo), the usual short name for blocs and organisations, and
"~name" in lower case for everyone who is not a state.
"""

import re
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Field


class Bloc(StrEnum):
    """Blocs and international organisations that act under their own name."""

    UN = "UN"
    EU = "EU"
    NATO = "NATO"
    SCO = "SCO"
    ASEAN = "ASEAN"
    AU = "AU"
    ARAB_LEAGUE = "ARAB_LEAGUE"
    GCC = "GCC"
    OPEC = "OPEC"
    IMF = "IMF"
    WTO = "WTO"
    IAEA = "IAEA"
    G7 = "G7"
    G20 = "G20"
    BRICS = "BRICS"
    QUAD = "QUAD"
    OSCE = "OSCE"
    ICC = "ICC"
    WORLD_BANK = "WORLD_BANK"
    OIC = "OIC"
    ECOWAS = "ECOWAS"
    CSTO = "CSTO"
    COMMONWEALTH = "COMMONWEALTH"
    EAEU = "EAEU"
    MERCOSUR = "MERCOSUR"
    OAS = "OAS"
    OPCW = "OPCW"


ACTOR_PATTERN = rf"^(?:[A-Z]{{3}}|{'|'.join(Bloc)}|~[a-z0-9].*)$"
_ACTOR = re.compile(ACTOR_PATTERN)


def _checked(code: str) -> str:
    if not _ACTOR.match(code):
        raise ValueError(f"not an actor code: {code!r} (ISO alpha-3, a bloc's short name, or ~name)")
    return code


ActorCode = Annotated[str, AfterValidator(_checked), Field(json_schema_extra={"pattern": ACTOR_PATTERN})]
"""A state, bloc or "~name"."""


def is_state(code: str) -> bool:
    """True for a state's code, False for blocs and non-states.

    >>> is_state("RUS"), is_state("NATO"), is_state("~hamas")
    (True, False, False)
    """
    return len(code) == 3 and code.isupper() and code not in Bloc.__members__

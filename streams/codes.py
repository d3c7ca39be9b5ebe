"""Our labels in the field's standard event codes: PLOVER 2.0 types, CAMEO 1.1b3 codes, Goldstein scores.

Sources: the PLOVER and CAMEO manuals, and the Goldstein scale as published for CAMEO.
"""

from collections.abc import Callable, Mapping

from schemas.arms_deal import ArmsDeal, Stage, Transfer
from schemas.diplomatic_statement import Act, DiplomaticStatement
from schemas.sanctions_stance import Measure, SanctionsStance, Stance
from schemas.signal import Cameo, Codes, Payload, Plover, Realis

PLOVER: Mapping[str, Plover] = {
    name: Plover(type=name, quad=quad, score=score)
    for name, quad, score in (
        ("AGREE", "VC", 2.5),
        ("CONSULT", "VC", 2.5),
        ("SUPPORT", "VC", 5.0),
        ("CONCEDE", "VC", 4.5),
        ("COOPERATE", "MC", 9.5),
        ("AID", "MC", 10.0),
        ("RETREAT", "MC", 6.5),
        ("REQUEST", "VF", 0.0),
        ("ACCUSE", "VF", -3.0),
        ("REJECT", "VF", -2.0),
        ("THREATEN", "VF", -3.5),
        ("SANCTION", "MF", -6.0),
    )
}


def _codes(plover: str | None, cameo: str, goldstein: float, *, approximate: bool = False) -> Codes:
    return Codes(
        plover=PLOVER[plover] if plover else None, cameo=Cameo(code=cameo, goldstein=goldstein), approximate=approximate
    )


_DEALS: Mapping[Stage, tuple[Codes, Codes]] = {
    # stage: (for a sale, for aid)
    Stage.PROPOSED: (_codes("AGREE", "0312", 5.2), _codes("AGREE", "0332", 5.2)),
    Stage.NEGOTIATING: (_codes("CONSULT", "046", 7.0), _codes("CONSULT", "046", 7.0)),
    Stage.APPROVED: (_codes("AGREE", "0312", 5.2), _codes("AGREE", "0332", 5.2)),
    Stage.SIGNED: (_codes("SUPPORT", "057", 8.0), _codes("AGREE", "0332", 5.2)),
    Stage.DELIVERING: (_codes("COOPERATE", "062", 7.4), _codes("AID", "072", 8.3)),
    Stage.DELIVERED: (_codes("COOPERATE", "062", 7.4), _codes("AID", "072", 8.3)),
    Stage.DELAYED: (_codes("SANCTION", "1622", -5.6), _codes("SANCTION", "1622", -5.6)),
    Stage.SUSPENDED: (_codes("SANCTION", "1622", -5.6), _codes("SANCTION", "1622", -5.6)),
    Stage.CANCELLED: (_codes("REJECT", "1212", -4.0), _codes("REJECT", "1222", -4.0)),
}
_REQUESTED = (_codes("REQUEST", "0212", 3.4), _codes("REQUEST", "0232", 3.4))

_STANCES: Mapping[Stance, Codes] = {
    Stance.IMPOSE: _codes("SANCTION", "163", -8.0),
    Stance.TIGHTEN: _codes("SANCTION", "163", -8.0),
    Stance.THREATEN: _codes("THREATEN", "1312", -5.8),
    Stance.SUPPORT: _codes("REQUEST", "1312", -5.8, approximate=True),
    Stance.OPPOSE: _codes("ACCUSE", "111", -2.0),
    Stance.DEFY: _codes("REJECT", "128", -5.0),
    Stance.COMPLY: _codes("CONCEDE", "0832", 5.0, approximate=True),
    Stance.EASE: _codes("RETREAT", "085", 7.0),
    Stance.EVADE: _codes("REJECT", "128", -5.0, approximate=True),
}
_ARMS_STOPPED = _codes("SANCTION", "1622", -5.6)
_DIPLOMATS = _codes("SANCTION", "161", -4.0)
_EASING_PROMISED = _codes("AGREE", "0354", 7.0)

_ACTS: Mapping[Act, Codes] = {
    Act.AGREE: _codes("AGREE", "030", 4.0),
    Act.CONSULT: _codes("CONSULT", "040", 1.0),
    Act.SUPPORT: _codes("SUPPORT", "050", 3.5),
    Act.COOPERATE: _codes("AGREE", "030", 4.0),
    Act.REQUEST: _codes("REQUEST", "100", -5.0),
    Act.ACCUSE: _codes("ACCUSE", "110", -2.0),
    Act.REJECT: _codes("REJECT", "120", -4.0),
    Act.THREATEN: _codes("THREATEN", "130", -4.4),
    Act.CONCEDE: _codes("CONCEDE", "080", 5.0),
    Act.COMMENT: _codes(None, "010", 0.0),
}
_FINER: Mapping[Act, Mapping[str, Codes]] = {
    # the word that shows the act, where CAMEO has a code of its own for it
    Act.AGREE: {"sign": _codes("SUPPORT", "057", 8.0)},
    Act.CONSULT: {
        "meet": _codes("CONSULT", "046", 7.0),
        "met": _codes("CONSULT", "046", 7.0),
        "negotiat": _codes("CONSULT", "046", 7.0),
        "visit": _codes("CONSULT", "042", 1.9),
        "host": _codes("CONSULT", "043", 2.8),
        "receiv": _codes("CONSULT", "043", 2.8),
        "phone": _codes("CONSULT", "041", 1.0),
        "spoke": _codes("CONSULT", "041", 1.0),
    },
    Act.SUPPORT: {
        "prais": _codes("SUPPORT", "051", 3.4),
        "thank": _codes("SUPPORT", "054", 6.0),
        "grateful": _codes("SUPPORT", "054", 6.0),
        "condolence": _codes("SUPPORT", "018", 3.4),
    },
    Act.REQUEST: {"appeal": _codes("REQUEST", "020", 3.0), "invit": _codes("REQUEST", "020", 3.0)},
    Act.ACCUSE: {
        "criticis": _codes("ACCUSE", "111", -2.0),
        "criticiz": _codes("ACCUSE", "111", -2.0),
        "condemn": _codes("ACCUSE", "111", -2.0),
        "accus": _codes("ACCUSE", "112", -2.0),
        "blam": _codes("ACCUSE", "112", -2.0),
    },
    Act.REJECT: {"deni": _codes("REJECT", "016", -2.0), "deny": _codes("REJECT", "016", -2.0)},
    Act.CONCEDE: {"apolog": _codes("CONCEDE", "055", 7.0), "sorry": _codes("CONCEDE", "055", 7.0)},
}


def _arms_deal(payload: Payload, realis: Realis, words: str) -> Codes:
    assert isinstance(payload, ArmsDeal)
    aid = payload.transfer is Transfer.AID
    by_recipient = payload.stage is Stage.PROPOSED and any(
        w in words for w in ("request", "ask", "seek", "sought", "want")
    )
    return (_REQUESTED if by_recipient else _DEALS[payload.stage])[aid]


def _sanctions_stance(payload: Payload, realis: Realis, words: str) -> Codes:
    assert isinstance(payload, SanctionsStance)
    if payload.stance is Stance.IMPOSE and payload.measures == (Measure.DIPLOMATIC,):
        return _DIPLOMATS
    if (
        payload.stance is Stance.IMPOSE
        and payload.measures
        and set(payload.measures) <= {Measure.ARMS, Measure.MILITARY}
    ):
        return _ARMS_STOPPED
    if payload.stance is Stance.TIGHTEN and "lift" in words:
        return _codes("SANCTION", "1244", -4.0)
    if payload.stance is Stance.OPPOSE and any(word in words for word in ("lift", "end", "removal")):
        return _codes("REQUEST", "1054", -5.0)
    if payload.stance is Stance.EASE and realis in {Realis.PLANNED, Realis.HYPOTHETICAL}:
        return _EASING_PROMISED
    return _STANCES[payload.stance]


def _diplomatic_statement(payload: Payload, realis: Realis, words: str) -> Codes:
    assert isinstance(payload, DiplomaticStatement)
    finer = _FINER.get(payload.act, {})
    return next((codes for word, codes in finer.items() if word in words), _ACTS[payload.act])


_UNCODED = _codes(None, "010", 0.0, approximate=True)

_BY_KIND: Mapping[str, Callable[[Payload, Realis, str], Codes]] = {
    ArmsDeal.KIND: _arms_deal,
    SanctionsStance.KIND: _sanctions_stance,
    DiplomaticStatement.KIND: _diplomatic_statement,
}


def codes_for(payload: Payload, realis: Realis, words: str) -> Codes:
    """The codes of a payload; `words` are the words that show its label, lower case, for codes finer than our labels.

    A kind that the tables do not know is CAMEO's "make a statement", marked as approximate.
    """
    coded = _BY_KIND.get(payload.KIND)
    return coded(payload, realis, words) if coded is not None else _UNCODED

"""Floor 2: one file, one kind. This registry is the only list of kinds outside the schemas."""

from collections.abc import Mapping

from schemas.arms_deal import ArmsDeal, Stage
from schemas.diplomatic_statement import Act, DiplomaticStatement
from schemas.sanctions_stance import SanctionsStance, Stance
from streams.detectors import (
    arms_deal,
    arms_deal_fields,
    arms_deal_stage,
    diplomatic_statement,
    diplomatic_statement_fields,
    sanctions_stance,
    sanctions_stance_fields,
)
from streams.detectors.choosing import Detector

DETECTORS: Mapping[str, Detector] = {
    detector.kind: detector
    for detector in (
        Detector(
            ArmsDeal.KIND, ("supplier", "recipient"), "stage", tuple(Stage), ("weapon", "goods"), by_label=False,
            events=arms_deal.events, payload=arms_deal_fields.payload, cued=arms_deal_stage.weightiest,
        ),
        Detector(
            SanctionsStance.KIND, ("actor",), "stance", tuple(Stance), ("measure",), by_label=True,
            events=sanctions_stance.events, payload=sanctions_stance_fields.payload,
        ),
        Detector(
            DiplomaticStatement.KIND, ("speaker_actor",), "act", tuple(Act), ("speech",), by_label=True,
            events=diplomatic_statement.events, payload=diplomatic_statement_fields.payload,
        ),
    )
}  # fmt: skip
"""kind -> detector. Topics, metrics labels, the choices of --kind and the contracts follow from it."""

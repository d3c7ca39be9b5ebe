"""Floor 2: one file, one kind. This registry is the only list of kinds outside the schemas."""

from collections.abc import Mapping

from schemas.arms_deal import ArmsDeal, Stage
from schemas.diplomatic_statement import Act, DiplomaticStatement
from schemas.sanctions_stance import SanctionsStance, Stance
from streams.detectors import arms_deal, diplomatic_statement, sanctions_stance
from streams.detectors.choosing import Detector

DETECTORS: Mapping[str, Detector] = {
    detector.kind: detector
    for detector in (
        Detector(
            ArmsDeal.KIND, tuple(Stage), ("weapon", "goods"), by_label=False,
            events=arms_deal.events, payload=getattr(arms_deal, "payload", None),
        ),
        Detector(
            SanctionsStance.KIND, tuple(Stance), ("measure",), by_label=True,
            events=sanctions_stance.events, payload=getattr(sanctions_stance, "payload", None),
        ),
        Detector(
            DiplomaticStatement.KIND, tuple(Act), ("speech",), by_label=True,
            events=diplomatic_statement.events, payload=getattr(diplomatic_statement, "payload", None),
        ),
    )
}  # fmt: skip
"""kind -> detector. Topics, metrics labels, the choices of --kind and the contracts follow from it."""

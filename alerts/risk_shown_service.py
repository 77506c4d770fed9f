"""What the model says of a patient, beside the state by the rules, for whoever may read it."""

from alerts.risk_card import RiskBeside
from alerts.store import risks, showing
from core.doors import CareContext, acting_as
from scoring.level import LEVEL_BY_CODE


def risk_beside(ctx: CareContext) -> RiskBeside | None:
    """Return the state of the patient in hand and what the model says of him; needs `alerts:read`.

    None where there is no state by the rules, and for somebody who stands near the patient by a
    tie of his own, whatever his post: to him there is no model.
    """
    with acting_as(ctx, detail={"read": "risk"}) as conn:
        summary = showing.load_summary(conn, ctx.patient)
        model = risks.load_model_beside(conn, ctx.patient)
        if summary is None or model is None:
            return None
        line = risks.load_shown_risk(conn, ctx.patient)
    return RiskBeside(
        level=LEVEL_BY_CODE[summary.level],
        judged_at=summary.judged_at,
        version=model.version,
        line=line,
    )

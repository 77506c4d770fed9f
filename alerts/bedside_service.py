"""Use case of measuring at the bedside: what the patient's own limits say of what was typed."""

from collections.abc import Mapping

from alerts.bedside import Told, measured_values, tell
from alerts.edge.library import load_profile
from alerts.judging import Watch, make_watch
from alerts.store import showing
from core.doors import CareContext, acting_as


def tell_at_once(ctx: CareContext, answers: Mapping[str, object]) -> tuple[Told, ...]:
    """Say of each value of a bedside form whether it is beyond a limit; needs `alerts:read`.

    The review says the same a moment later, and calls whoever is on duty.
    """
    with acting_as(ctx) as conn:
        row = showing.load_prescription(conn, ctx.patient)
    watch: Watch | None = None
    if row is not None:
        shipped = load_profile(row.profile_id, row.profile_version)
        watch = make_watch(shipped, row.adjustments, row.usual_values)
    return tell(measured_values(answers), watch)

"""Use case of measuring at the bedside: what the patient's own limits say of what was typed."""

from collections.abc import Mapping

from alerts.bedside import Told, measured_values, tell
from alerts.bedside_spans import Span, spans_of
from alerts.edge.library import load_profile
from alerts.judging import Watch, make_watch
from alerts.store import showing
from core.doors import CareContext, acting_as
from core.vitals import Vital
from scoring.item import MeasuredItem


def tell_at_once(ctx: CareContext, answers: Mapping[str, object]) -> tuple[Told, ...]:
    """Say of each value of a bedside form whether it is beyond a limit; needs `alerts:read`.

    The review says the same a moment later, and calls whoever is on duty.
    """
    return tell(measured_values(answers), _watch(ctx))


def limits_to_keep(ctx: CareContext) -> dict[Vital, tuple[Span, ...]]:
    """Return, for each vital a limit is set for, the numbers out of limits; needs `alerts:read`."""
    watch = _watch(ctx)
    return {
        item.vital: spans_of(item, watch.usual.get(item.code))
        for item in (watch.profile.items if watch else ())
        if watch is not None and isinstance(item, MeasuredItem)
    }


def _watch(ctx: CareContext) -> Watch | None:
    with acting_as(ctx) as conn:
        row = showing.load_prescription(conn, ctx.patient)
    if row is None:
        return None
    shipped = load_profile(row.profile_id, row.profile_version)
    return make_watch(shipped, row.adjustments, row.usual_values, row.content)

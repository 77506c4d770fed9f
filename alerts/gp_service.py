"""In which hours a GP is called for alerts of a patient, and who is called where there is none."""

from uuid import UUID

from alerts.store import week as store
from alerts.store.week import GpRow
from core import clock
from core.doors import CareContext, acting_as


def gp_rung(ctx: CareContext) -> tuple[GpRow, ...]:
    """Return who stands on the GP's rung; needs `circle:read`."""
    with acting_as(ctx) as conn:
        return tuple(store.load_gp(conn, ctx.patient))


def note_hours(ctx: CareContext, gp: UUID, hours: str) -> bool:
    """Note in which hours a GP accepts to be called, « » for never; needs `monitoring:write`.

    False when he is no GP of the circle any more.
    """
    with acting_as(ctx, action="U") as conn:
        return store.note_gp_hours(conn, ctx.patient, gp, hours, clock.now())


def note_without(ctx: CareContext, substitute: UUID | None, hours: str) -> bool:
    """Note that the record has no GP and who is called in his place; needs `monitoring:write`.

    False when there is a GP, or the substitute is not around the patient.
    """
    with acting_as(ctx, action="U") as conn:
        return store.note_without_gp(conn, ctx.patient, substitute, hours, clock.now())

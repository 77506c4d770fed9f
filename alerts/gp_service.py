"""In which hours a GP or a home nurse is called for alerts, and who where there is no GP."""

from uuid import UUID

from alerts.store import week as store
from alerts.store.week import GpRow
from core import clock
from core.doors import CareContext, acting_as


def gp_rung(ctx: CareContext) -> tuple[GpRow, ...]:
    """Return who stands on the rungs of the GP and the home nurse; needs `circle:read`."""
    with acting_as(ctx) as conn:
        return tuple(store.load_gp(conn, ctx.patient))


def note_hours(ctx: CareContext, gp: UUID, hours: str) -> bool:
    """Note when a GP or a home nurse accepts to be called, « » for never; `monitoring:write`.

    False when that person is neither in the circle any more.
    """
    with acting_as(ctx, action="U") as conn:
        return store.note_gp_hours(conn, ctx.patient, gp, hours, clock.now())


def note_without(ctx: CareContext, substitute: UUID | None, hours: str) -> bool:
    """Note that the record has no GP and who is called in his place; needs `monitoring:write`.

    False when there is a GP, or the substitute is not around the patient.
    """
    with acting_as(ctx, action="U") as conn:
        return store.note_without_gp(conn, ctx.patient, substitute, hours, clock.now())

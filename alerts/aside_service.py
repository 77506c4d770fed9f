"""Putting an alert aside in one's own queue, and taking it back."""

from dataclasses import replace
from uuid import UUID

from alerts.alert import Alert
from alerts.aside import Aside, SetAside, is_aside, set_aside
from alerts.reading_service import page_in
from alerts.refusals import RefusalCode, Refused
from alerts.rows import alert_of
from alerts.store import asides, calling, showing
from alerts.views import AS_DRILL, AlertPage, EventKind, NotFound, Shown
from core import clock
from core.access import Permission
from core.doors import Actor, CareContext, PersonConnection, acting_as
from scoring.level import Level


def put_aside(
    ctx: CareContext, alert_id: UUID, act: SetAside, *, shown: Shown | None
) -> AlertPage | Refused | NotFound:
    """Put an alert aside for the person in `ctx`, whoever the act names; nobody else's changes.

    `shown`: as what he had it before his eyes; one that has become red since, or is no exercise
    any more, is refused.
    Needs a context opened for `alerts:acknowledge`; raises ValueError for another.
    """
    _needs_acknowledge(ctx)
    mine, now = replace(act, by=ctx.actor.person), clock.now()
    with acting_as(ctx, action="U", detail={"alert": str(alert_id), "act": "set_aside"}) as conn:
        row = calling.lock_alert(conn, ctx.patient, alert_id)
        if row is None:
            return NotFound()
        alert = alert_of(row)
        aside = _changed(conn, ctx, alert, shown) or set_aside(alert, mine, now)
        if isinstance(aside, Refused):
            return aside
        asides.save_aside(conn, ctx.patient, aside)
        detail = {"until": aside.until.isoformat(), "reason": str(aside.reason)}
        _note(conn, ctx, row.patient_id, alert_id, "set_aside", detail)
        return page_in(conn, ctx.patient, alert_id)


def _changed(
    conn: PersonConnection, ctx: CareContext, alert: Alert, shown: Shown | None
) -> Refused | None:
    if alert.closing is not None:
        return None
    if isinstance(shown, Level) and alert.level > shown:
        return Refused(code=RefusalCode.WORSENED, by=None, at=None)
    if shown == AS_DRILL and not showing.is_drill_record(conn, ctx.patient):
        return Refused(code=RefusalCode.NO_EXERCISE, by=None, at=None)
    return None


def take_back(ctx: CareContext, alert_id: UUID) -> AlertPage | NotFound:
    """Show an alert again in the queue of the person in `ctx`; repeated, it changes nothing."""
    _needs_acknowledge(ctx)
    with acting_as(ctx, action="U", detail={"alert": str(alert_id), "act": "taken_back"}) as conn:
        row = calling.lock_alert(conn, ctx.patient, alert_id)
        if row is None:
            return NotFound()
        if asides.drop_aside(conn, alert_id):
            _note(conn, ctx, row.patient_id, alert_id, "taken_back", {})
        return page_in(conn, ctx.patient, alert_id)


def _needs_acknowledge(ctx: CareContext) -> None:
    if ctx.permission is not Permission.ALERTS_ACKNOWLEDGE:
        raise ValueError(f"putting aside needs alerts:acknowledge, not {ctx.permission}")


def _note(
    conn: PersonConnection,
    ctx: CareContext,
    patient: UUID,
    alert_id: UUID,
    what: EventKind,
    detail: dict[str, str],
) -> None:
    calling.save_event(
        conn,
        alert=alert_id,
        patient=patient,
        at=clock.now(),
        what=what,
        by=ctx.actor.person,
        detail=detail,
    )
    calling.hint_queues(conn, ctx.patient)


def asides_of(actor: Actor) -> tuple[Aside, ...]:
    """Return what the actor has put aside and still is; his alone."""
    now = clock.now()
    with acting_as(actor) as conn:
        known = asides.load_asides(conn, now)
    return tuple(aside for aside, alert in known if is_aside(aside, alert, now))

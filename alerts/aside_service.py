"""Putting an alert aside in one's own queue, and taking it back."""

from dataclasses import replace
from uuid import UUID

from alerts.aside import Aside, SetAside, is_aside, set_aside
from alerts.reading_service import page_in
from alerts.refusals import RefusalCode, Refused
from alerts.rows import alert_of
from alerts.store import asides, calling
from alerts.views import AlertPage, EventKind, NotFound
from core import clock
from core.access import Permission
from core.doors import Actor, CareContext, PersonConnection, acting_as
from scoring.level import Level


def put_aside(
    ctx: CareContext, alert_id: UUID, act: SetAside, *, shown: Level | None
) -> AlertPage | Refused | NotFound:
    """Put an alert aside for the person in `ctx`, whoever the act names; nobody else's changes.

    `shown`: the level he had before his eyes; an alert that has become red since is refused.
    Needs a context opened for `alerts:acknowledge`; raises ValueError for another.
    """
    _needs_acknowledge(ctx)
    mine, now = replace(act, by=ctx.actor.person), clock.now()
    with acting_as(ctx, action="U", detail={"alert": str(alert_id), "act": "set_aside"}) as conn:
        row = calling.lock_alert(conn, ctx.patient, alert_id)
        if row is None:
            return NotFound()
        alert = alert_of(row)
        if shown is not None and alert.closing is None and alert.level > shown:
            return Refused(code=RefusalCode.WORSENED, by=None, at=None)
        aside = set_aside(alert, mine, now)
        if isinstance(aside, Refused):
            return aside
        asides.save_aside(conn, ctx.patient, aside)
        detail = {"until": aside.until.isoformat(), "reason": str(aside.reason)}
        _note(conn, ctx, row.patient_id, alert_id, "set_aside", detail)
        return page_in(conn, ctx.patient, alert_id)


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

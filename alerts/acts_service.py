"""What persons do with an alert: take it in charge, see it, call the patient, close it."""

from dataclasses import replace
from typing import assert_never
from uuid import UUID

from alerts.answering import AskVisit, CallPatient, SendToEmergency
from alerts.lifecycle import (
    Alert,
    Called15,
    Close,
    Own,
    PersonAct,
    Refused,
    See,
    transition,
)
from alerts.reading_service import page_in
from alerts.refusals import RefusalCode
from alerts.rows import alert_of
from alerts.store import calling
from alerts.views import AlertPage, EventKind, NotFound
from core import clock
from core.access import Permission
from core.doors import CareContext, acting_as
from scoring.level import Level


def act(
    ctx: CareContext, alert_id: UUID, person_act: PersonAct, *, shown: Level | None = None
) -> AlertPage | Refused | NotFound:
    """Apply one act of the person in `ctx`, whoever the act names; repeated, it changes nothing.

    `shown` is the level the person had before his eyes: he cannot take charge of, have seen or
    close a red alert that he knows as orange, nor promise a time for it. That he calls somebody is
    a fact in any case.

    Needs a context opened for `alerts:acknowledge`; raises ValueError for another.
    """
    if ctx.permission is not Permission.ALERTS_ACKNOWLEDGE:
        raise ValueError(f"an act needs alerts:acknowledge, not {ctx.permission}")
    mine = replace(person_act, by=ctx.actor.person)
    now = clock.now()
    what = event_of(mine)
    detail = {"alert": str(alert_id), "act": what}
    with acting_as(ctx, action="U", detail=detail) as conn:
        row = calling.lock_alert(conn, ctx.patient, alert_id)
        if row is None:
            return NotFound()
        before = alert_of(row)
        after = _worsened(before, mine, shown) or transition(before, mine, now)
        if isinstance(after, Refused):
            return after
        if after != before:
            calling.save_life(conn, after)
            calling.save_event(
                conn,
                alert=alert_id,
                patient=row.patient_id,
                at=now,
                what=what,
                by=ctx.actor.person,
                detail=_detail(after, mine),
            )
            calling.rerank(conn, row.patient_id)
            calling.hint_queues(conn, row.patient_id)
        return page_in(conn, ctx.patient, alert_id)


def _detail(after: Alert, mine: PersonAct) -> dict[str, str]:
    """Return what the timeline keeps beside the act: how it ended, or before when it is done."""
    if after.closing is not None:
        return {"outcome": after.closing.outcome}
    if isinstance(mine, CallPatient | SendToEmergency | AskVisit) and after.owner is not None:
        return {"before": after.owner.until.isoformat()}
    return {}


def _worsened(alert: Alert, person_act: PersonAct, shown: Level | None) -> Refused | None:
    judges = isinstance(person_act, Own | See | Close | AskVisit) or _names_a_time(person_act)
    if alert.closing is not None or shown is None or alert.level <= shown or not judges:
        return None
    return Refused(code=RefusalCode.WORSENED, by=None, at=None)


def _names_a_time(person_act: PersonAct) -> bool:
    """Say whether a time was chosen: one chosen for an orange alert is none for a red one."""
    match person_act:
        case CallPatient(before=before) | SendToEmergency(before=before) | AskVisit(before=before):
            return before is not None
        case Own() | See() | Called15() | Close():
            return False
        case _:
            assert_never(person_act)


def event_of(person_act: PersonAct) -> EventKind:
    """Return the word by which an act is written into the life of the alert."""
    match person_act:
        case Own():
            return "owned"
        case See():
            return "seen"
        case CallPatient():
            return "calling_patient"
        case SendToEmergency():
            return "to_emergency"
        case AskVisit():
            return "visit_asked"
        case Called15():
            return "called_15"
        case Close():
            return "closed"
        case _:
            assert_never(person_act)

"""What persons do with an alert: take it in charge, see it, call the patient, close it."""

from dataclasses import replace
from datetime import datetime
from typing import Final, assert_never
from uuid import UUID

from alerts.acts import (
    Answerer,
    Assign,
    Called15,
    Close,
    Own,
    PersonAct,
    See,
    Snooze,
    Wake,
)
from alerts.alert import Alert
from alerts.answering import AskVisit, CallPatient, SendToEmergency
from alerts.lifecycle import transition
from alerts.reading_service import page_in
from alerts.refusals import RefusalCode, Refused
from alerts.rows import alert_of
from alerts.store import calling, showing
from alerts.views import AS_DRILL, AlertPage, EventKind, NotFound, Shown
from core import clock
from core.access import Permission
from core.doors import CareContext, PersonConnection, VisiblePatientId, acting_as
from scoring.level import LEVEL_BY_CODE, Level


def act(
    ctx: CareContext, alert_id: UUID, person_act: PersonAct, *, shown: Shown | None = None
) -> AlertPage | Refused | NotFound:
    """Apply one act of the person in `ctx`, whoever the act names; repeated, it changes nothing.

    `shown` is the level the person had before his eyes: he cannot take charge of, have seen or
    close a red alert that he knows as orange, nor promise a time for it. That he calls somebody is
    a fact in any case; but one that he knows as an exercise, and that is none any more, he has to
    look at again whatever he did, except that he called 15.

    Needs a context opened for `alerts:acknowledge`; raises ValueError for another.
    """
    if ctx.permission is not Permission.ALERTS_ACKNOWLEDGE:
        raise ValueError(f"an act needs alerts:acknowledge, not {ctx.permission}")
    mine = replace(person_act, by=ctx.actor.person)
    now = clock.now()
    detail = {"alert": str(alert_id), "act": EVENT_OF[type(mine)]}
    with acting_as(ctx, action="U", detail=detail) as conn:
        row = calling.lock_alert(conn, ctx.patient, alert_id)
        if row is None:
            return NotFound()
        before = alert_of(row)
        after = (
            _worsened(before, mine, shown)
            or _was_drill(conn, ctx.patient, before, mine, shown)
            or _stranger(conn, ctx.patient, mine)
            or transition(before, mine, now)
        )
        if isinstance(after, Refused):
            return after
        if after != before:
            _save(conn, row.patient_id, after, mine, now)
        return page_in(conn, ctx.patient, alert_id)


def _save(
    conn: PersonConnection, patient: UUID, after: Alert, mine: PersonAct, now: datetime
) -> None:
    calling.save_life(conn, after)
    calling.save_event(
        conn,
        alert=after.alert_id,
        patient=patient,
        at=now,
        what=EVENT_OF[type(mine)],
        by=mine.by,
        detail=_detail(after, mine),
    )
    calling.rerank(conn, patient)
    calling.hint_queues(conn, patient)


def _detail(after: Alert, mine: PersonAct) -> dict[str, str]:
    """Return what the life of the alert keeps beside the act: codes and times."""
    if after.closing is not None:
        return {"outcome": after.closing.outcome}
    match mine:
        case Snooze(until=until, reason=reason):
            return {"until": until.isoformat(), "reason": reason}
        case Assign(to=to):
            return {"to": str(to)}
        case CallPatient() | SendToEmergency() | AskVisit() if after.owner is not None:
            return {"before": after.owner.until.isoformat()}
        case _:
            return {}


def _stranger(conn: PersonConnection, patient: VisiblePatientId, mine: PersonAct) -> Refused | None:
    """Refuse to give an alert to somebody its ladder could not call."""
    if not isinstance(mine, Assign):
        return None
    if mine.to in {one.person for one in showing.load_answerers(conn, patient)}:
        return None
    return Refused(code=RefusalCode.NO_COLLEAGUE, by=None, at=None)


def answerers(ctx: CareContext) -> tuple[Answerer, ...]:
    """Return who may be given an alert of the patient; needs `alerts:acknowledge`."""
    with acting_as(ctx) as conn:
        return tuple(showing.load_answerers(conn, ctx.patient))


def shown_of(code: str) -> Shown | None:
    """Return as what a page showed an alert; None when it does not say."""
    return AS_DRILL if code == AS_DRILL else LEVEL_BY_CODE.get(code)


def _was_drill(
    conn: PersonConnection,
    patient: VisiblePatientId,
    alert: Alert,
    mine: PersonAct,
    shown: Shown | None,
) -> Refused | None:
    """Refuse what was done about an exercise once somebody lives in its record."""
    if alert.closing is not None or shown != AS_DRILL or isinstance(mine, Called15 | Wake | Assign):
        return None
    if showing.is_drill_record(conn, patient):
        return None
    return Refused(code=RefusalCode.NO_EXERCISE, by=None, at=None)


def _worsened(alert: Alert, person_act: PersonAct, shown: Shown | None) -> Refused | None:
    if not isinstance(shown, Level):
        return None
    judged = Own | See | Snooze | Close | AskVisit
    judges = isinstance(person_act, judged) or _names_a_time(person_act)
    if alert.closing is not None or alert.level <= shown or not judges:
        return None
    return Refused(code=RefusalCode.WORSENED, by=None, at=None)


def _names_a_time(person_act: PersonAct) -> bool:
    """Say whether a time was chosen: one chosen for an orange alert is none for a red one."""
    match person_act:
        case CallPatient(before=before) | SendToEmergency(before=before) | AskVisit(before=before):
            return before is not None
        case Own() | See() | Called15() | Snooze() | Wake() | Assign() | Close():
            return False
        case _:
            assert_never(person_act)


EVENT_OF: Final[dict[type[PersonAct], EventKind]] = {
    Own: "owned",
    See: "seen",
    CallPatient: "calling_patient",
    SendToEmergency: "to_emergency",
    AskVisit: "visit_asked",
    Called15: "called_15",
    Snooze: "asleep",
    Wake: "woken",
    Assign: "assigned",
    Close: "closed",
}
"""The word by which each act is written into the life of the alert."""

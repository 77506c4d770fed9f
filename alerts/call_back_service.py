"""Use cases of call-backs: a patient asks, the team is called by his ladder, he sees who took it.

The request is stored first, in the patient's own transaction; its alert follows at once, and by the
sentinel should this process die between the two: no request waits for anybody's memory.
"""

from datetime import datetime

from alerts.asking import STANDING_LADDER
from alerts.call_back import ITEM, LEVEL, CallBack, evidence_of
from alerts.edge.library import load_ladder
from alerts.escalation_service import call_out
from alerts.lifecycle import raise_alert
from alerts.store import call_backs, calling
from core import clock
from core.doors import CareContext, Service, ServiceConnection, acting_as, note_run, serving
from core.failpoint import failpoint
from core.ids import new_id

MOST = 50
"""Requests of one pass."""


def ask(ctx: CareContext, key: str) -> list[CallBack]:
    """Ask the team to call, once for each key, and call it; needs `answers:write`.

    Returns the requests as they stand now, newest first.
    """
    now = clock.now()
    with acting_as(ctx, action="C", detail={"asked": "call_back"}) as conn:
        call_backs.save_request(conn, ctx.patient, id=new_id(now), key=key, now=now)
    failpoint("call_back.after_commit")
    raise_waiting(now)
    return mine(ctx)


def mine(ctx: CareContext) -> list[CallBack]:
    """Return the patient's requests and what became of each; needs `answers:write`."""
    with acting_as(ctx) as conn:
        return call_backs.load_mine(conn, ctx.patient)


def raise_waiting(now: datetime) -> int:
    """Raise the alert of every request that has none; safe in any number of processes at once."""
    with serving(Service.ESCALATION) as conn:
        waiting = call_backs.lock_waiting(conn, MOST)
        for request in waiting:
            _raise(conn, request, now)
        if waiting:
            note_run(conn, Service.ESCALATION, "call_back", requests=len(waiting))
    return len(waiting)


def _raise(conn: ServiceConnection, request: call_backs.WaitingRow, now: datetime) -> None:
    open_ones = {
        row.item: row.id for row in calling.lock_alerts_of_patient(conn, request.patient_id)
    }
    if ITEM in open_ones:
        call_backs.save_alert_of(conn, request.id, open_ones[ITEM])
        return
    ladder = load_ladder(
        request.ladder_id or STANDING_LADDER[0], request.ladder_version or STANDING_LADDER[1]
    )
    alert = raise_alert(alert_id=new_id(now), item=ITEM, level=LEVEL, ladder=ladder, now=now)
    saved = calling.save_alert(
        conn,
        alert,
        patient=request.patient_id,
        patient_key=request.patient_key,
        first_breach_at=request.asked_at,
        late=False,
        evidence=evidence_of(request.id, request.asked_at),
    )
    if not saved:
        # Another process was faster: the next pass finds its alert.
        return
    calling.save_event(
        conn,
        alert=alert.alert_id,
        patient=request.patient_id,
        at=now,
        what="raised",
        detail={"level": alert.level.code, "round": alert.round},
    )
    calling.save_life(conn, call_out(conn, alert, request.patient_id, now))
    call_backs.save_alert_of(conn, request.id, alert.alert_id)
    calling.rerank(conn, request.patient_id)
    calling.hint_queues(conn, request.patient_id)

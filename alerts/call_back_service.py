"""Use cases of call-backs: a patient asks, the team is called by his ladder, he sees who took it.

The request is stored first, in the patient's own transaction; its alert follows at once, and by the
sentinel should this process die between the two: no request waits for anybody's memory.
"""

from datetime import datetime
from uuid import UUID

import structlog
from prometheus_client import Counter

from alerts.asking import STANDING_LADDER
from alerts.call_back import ITEM, LEVEL, CallBack, evidence_of, with_wish
from alerts.calling_service import call_out
from alerts.edge.library import load_ladder
from alerts.lifecycle import raise_alert
from alerts.rows import AlertRow, alert_of, read_evidence
from alerts.setback import MAIL_AT, is_of_the_connection, place_of
from alerts.store import call_backs, calling
from core import clock
from core.doors import CareContext, Service, ServiceConnection, acting_as, note_run, serving
from core.failpoint import failpoint
from core.ids import new_id
from messages.message import Occurrence
from messages.service import tell_operator

_log = structlog.get_logger("alerts")
_FAILURES = Counter("chevet_call_back_failures_total", "Wishes for a call that could not be raised")
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
    """Raise the alert of every request that has none, one transaction a request.

    Returns how many requests this pass settled. One that fails is tried again later and later and
    stops nobody else's; safe in any number of processes at once.
    """
    with serving(Service.ESCALATION) as conn:
        waiting = call_backs.load_waiting(conn, now, MOST)
    raised = 0
    for request in waiting:
        try:
            raised += _raise_one(request, now)
        except Exception as error:
            if is_of_the_connection(error):
                raise
            _note_setback(request, error, now)
    if raised:
        with serving(Service.ESCALATION) as conn:
            note_run(conn, Service.ESCALATION, "call_back", requests=raised)
    return raised


def _raise_one(id: UUID, now: datetime) -> bool:
    """Raise the alert of a request, or add it to the open one; False if it was not to be done."""
    with serving(Service.ESCALATION) as conn:
        request = call_backs.lock_request(conn, id)
        if request is None:
            return False
        alerts = calling.lock_alerts_of_patient(conn, request.patient_id)
        row = next((one for one in alerts if one.item == ITEM), None)
        alert = _raise(conn, request, now) if row is None else _add(conn, row, request)
        if alert is None:
            # Another process was faster: the next pass finds its alert.
            return False
        call_backs.save_alert_of(conn, id, alert)
        calling.rerank(conn, request.patient_id)
        calling.hint_queues(conn, request.patient_id)
        calling.clear_setback(conn, "call_back", str(id))
    return True


def _add(conn: ServiceConnection, row: AlertRow, request: call_backs.WaitingRow) -> UUID:
    """Show in the open alert that he asks again, and when."""
    known = read_evidence(row.evidence)
    calling.save_evidence(conn, alert_of(row), with_wish(known, request.id, request.asked_at))
    return row.id


def _raise(conn: ServiceConnection, request: call_backs.WaitingRow, now: datetime) -> UUID | None:
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
        return None
    calling.save_event(
        conn,
        alert=alert.alert_id,
        patient=request.patient_id,
        at=now,
        what="raised",
        detail={"level": alert.level.code, "round": alert.round},
    )
    calling.save_life(conn, call_out(conn, alert, request.patient_id, now))
    return alert.alert_id


def _note_setback(request: UUID, error: Exception, now: datetime) -> None:
    _FAILURES.inc()
    _log.error("call_back_failed", **place_of(error))
    with serving(Service.ESCALATION) as conn:
        kind = type(error).__name__
        setback = calling.save_setback(conn, "call_back", str(request), kind, now)
        if setback.failures == MAIL_AT:
            tell_operator(conn, Occurrence.CALL_BACK_FAILING, str(request), now)

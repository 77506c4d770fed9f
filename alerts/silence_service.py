"""Silence is an alarm: every deadline that passed without an answer calls somebody, once.

Reads the schedule, never the data: a patient with no data ever, or whose tasks nobody has made,
is found all the same. Any number of processes may look at once.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import structlog
from prometheus_client import Counter

from alerts.acts import Worsen
from alerts.alert import Alert
from alerts.calling_service import call_out
from alerts.edge.library import load_ladder
from alerts.evidence import Breaches
from alerts.judging import NO_NEWS2, with_sighting, with_worsening
from alerts.judging import first_evidence as evidence_of
from alerts.ladder import Ladder
from alerts.lifecycle import raise_alert, transition
from alerts.records import to_json
from alerts.rows import AlertRow, WatchedRow, alert_of, read_evidence
from alerts.setback import MAIL_AT, is_of_the_connection, place_of
from alerts.silence import NO_ANSWER, breaches_of
from alerts.store import calling, reviewing, silences
from alerts.views import EventKind
from core import clock
from core.doors import Service, ServiceConnection, note_run, serving
from core.failpoint import failpoint
from core.ids import new_id
from messages.message import Occurrence
from messages.service import tell_operator
from questionnaires.plans.missing_service import missed_due, silent_patients
from questionnaires.plans.planning_service import plan_days
from scoring.level import LEVEL_BY_CODE

_log = structlog.get_logger("alerts")
_MISSED = Counter("chevet_deadlines_missed_total", "Deadlines found passed without an answer")
_LATE = Counter("chevet_deadlines_evaluated_late_total", "Of these, found more than 60 s late")
_FAILURES = Counter("chevet_silence_failures_total", "Patients whose silence could not be told")
PATIENTS: Final = 200
"""Patients of one pass."""
LONGEST_PASS_SECONDS: Final = 30.0
"""A pass takes no further patient after this: the sentinel takes a pass of 120 s for stuck."""
DEFAULT_LADDER: Final = ("home-two-rungs", 1)
"""For a patient without a prescription (proposed): he must not be silent unseen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What one pass found: deadlines missed, patients called for, those that failed, those left."""

    missed: int
    called: int
    failed: int
    more: bool


def find_silent(now: datetime) -> Found:
    """Find every deadline whose alarm has come; what nobody planned is planned first."""
    failed = _plan_first(now)
    with serving(Service.SILENCE) as conn:
        silences.note_answers(conn, now)
        but = silences.load_set_back(conn, now)
        patients = silent_patients(conn, now, but=but, limit=PATIENTS)
    missed = called = done = 0
    began = clock.monotonic()
    for patient in patients:
        try:
            found = _tell(patient, now)
        except Exception as error:
            if is_of_the_connection(error):
                raise
            failed += 1
            _note_setback(patient, error, now)
        else:
            missed += found
            called += found > 0
        done += 1
        if clock.monotonic() - began > LONGEST_PASS_SECONDS:
            break
    if missed:
        with serving(Service.SILENCE) as conn:
            note_run(conn, Service.SILENCE, "silence", deadlines=missed, patients=called)
    more = missed > 0 and (done < len(patients) or len(patients) == PATIENTS)
    return Found(missed=missed, called=called, failed=failed, more=more)


def _plan_first(now: datetime) -> int:
    """Make the tasks that nobody made; where that fails, those there are must still be judged."""
    try:
        return plan_days(now).failed
    except Exception as error:
        if is_of_the_connection(error):
            raise
        _log.error("planning_failed", **place_of(error))
        with serving(Service.SILENCE) as conn:
            tell_operator(conn, Occurrence.PLANNING_FAILING, f"{now:%Y-%m-%d %H} h", now)
        return 1


def _tell(patient: UUID, now: datetime) -> int:
    """Mark what a patient missed and call for it, in one transaction; return how many deadlines."""
    with serving(Service.SILENCE) as conn:
        key = silences.load_key(conn, patient)
        if key is None or not reviewing.lock_patient(conn, key):
            return 0
        missed = missed_due(conn, patient, now)
        told = [one for one in missed if one.told]
        watched = reviewing.load_watched(conn, key)
        if told and watched is not None:
            _call_for(conn, key, watched, breaches_of(told), now)
        calling.clear_setback(conn, "silence", str(patient))
    failpoint("silence.after_commit")
    _MISSED.inc(len(missed))
    _LATE.inc(sum(one.evaluated_late for one in missed))
    return len(missed)


def _call_for(
    conn: ServiceConnection, key: int, watched: WatchedRow, breaches: Breaches, now: datetime
) -> None:
    """Raise the patient's alert of silence, or add to the one that is open."""
    patient = watched.patient_id
    rows = calling.lock_alerts_of_patient(conn, patient)
    row = next((one for one in rows if one.item == NO_ANSWER), None)
    if row is None:
        _raise(conn, key, watched, breaches, now)
    elif breaches.worst.level > LEVEL_BY_CODE[row.level]:
        _worsen(conn, row, breaches, now)
    else:
        known = read_evidence(row.evidence)
        calling.save_evidence(conn, alert_of(row), with_sighting(known, breaches))
    calling.rerank(conn, patient)
    calling.hint_queues(conn, patient)


def _raise(
    conn: ServiceConnection, key: int, watched: WatchedRow, breaches: Breaches, now: datetime
) -> None:
    patient = watched.patient_id
    alert = raise_alert(
        alert_id=new_id(now),
        item=NO_ANSWER,
        level=breaches.worst.level,
        ladder=_ladder_of(watched),
        now=now,
    )
    saved = calling.save_alert(
        conn,
        alert,
        patient=patient,
        patient_key=key,
        first_breach_at=breaches.first.measured_at,
        late=breaches.first.late,
        evidence=evidence_of(breaches),
    )
    if not saved:
        # He has died: his silence is nobody's alarm.
        return
    if watched.ladder_id is None:
        reviewing.save_first_summary(conn, patient, [], to_json(NO_NEWS2), now)
        reference = str(alert.alert_id)
        tell_operator(conn, Occurrence.SILENT_UNWATCHED, reference, now, about=patient)
    _call(conn, patient, alert, "raised", now)


def _ladder_of(watched: WatchedRow) -> Ladder:
    if watched.ladder_id is None or watched.ladder_version is None:
        return load_ladder(*DEFAULT_LADDER)
    return load_ladder(watched.ladder_id, watched.ladder_version)


def _worsen(conn: ServiceConnection, row: AlertRow, breaches: Breaches, now: datetime) -> None:
    after = transition(alert_of(row), Worsen(), now)
    if isinstance(after, Alert):
        known = read_evidence(row.evidence)
        calling.save_evidence(conn, after, with_worsening(known, breaches))
        _call(conn, row.patient_id, after, "worsened", now)


def _call(
    conn: ServiceConnection, patient: UUID, alert: Alert, what: EventKind, now: datetime
) -> None:
    calling.save_event(
        conn,
        alert=alert.alert_id,
        patient=patient,
        at=now,
        what=what,
        detail={"level": alert.level.code, "round": alert.round},
    )
    calling.save_life(conn, call_out(conn, alert, patient, now))


def _note_setback(patient: UUID, error: Exception, now: datetime) -> None:
    _FAILURES.inc()
    _log.error("silence_failed", **place_of(error))
    with serving(Service.SILENCE) as conn:
        kind = type(error).__name__
        setback = calling.save_setback(conn, "silence", str(patient), kind, now)
        if setback.failures == MAIL_AT:
            since = setback.first_at.isoformat(timespec="seconds")
            tell_operator(conn, Occurrence.SILENCE_FAILING, since, now)

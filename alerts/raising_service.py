"""What a review does with alerts: raises them, worsens them, adds what was seen again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from alerts.acts import EndDrill, Worsen
from alerts.alert import Alert, Cause
from alerts.around_service import Around, look_around
from alerts.asking import STANDING_LADDER
from alerts.calling_service import call_out
from alerts.edge.library import load_ladder
from alerts.judging import first_evidence, with_sighting, with_worsening
from alerts.lifecycle import raise_alert, transition
from alerts.rows import AlertRow, WatchedRow, alert_of, life_of, read_evidence
from alerts.rules import Judgement
from alerts.store import calling, drills
from alerts.views import EventKind, EvidenceEntry
from core.doors import ServiceConnection
from core.ids import new_id
from scoring.home_state import HomeState
from scoring.level import Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewing:
    """A patient under review, with his alerts that nobody has closed, by item."""

    patient_key: int
    watched: WatchedRow
    alerts: Mapping[str, AlertRow]
    now: datetime


def save_alerts(conn: ServiceConnection, read: Reviewing, judgement: Judgement) -> int:
    """Raise, worsen and add to alerts; return how many called somebody."""
    called = 0
    patient, now = read.watched.patient_id, read.now
    calls = judgement.raises or judgement.worsenings
    around = look_around(conn, patient, now) if calls else None
    for rise in judgement.raises:
        ladder = load_ladder(
            read.watched.ladder_id or STANDING_LADDER[0],
            read.watched.ladder_version or STANDING_LADDER[1],
        )
        alert = raise_alert(
            alert_id=new_id(now), item=rise.item, level=rise.level, ladder=ladder, now=now
        )
        new = calling.save_alert(
            conn,
            alert,
            patient=patient,
            patient_key=read.patient_key,
            first_breach_at=rise.breaches.first.measured_at,
            late=rise.breaches.first.late,
            evidence=first_evidence(rise.breaches),
        )
        if new:
            _call(conn, read, alert, "raised", around)
            called += 1
    for worse in judgement.worsenings:
        row = read.alerts[worse.item]
        after = transition(alert_of(row), Worsen(), now)
        if isinstance(after, Alert):
            worsened = with_worsening(read_evidence(row.evidence), worse.breaches)
            calling.save_evidence(conn, after, worsened)
            _call(conn, read, after, "worsened", around)
            called += 1
    for seen in judgement.sightings:
        row = read.alerts[seen.item]
        known = read_evidence(row.evidence)
        with_it = with_worsening if _first_of_somebody(conn, row, known) else with_sighting
        calling.save_evidence(conn, alert_of(row), with_it(known, seen.breaches))
    return called


def end_drills(conn: ServiceConnection, read: Reviewing) -> dict[str, AlertRow]:
    """Call everybody anew for an exercise's alert that has become somebody's; return it by item.

    Whoever answered it answered an exercise. It happens once, with the first review that finds
    anything in the record but exercises, before the values are judged: they join a ringing alert.
    """
    ended = {}
    for item, row in read.alerts.items():
        if row.drill is None or not drills.became_real(conn, row.id):
            continue
        after = transition(alert_of(row), EndDrill(), read.now)
        if isinstance(after, Alert):
            called = _call(conn, read, after, "drill_ended")
            ended[item] = replace(row, **life_of(called))
    return ended


def _first_of_somebody(
    conn: ServiceConnection, row: AlertRow, known: Sequence[EvidenceEntry]
) -> bool:
    """Say whether what is seen now is the first of a person, in the open alert of an exercise.

    It is what the alert is read by from now on, and not the value of the exercise.
    """
    if row.drill is None or drills.is_of_drill(conn, row.id):
        return False
    return all(entry.part != "worsened" for entry in known)


def save_conditions(conn: ServiceConnection, read: Reviewing, state: HomeState) -> None:
    """Note which open alerts are within their limits again, and which are out of them again.

    It is shown and closes nothing: a value that is fine now says nothing of what is to come.
    """
    found = {finding.item: finding.level for finding in state.findings}
    for row in read.alerts.values():
        level = found.get(row.item)
        if row.cause == Cause.WORSENING:
            continue  # A fall within the limits is no less a fall.
        if level is None or (level is Level.GREEN) == (row.cleared_at is not None):
            continue
        cleared = level is Level.GREEN
        calling.save_condition(conn, row.id, read.now if cleared else None)
        calling.save_event(
            conn,
            alert=row.id,
            patient=row.patient_id,
            at=read.now,
            what="cleared" if cleared else "active_again",
        )


def _call(
    conn: ServiceConnection,
    read: Reviewing,
    alert: Alert,
    what: EventKind,
    around: Around | None = None,
) -> Alert:
    """Write down what happened and call everybody; return the alert as it stands then."""
    patient = read.watched.patient_id
    calling.save_event(
        conn,
        alert=alert.alert_id,
        patient=patient,
        at=read.now,
        what=what,
        detail={"level": alert.level.code, "round": alert.round},
    )
    called = call_out(conn, alert, patient, read.now, around=around)
    calling.save_life(conn, called)
    return called

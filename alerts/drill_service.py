"""Exercises: started by whoever plans the rota, watched by the sentinel, read by the whole team."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from alerts.drill import (
    STARTED_SENTENCES,
    STARTS_WITHIN,
    DrillRow,
    Report,
    Started,
    Verdict,
    is_over,
    make_report,
    planned_for,
)
from alerts.records import from_json
from alerts.store import drills as store
from alerts.store.drills import DuePlanRow, PlanRow
from core import clock
from core.access import Permission
from core.doors import (
    Actor,
    PersonConnection,
    Service,
    ServiceConnection,
    acting_as,
    note_access,
    note_run,
    serving,
)
from core.ids import new_id
from core.settings import settings
from identity.administration.refused import Refused
from identity.store import administration
from messages.message import Occurrence
from messages.service import tell_operator

SHOWN: Final = 60
"""As many exercises as a list shows: five years of monthly ones."""
WATCHED: Final = 200
"""As many exercises under way as one look takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drill:
    """An exercise with its report as it stands, or as it was frozen when `ended_at` is set.

    `person_name` is None for the whole site, `started_by_name` when the service started it;
    `patient_id` and `patient_name` are None once the organisation no longer follows the record.
    """

    id: UUID
    patient_id: UUID | None
    patient_name: str | None
    person_name: str | None
    started_at: datetime
    started_by_name: str | None
    planned: bool
    ended_at: datetime | None
    report: Report


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """Records fit for an exercise and people it may be for: identifier and name."""

    records: tuple[tuple[UUID, str], ...]
    people: tuple[tuple[UUID, str], ...]


def start(actor: Actor, drill: UUID, patient: UUID, person: UUID | None) -> Started:
    """Start an exercise under an id the page made, for a person or for the whole site."""
    with acting_as(actor) as conn:
        said = store.start(conn, drill, patient, person)
        if said is Started.STARTED:
            note_access(conn, actor, Permission.ROTA_MANAGE, patient, "C", {"drill": str(drill)})
    return said


def drills(actor: Actor) -> tuple[Drill, ...]:
    """Return the exercises of the acting organisation, newest first."""
    return _read(actor, SHOWN, None)


def read_drill(actor: Actor, drill: UUID) -> Drill | None:
    """Return one exercise; None for none, or for another organisation's."""
    found = _read(actor, 1, drill)
    return found[0] if found else None


def _read(actor: Actor, limit: int, one: UUID | None) -> tuple[Drill, ...]:
    now = clock.now()
    with acting_as(actor) as conn:
        rows = store.load_drills(conn, limit, one)
        _note_shown(conn, actor, [row.patient_id for row in rows if row.patient_id])
    return tuple(_drill(row, now) for row in rows)


def _note_shown(conn: PersonConnection, actor: Actor, patients: Iterable[UUID]) -> None:
    shown = sorted({str(patient) for patient in patients})
    if shown:
        note_access(conn, actor, Permission.QUEUE_READ, None, "R", {"patients": shown})


def _drill(row: DrillRow, now: datetime) -> Drill:
    return Drill(
        id=row.id,
        patient_id=row.patient_id,
        patient_name=row.patient_name,
        person_name=row.person_name,
        started_at=row.started_at,
        started_by_name=row.started_by_name,
        planned=row.planned,
        ended_at=row.ended_at,
        report=from_json(Report, row.report) if row.report else make_report(row, now),
    )


def choices(actor: Actor) -> Choices:
    """Return what the actor may choose from; nothing for who may not start one."""
    with acting_as(actor) as conn:
        rows = store.load_choices(conn)
        _note_shown(conn, actor, [row.id for row in rows if row.kind == "record"])
    return Choices(
        records=tuple((row.id, row.name) for row in rows if row.kind == "record"),
        people=tuple((row.id, row.name) for row in rows if row.kind == "person"),
    )


def plan_of(actor: Actor) -> PlanRow | None:
    """Return the monthly exercise of the acting organisation."""
    with acting_as(actor) as conn:
        found = store.load_plan(conn)
        _note_shown(conn, actor, [found.patient_id] if found and found.patient_name else [])
    return found


def plan(actor: Actor, patient: UUID, day: int, at: time) -> Started:
    """Plan a monthly exercise for the whole site, in place of the one before."""
    with acting_as(actor) as conn:
        said = store.plan(conn, patient, day, at)
        if said is Started.PLANNED:
            _note_plan(conn, actor, patient)
    return said


def drop_plan(actor: Actor) -> bool:
    """Plan no monthly exercise any more; False when none was planned."""
    with acting_as(actor) as conn:
        dropped = store.drop_plan(conn)
        if dropped:
            _note_plan(conn, actor, None)
    return dropped


def _note_plan(conn: PersonConnection, actor: Actor, patient: UUID | None) -> None:
    note_access(conn, actor, Permission.ROTA_MANAGE, patient, "U", {"what": "drill_plan"})


def begin(which: str, patient: UUID, login: str | None) -> UUID | Refused:
    """Start an exercise as the operator does; return its id."""
    drill = new_id(clock.now())
    with serving(Service.ADMINISTRATION) as conn:
        organisation = administration.load_organisation(conn, which)
        if organisation is None:
            return Refused("No such organisation.")
        account = administration.load_named_account(conn, login) if login else None
        if login and account is None:
            return Refused(f"Nobody has the sign-in name {login}.")
        person = account.person if account else None
        said = store.begin(conn, drill, organisation.organisation, patient, person, planned=False)
        if said is not Started.STARTED:
            return Refused(STARTED_SENTENCES[said])
        note_run(conn, Service.ADMINISTRATION, "drill_started", drill=str(drill))
    return drill


def read_any(drill: UUID) -> Drill | Refused:
    """Return an exercise as the operator reads it."""
    with serving(Service.ADMINISTRATION) as conn:
        row = store.load_one(conn, drill)
        note_run(conn, Service.ADMINISTRATION, "drill_read", drill=str(drill))
    return _drill(row, clock.now()) if row else Refused("There is no such exercise.")


def watch_drills(now: datetime) -> int:
    """Freeze the reports that are over and tell of those that failed; return how many are open.

    An open alert whose record is somebody's now is given to the review, which calls everybody anew.
    """
    with serving(Service.ESCALATION) as conn:
        store.review_ended(conn, now)
        rows = store.load_under_way(conn, WATCHED)
        for row in rows:
            report = make_report(row, now)
            if report.verdict is Verdict.FAILED and store.note_told(conn, row.id, now):
                about = row.patient_id
                tell_operator(conn, Occurrence.DRILL_FAILED, str(row.id), now, about=about)
            if is_over(report, row.started_at):
                store.freeze(conn, row.id, report)
    return len(rows)


def start_planned(now: datetime) -> int:
    """Start the monthly exercises whose hour has come; return how many were started.

    One that cannot start is tried again for some hours; then the operator is told, and the next
    month comes.
    """
    started = 0
    with serving(Service.ESCALATION) as conn:
        for row in store.load_plans(conn):
            started += _start_planned(conn, row, now)
    return started


def _start_planned(conn: ServiceConnection, row: DuePlanRow, now: datetime) -> bool:
    zone = ZoneInfo(row.zone or settings().time_zone)
    due = planned_for(row.day, row.at, zone, now, row.changed_at)
    if due is None or (row.done_for is not None and row.done_for >= due[0]):
        return False
    day, instant = due
    late = now >= instant + STARTS_WITHIN
    said: Started | None = None
    if not late:
        said = store.begin(conn, new_id(now), row.organisation, row.patient_id, None, planned=True)
    if said is Started.STARTED or late:
        store.note_done(conn, row.organisation, day)
    if late:
        reference = f"{row.organisation}:{day}"
        tell_operator(conn, Occurrence.DRILL_NOT_STARTED, reference, now, about=row.organisation)
    return said is Started.STARTED

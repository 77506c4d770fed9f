"""Typed functions over the queries of plans that people and machines share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from psycopg.rows import scalar_row
from psycopg.types.json import Jsonb

from core.doors import PersonConnection, ServiceConnection
from core.rows import fetch_all, fetch_one
from core.sqlfile import load_queries
from questionnaires.plans.plan import Line, Pause, PauseRequest, Plan, Task
from questionnaires.plans.schedule import Schedule, parse_schedule, schedule_json

_SQL = load_queries("questionnaires.plans")
AnyConnection = PersonConnection | ServiceConnection


@dataclass(frozen=True, slots=True, kw_only=True)
class _LineRow:
    id: UUID
    plan_id: UUID
    patient_id: UUID
    questionnaire: str
    edition: str
    schedule: dict[str, Any]
    begins_at: datetime
    ended_at: datetime | None
    first_day: date

    def line(self) -> Line:
        return Line(
            id=self.id,
            plan_id=self.plan_id,
            patient_id=self.patient_id,
            questionnaire=self.questionnaire,
            edition=self.edition,
            schedule=parse_schedule(self.schedule),
            begins_at=self.begins_at,
            ended_at=self.ended_at,
            first_day=self.first_day,
        )


def save_plan(
    conn: AnyConnection,
    *,
    id: UUID,
    patient: UUID,
    programme: tuple[str, int],
    title: Mapping[str, str],
    zone: str,
    days: tuple[date, date | None],
    high_risk: bool,
    required_by_law: bool,
    silence_alert: bool,
    by: UUID,
    now: datetime,
) -> bool:
    """Store a plan; False when one of its programme is running already."""
    params = {
        "id": id,
        "patient": patient,
        "programme": programme[0],
        "version": programme[1],
        "title": Jsonb(dict(title)),
        "zone": zone,
        "starts_on": days[0],
        "ends_on": days[1],
        "high_risk": high_risk,
        "required_by_law": required_by_law,
        "silence_alert": silence_alert,
        "by": by,
        "now": now,
    }
    return conn.execute(_SQL["save_plan"], params).rowcount == 1


def save_line(
    conn: AnyConnection,
    *,
    id: UUID,
    plan: UUID,
    patient: UUID,
    questionnaire: str,
    edition: str,
    schedule: Schedule,
    begins_at: datetime,
    first_day: date,
) -> None:
    """Store one questionnaire of a plan, asked at occasions after `begins_at`."""
    params = {
        "id": id,
        "plan": plan,
        "patient": patient,
        "questionnaire": questionnaire,
        "edition": edition,
        "schedule": schedule_json(schedule),
        "begins_at": begins_at,
        "first_day": first_day,
    }
    conn.execute(_SQL["save_line"], params)


def load_plans(conn: AnyConnection, patient: UUID) -> list[Plan]:
    """Return the plans of a patient, running ones first."""
    return fetch_all(conn, _SQL["plans_of_patient"], {"patient": patient}, Plan)


def lock_plan(conn: AnyConnection, patient: UUID, plan: UUID) -> Plan | None:
    """Return one plan of a patient, locked."""
    params = {"patient": patient, "plan": plan}
    return fetch_one(conn, _SQL["plan_for_update"], params, Plan)


def load_lines(conn: AnyConnection, plans: Sequence[UUID]) -> list[Line]:
    """Return the questionnaires of some plans, oldest first, those that ended too."""
    rows = fetch_all(conn, _SQL["lines_of_plans"], {"plans": list(plans)}, _LineRow)
    return [row.line() for row in rows]


def save_change(
    conn: AnyConnection,
    plan: UUID,
    *,
    zone: str,
    ends_on: date | None,
    high_risk: bool,
    silence_alert: bool,
) -> None:
    """Store what a running plan says of the whole of itself."""
    params = {
        "plan": plan,
        "zone": zone,
        "ends_on": ends_on,
        "high_risk": high_risk,
        "silence_alert": silence_alert,
    }
    conn.execute(_SQL["change_plan"], params)


def end_line(conn: AnyConnection, line: UUID, now: datetime) -> datetime:
    """End a line and cancel what it would still have asked; return after which instant.

    An occasion that was answered before its time stays the line's: it is not asked again.
    """
    with conn.cursor(row_factory=scalar_row) as cursor:
        early: datetime | None = cursor.execute(
            _SQL["last_done_occasion"], {"line": line, "now": now}
        ).fetchone()
    at = max(now, early) if early else now
    conn.execute(_SQL["end_line"], {"line": line, "at": at})
    conn.execute(_SQL["cancel_tasks_of_line"], {"line": line, "at": at})
    return at


def cut_days(conn: AnyConnection, plan: UUID, at: datetime, now: datetime) -> None:
    """Cancel what a plan would have asked from an instant on."""
    conn.execute(_SQL["cancel_tasks_after"], {"plan": plan, "at": at, "now": now})


def add_days(conn: AnyConnection, plan: UUID, now: datetime) -> None:
    """Let a plan ask again on days that it holds again."""
    conn.execute(_SQL["reopen_cancelled"], {"plan": plan, "now": now})
    conn.execute(_SQL["replan_from"], {"plan": plan, "at": now})


def end_plans(
    conn: AnyConnection,
    patient: UUID,
    plan: UUID | None,
    reason: str,
    by: UUID | None,
    now: datetime,
) -> list[UUID]:
    """End the running plans of a patient, or one; cancel their open tasks; return which ended."""
    params = {"patient": patient, "plan": plan, "reason": reason, "by": by, "now": now}
    with conn.cursor(row_factory=scalar_row) as cursor:
        ended: list[UUID] = cursor.execute(_SQL["end_plans"], params).fetchall()
    conn.execute(_SQL["end_lines_of_plans"], {"plans": ended, "now": now})
    conn.execute(_SQL["cancel_tasks_of_plans"], {"plans": ended, "now": now})
    return ended


def save_pause(
    conn: AnyConnection,
    *,
    id: UUID,
    patient: UUID,
    reason: str,
    span: tuple[datetime, datetime],
    by: UUID | None,
    now: datetime,
) -> None:
    """Store a pause and apply it to the tasks there are."""
    params = {
        "id": id,
        "patient": patient,
        "reason": reason,
        "starts_at": span[0],
        "ends_at": span[1],
        "by": by,
        "now": now,
    }
    conn.execute(_SQL["save_pause"], params)
    apply_pauses(conn, patient, now)


def apply_pauses(conn: AnyConnection, patient: UUID, now: datetime) -> None:
    """Let each task whose alarm has not come wait, or not, as the pauses say now."""
    conn.execute(_SQL["apply_pauses"], {"patient": patient, "now": now})


def load_pauses(conn: AnyConnection, patient: UUID) -> list[Pause]:
    """Return the last pauses of a patient, the one that ends last first."""
    return fetch_all(conn, _SQL["pauses_of_patient"], {"patient": patient}, Pause)


def lock_pauses(conn: AnyConnection, patient: UUID, now: datetime) -> list[Pause]:
    """Return the pauses of a patient that are not over, locked, earliest first."""
    return fetch_all(conn, _SQL["lock_pauses"], {"patient": patient, "now": now}, Pause)


def save_resumption(
    conn: AnyConnection, patient: UUID, pauses: Sequence[UUID], by: UUID | None, now: datetime
) -> None:
    """End pauses now and open the tasks that are still to come."""
    conn.execute(_SQL["resume"], {"pauses": list(pauses), "by": by, "now": now})
    apply_pauses(conn, patient, now)


def save_pause_request(
    conn: PersonConnection,
    *,
    id: UUID,
    patient: UUID,
    reason: str,
    days: tuple[date, date],
    note: str,
    by: UUID,
    now: datetime,
) -> None:
    """Store that a patient asks for a pause."""
    params = {
        "id": id,
        "patient": patient,
        "reason": reason,
        "from_day": days[0],
        "until_day": days[1],
        "note": note,
        "by": by,
        "now": now,
    }
    conn.execute(_SQL["save_pause_request"], params)


def load_pause_requests(conn: AnyConnection, patient: UUID) -> list[PauseRequest]:
    """Return the requests of a patient that nobody has answered, oldest first."""
    return fetch_all(conn, _SQL["pause_requests"], {"patient": patient}, PauseRequest)


def save_request_answer(
    conn: PersonConnection,
    patient: UUID,
    request: UUID,
    *,
    pause: UUID | None,
    by: UUID,
    now: datetime,
) -> bool:
    """Answer a request; False when there is none that waits for an answer."""
    params = {"request": request, "patient": patient, "pause": pause, "by": by, "now": now}
    return conn.execute(_SQL["answer_pause_request"], params).rowcount == 1


def load_tasks_today(conn: AnyConnection, patient: UUID, now: datetime) -> list[Task]:
    """Return what a patient is asked today where he lives, earliest first."""
    return fetch_all(conn, _SQL["tasks_today"], {"patient": patient, "now": now}, Task)


def load_tasks(conn: AnyConnection, patient: UUID, after: datetime, before: datetime) -> list[Task]:
    """Return the tasks of a patient between two instants, earliest first."""
    params = {"patient": patient, "after": after, "before": before}
    return fetch_all(conn, _SQL["tasks_between"], params, Task)


def load_task(conn: AnyConnection, patient: UUID, task: UUID) -> Task | None:
    """Return one task of a patient."""
    return fetch_one(conn, _SQL["task"], {"patient": patient, "task": task}, Task)


def complete_task(conn: PersonConnection, task: UUID, answer: UUID, now: datetime) -> str | None:
    """Settle a task with its answer; return its state, None when there was nothing to settle."""
    with conn.cursor(row_factory=scalar_row) as cursor:
        params = {"task": task, "answer": answer, "now": now}
        state: str | None = cursor.execute(_SQL["complete_task"], params).fetchone()
    return state

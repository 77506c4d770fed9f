"""Exercises: started, read, frozen; their monthly plan."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from psycopg.rows import scalar_row
from psycopg.types.json import Jsonb

from alerts.drill import DrillRow, Report, Started
from alerts.records import to_json
from core.doors import PersonConnection, ServiceConnection
from core.rows import fetch_all, fetch_one
from core.sqlfile import load_queries

_SQL = load_queries("alerts")


@dataclass(frozen=True, slots=True)
class ChoiceRow:
    """A record on which an exercise may be made, or a person it may be for."""

    kind: str
    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class PlanRow:
    """On which day of each month an organisation has an exercise; no name: followed no more."""

    patient_id: UUID
    patient_name: str | None
    day: int
    at: time


@dataclass(frozen=True, slots=True)
class DuePlanRow:
    """A plan as the sentinel reads it; `zone` is that of the rota, if one is kept."""

    organisation: UUID
    patient_id: UUID
    day: int
    at: time
    changed_at: datetime
    done_for: date | None
    zone: str | None


def start(conn: PersonConnection, drill: UUID, patient: UUID, person: UUID | None) -> Started:
    """Start an exercise of the acting organisation; the same id twice starts one."""
    return _said(conn, "start_drill", {"id": drill, "patient": patient, "person": person})


def begin(
    conn: ServiceConnection,
    drill: UUID,
    organisation: UUID,
    patient: UUID,
    person: UUID | None,
    *,
    planned: bool,
) -> Started:
    """Start an exercise of an organisation, by the service or its operator."""
    params = {
        "id": drill,
        "organisation": organisation,
        "patient": patient,
        "person": person,
        "planned": planned,
    }
    return _said(conn, "begin_drill", params)


def load_drills(conn: PersonConnection, limit: int, one: UUID | None = None) -> list[DrillRow]:
    """Return the exercises of the acting organisation, newest first."""
    return fetch_all(conn, _SQL["drills"], {"limit": limit, "id": one}, DrillRow)


def load_one(conn: ServiceConnection, drill: UUID) -> DrillRow | None:
    """Return one exercise, whoever's it is."""
    return fetch_one(conn, _SQL["drill_of_any"], {"id": drill}, DrillRow)


def load_under_way(conn: ServiceConnection, limit: int) -> list[DrillRow]:
    """Return the exercises whose report is not frozen yet, newest first."""
    return fetch_all(conn, _SQL["drills_under_way"], {"limit": limit}, DrillRow)


def freeze(conn: ServiceConnection, drill: UUID, report: Report) -> bool:
    """Keep the report of an exercise for ever; False when it is kept already."""
    params = {"id": drill, "report": Jsonb(to_json(report)), "now": report.made_at}
    return conn.execute(_SQL["freeze_drill"], params).rowcount == 1


def note_told(conn: ServiceConnection, drill: UUID, now: datetime) -> bool:
    """Note that the operator is told of a failure; False when he was told before."""
    return conn.execute(_SQL["note_drill_told"], {"id": drill, "now": now}).rowcount == 1


def is_of_drill(conn: ServiceConnection, alert: UUID) -> bool:
    """Say whether an exercise raised an alert."""
    with conn.cursor(row_factory=scalar_row) as cursor:
        return bool(cursor.execute(_SQL["is_of_drill"], {"id": alert}).fetchone())


def became_real(conn: ServiceConnection, alert: UUID) -> bool:
    """Say whether an exercise's alert is somebody's now, and nobody was called for him yet."""
    with conn.cursor(row_factory=scalar_row) as cursor:
        return bool(cursor.execute(_SQL["drill_became_real"], {"id": alert}).fetchone())


def review_ended(conn: ServiceConnection, now: datetime) -> int:
    """Ask for the review of exercises' open alerts that have become somebody's; return how many."""
    return conn.execute(_SQL["review_ended_drills"], {"now": now}).rowcount


def load_choices(conn: PersonConnection) -> list[ChoiceRow]:
    """Return the records and the persons of the acting organisation that may be chosen."""
    return fetch_all(conn, _SQL["drill_choices"], {}, ChoiceRow)


def plan(conn: PersonConnection, patient: UUID, day: int, at: time) -> Started:
    """Plan a monthly exercise of the acting organisation, in place of the one before."""
    return _said(conn, "plan_drill", {"patient": patient, "day": day, "at": at})


def drop_plan(conn: PersonConnection) -> bool:
    """Plan no monthly exercise any more; False when none was planned."""
    with conn.cursor(row_factory=scalar_row) as cursor:
        return bool(cursor.execute(_SQL["drop_drill_plan"]).fetchone())


def load_plan(conn: PersonConnection) -> PlanRow | None:
    """Return the plan of the acting organisation."""
    return fetch_one(conn, _SQL["my_drill_plan"], {}, PlanRow)


def load_plans(conn: ServiceConnection) -> list[DuePlanRow]:
    """Return every plan, locked, but for those that another process looks at."""
    return fetch_all(conn, _SQL["drill_plans"], {}, DuePlanRow)


def note_done(conn: ServiceConnection, organisation: UUID, day: date) -> None:
    """Note for which day the exercise of a month was dealt with."""
    conn.execute(_SQL["drill_plan_done"], {"organisation": organisation, "day": day})


def _said(
    conn: PersonConnection | ServiceConnection, query: str, params: dict[str, Any]
) -> Started:
    with conn.cursor(row_factory=scalar_row) as cursor:
        return Started(cursor.execute(_SQL[query], params).fetchone() or Started.NOT_ALLOWED)

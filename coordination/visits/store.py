"""Typed functions over the queries of visits."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Literal
from uuid import UUID

from coordination.visits.visit import Line, NewLine, Outcome, Report
from core.doors import PersonConnection, VisiblePatientId
from core.rows import fetch_all, fetch_one
from core.sqlfile import load_queries

_SQL = load_queries("coordination.visits")
MOST = 200
Said = Literal["done", "gone", "said"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MyVisit:
    """A visit of a day that is the actor's own, and what came of it."""

    line_id: UUID
    patient_id: UUID
    patient_name: str
    what: str
    at_time: time | None
    outcome: Outcome | None
    words: str | None
    by_name: str | None
    said_at: datetime | None
    in_hospital: bool


@dataclass(frozen=True, slots=True)
class _Said:
    said: Said


@dataclass(frozen=True, slots=True)
class _Done:
    done: bool


def load_lines(conn: PersonConnection, patient: VisiblePatientId, since: date) -> list[Line]:
    """Return who comes to a patient, on any day since then."""
    params = {"patient": patient, "since": since, "most": MOST}
    return fetch_all(conn, _SQL["lines"], params, Line)


def load_reports(conn: PersonConnection, patient: VisiblePatientId, since: date) -> list[Report]:
    """Return what came of visits since a day."""
    return fetch_all(conn, _SQL["reports"], {"patient": patient, "since": since}, Report)


def load_report(conn: PersonConnection, patient: VisiblePatientId, report: UUID) -> Report | None:
    """Return what came of one visit."""
    return fetch_one(conn, _SQL["report"], {"patient": patient, "report": report}, Report)


def add_line(
    conn: PersonConnection,
    patient: VisiblePatientId,
    line: NewLine,
    *,
    id: UUID,
    by: UUID,
    now: datetime,
) -> None:
    """Note that somebody comes."""
    params = {
        "id": id,
        "patient": patient,
        "party": line.party,
        "what": line.what,
        "weekdays": line.weekdays,
        "at_time": line.at_time,
        "starts_on": line.starts_on,
        "by": by,
        "now": now,
    }
    conn.execute(_SQL["add_line"], params)


def end_line(
    conn: PersonConnection, patient: VisiblePatientId, line: UUID, *, by: UUID, day: date
) -> bool:
    """Note that somebody comes no more from a day on; False for no such line."""
    params = {"line": line, "patient": patient, "by": by, "day": day}
    return conn.execute(_SQL["end_line"], params).rowcount == 1


def report_visit(
    conn: PersonConnection,
    line: UUID,
    day: date,
    outcome: Outcome,
    words: str,
    new: tuple[UUID, UUID],
) -> Said:
    """Note what came of a visit; `new` are the ids of the report and of its notice."""
    params = {
        "id": new[0],
        "line": line,
        "day": day,
        "outcome": outcome,
        "words": words,
        "notice": new[1],
    }
    found = fetch_one(conn, _SQL["report_visit"], params, _Said)
    return found.said if found else "gone"


def undo_report(conn: PersonConnection, line: UUID, day: date) -> bool:
    """Take back what was said of a visit; False when it is not the actor's to take back."""
    found = fetch_one(conn, _SQL["undo_report"], {"line": line, "day": day}, _Done)
    return found is not None and found.done


def load_mine(conn: PersonConnection, day: date) -> list[MyVisit]:
    """Return the visits of a day that are the actor's own."""
    return fetch_all(conn, _SQL["my_visits"], {"day": day, "most": MOST}, MyVisit)

"""How much a patient was asked and answered, and whether anything may be asked of him still."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg.rows import scalar_row

from core.doors import PersonConnection, ServiceConnection
from core.rows import fetch_one
from core.sqlfile import load_queries

_SQL = load_queries("questionnaires.plans")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """How many questionnaires were due, answered, and missed for good."""

    asked: int
    answered: int
    missed: int


def load_asked(conn: PersonConnection, patient: UUID, since: datetime, now: datetime) -> Asked:
    """Return how much a patient was asked between two instants, and answered."""
    params = {"patient": patient, "since": since, "now": now}
    found = fetch_one(conn, _SQL["asked_and_answered"], params, Asked)
    return found or Asked(asked=0, answered=0, missed=0)


def has_died(conn: PersonConnection | ServiceConnection, patient: UUID) -> bool:
    """Say whether a death is noted; nothing more is asked then."""
    with conn.cursor(row_factory=scalar_row) as cursor:
        return bool(cursor.execute(_SQL["died_on"], {"patient": patient}).fetchone())


def hold_open(conn: PersonConnection, patient: UUID) -> str | None:
    """Hold a record as it stands and say why no plan begins in it: `unshared`, `archived`."""
    with conn.cursor(row_factory=scalar_row) as cursor:
        why: str | None = cursor.execute(_SQL["hold_open"], {"patient": patient}).fetchone()
    return why


def load_task_waiting(
    conn: PersonConnection, patient: UUID, questionnaire: str, at: datetime
) -> UUID | None:
    """Return the task that an answer to a questionnaire at an instant settles, if there is one."""
    params = {"patient": patient, "questionnaire": questionnaire, "at": at}
    with conn.cursor(row_factory=scalar_row) as cursor:
        found: UUID | None = cursor.execute(_SQL["task_waiting"], params).fetchone()
    return found

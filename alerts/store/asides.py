"""What a person has put aside in his own queue, with his own eyes."""

from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from alerts.alert import SleepReason, State
from alerts.aside import Aside, Now
from core.doors import PersonConnection, VisiblePatientId
from core.rows import fetch_all
from core.sqlfile import load_queries
from scoring.level import LEVEL_BY_CODE

_SQL = load_queries("alerts")


@dataclass(frozen=True, slots=True, kw_only=True)
class AsideRow:
    """An alert that was put aside, and how it stands now."""

    alert_id: UUID
    patient_id: UUID
    person: UUID
    at: datetime
    until: datetime
    level: str
    round: int
    held: bool
    reason: str
    note: str
    level_now: str
    round_now: int
    state: str
    owner: UUID | None
    assigned_to: UUID | None


def load_asides(conn: PersonConnection, now: datetime) -> list[tuple[Aside, Now]]:
    """Return what the actor put aside until later than `now`, each with its alert."""
    rows = fetch_all(conn, _SQL["my_asides"], {"now": now}, AsideRow)
    return [(_aside(row), _now(row)) for row in rows]


def _aside(row: AsideRow) -> Aside:
    return Aside(
        alert_id=row.alert_id,
        person=row.person,
        at=row.at,
        until=row.until,
        level=LEVEL_BY_CODE[row.level],
        round=row.round,
        held=row.held,
        reason=SleepReason(row.reason),
        note=row.note,
    )


def _now(row: AsideRow) -> Now:
    return Now(
        level=LEVEL_BY_CODE[row.level_now],
        round=row.round_now,
        state=State(row.state),
        owner=row.owner,
        assigned_to=row.assigned_to,
    )


def save_aside(conn: PersonConnection, patient: VisiblePatientId, aside: Aside) -> None:
    """Put an alert aside for the actor; what he said of it before gives way."""
    params = {**asdict(aside), "level": aside.level.code, "patient": patient}
    conn.execute(_SQL["save_aside"], params)


def drop_aside(conn: PersonConnection, alert_id: UUID) -> bool:
    """Take an alert back into the actor's queue; False when it was not aside."""
    return conn.execute(_SQL["drop_aside"], {"alert": alert_id}).rowcount == 1

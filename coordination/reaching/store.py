"""Typed functions over the queries of reaching a patient."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from psycopg.rows import scalar_row

from coordination.reaching.chain import Attempt, DoubtCheck
from coordination.reaching.home import Home
from coordination.reaching.people import Person, PersonDraft
from core.doors import PersonConnection, ServiceConnection
from core.rows import fetch_all, fetch_one
from core.sqlfile import load_queries

_SQL = load_queries("coordination.reaching")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReachFacts:
    """What other rooms know: whether his number is doubted, his doctors, oxygen in L/min."""

    phone_doubted: bool
    gps: list[str]
    oxygen_l_min: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowedThere:
    """How many patients are followed in a département; empty where nobody has said it."""

    department: str
    patients: int


@dataclass(frozen=True, slots=True)
class EndedCheck:
    """A doubt check that was just ended, and the alert it was about."""

    alert_id: UUID | None


@dataclass(frozen=True, slots=True)
class SaidRow:
    """What came of noting an attempt: « noted », « gone » or « not_allowed »."""

    said: str


def load_people(conn: PersonConnection, patient: UUID) -> list[Person]:
    """Return whom to call, in order."""
    return fetch_all(conn, _SQL["people"], {"patient": patient}, Person)


def add_person(
    conn: PersonConnection,
    *,
    id: UUID,
    patient: UUID,
    place: int,
    draft: PersonDraft,
    by: UUID,
    now: datetime,
) -> None:
    """Put somebody on the list."""
    params = {**asdict(draft), "id": id, "patient": patient, "place": place, "by": by, "now": now}
    conn.execute(_SQL["add_person"], params)


def change_person(conn: PersonConnection, patient: UUID, id: UUID, draft: PersonDraft) -> bool:
    """Change what is known of somebody; False when he is not on the list."""
    params = {**asdict(draft), "id": id, "patient": patient}
    return conn.execute(_SQL["change_person"], params).rowcount == 1


def remove_person(
    conn: PersonConnection, patient: UUID, id: UUID, *, by: UUID, now: datetime
) -> bool:
    """Take somebody off the list; False when he is not on it."""
    params = {"id": id, "patient": patient, "by": by, "now": now}
    return conn.execute(_SQL["remove_person"], params).rowcount == 1


def place_people(conn: PersonConnection, patient: UUID, ids: Sequence[UUID]) -> None:
    """Put the list into an order."""
    conn.execute(_SQL["place_people"], {"patient": patient, "ids": list(ids)})


def load_attempts(conn: PersonConnection, patient: UUID, most: int) -> list[Attempt]:
    """Return calls to the patient and his people, latest first."""
    return fetch_all(conn, _SQL["attempts"], {"patient": patient, "most": most}, Attempt)


def save_attempt(
    conn: PersonConnection,
    *,
    id: UUID,
    patient: UUID,
    alert: UUID | None,
    contact: UUID | None,
    outcome: str,
    next_at: datetime | None,
    note: str,
) -> str:
    """Note what came of a call; return « noted », « gone » or « not_allowed »."""
    params = {
        "id": id,
        "patient": patient,
        "alert": alert,
        "contact": contact,
        "outcome": outcome,
        "next_at": next_at,
        "note": note,
    }
    found = fetch_one(conn, _SQL["note_attempt"], params, SaidRow)
    return found.said if found else "gone"


def load_checks(conn: PersonConnection, patient: UUID, most: int) -> list[DoubtCheck]:
    """Return who was sent to the home, latest first."""
    return fetch_all(conn, _SQL["doubt_checks"], {"patient": patient, "most": most}, DoubtCheck)


def send_somebody(
    conn: PersonConnection,
    *,
    id: UUID,
    patient: UUID,
    alert: UUID | None,
    who: str,
    expected_at: datetime | None,
    by: UUID,
    now: datetime,
) -> None:
    """Note that somebody is sent to the home."""
    params = {
        "id": id,
        "patient": patient,
        "alert": alert,
        "who": who,
        "expected_at": expected_at,
        "by": by,
        "now": now,
    }
    conn.execute(_SQL["send_somebody"], params)


def end_check(
    conn: PersonConnection,
    patient: UUID,
    id: UUID,
    *,
    outcome: str,
    note: str,
    by: UUID,
    now: datetime,
) -> EndedCheck | None:
    """Note what was found at the home; None when it is known already."""
    params = {
        "id": id,
        "patient": patient,
        "outcome": outcome,
        "note": note,
        "by": by,
        "now": now,
    }
    return fetch_one(conn, _SQL["end_check"], params, EndedCheck)


def load_home(conn: PersonConnection, patient: UUID) -> Home | None:
    """Return what was noted of the home."""
    return fetch_one(conn, _SQL["home"], {"patient": patient}, Home)


def save_home(
    conn: PersonConnection, patient: UUID, home: Home, *, by: UUID, now: datetime
) -> bool:
    """Keep a home; False when somebody else has changed it since `home.version`."""
    params = {**asdict(home), "patient": patient, "by": by, "now": now}
    query = _SQL["change_home"] if home.version else _SQL["add_home"]
    return conn.execute(query, params).rowcount == 1


def load_facts(conn: PersonConnection, patient: UUID) -> ReachFacts | None:
    """Return what other rooms know of reaching the patient."""
    return fetch_one(conn, _SQL["reach_facts"], {"patient": patient}, ReachFacts)


def raise_call_backs(conn: ServiceConnection, limit: int) -> int:
    """Move up those who were to be called again by now; return how many."""
    with conn.cursor(row_factory=scalar_row) as cursor:
        return int(cursor.execute(_SQL["raise_call_backs"], {"limit": limit}).fetchone() or 0)


def load_departments(conn: ServiceConnection) -> list[FollowedThere]:
    """Return in which départements patients are followed."""
    return fetch_all(conn, _SQL["followed_departments"], {}, FollowedThere)

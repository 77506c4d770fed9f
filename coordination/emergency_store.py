"""Typed functions over the queries of accesses in an emergency and of oppositions."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast
from uuid import UUID

from psycopg.rows import scalar_row

from coordination.consent import Opposition
from coordination.emergency import Done, Emergency, Identity, ToReview, Verdict
from core.doors import PersonConnection, ServiceConnection
from core.rows import fetch_all, fetch_one
from core.sqlfile import load_queries

_SQL = load_queries("coordination")
Opening = Literal["opened", "open", "opposed"]


@dataclass(frozen=True, slots=True)
class Untold:
    """An access in an emergency that nobody was told of yet."""

    id: UUID
    patient_id: UUID


@dataclass(frozen=True, slots=True)
class ToTell:
    """Somebody to tell; `address` is None when he cannot be written to."""

    person: UUID
    is_patient: bool
    address: str | None
    locale: str


def load_matches(conn: PersonConnection, identity: Identity) -> list[UUID]:
    """Return the patients of exactly these traits; nobody without the right of the post."""
    params = {
        "name": identity.name,
        "first_name": identity.first_name,
        "birth_date": identity.birth_date,
    }
    with conn.cursor(row_factory=scalar_row) as cursor:
        return cursor.execute(_SQL["emergency_match"], params).fetchall()


def save_opening(
    conn: PersonConnection,
    *,
    id: UUID,
    membership: UUID,
    patient: UUID,
    reason: str,
    minutes: int,
    review_hours: int,
) -> Opening:
    """Open a record for `minutes`, unless it is open already or the patient has opposed it."""
    params = {
        "id": id,
        "membership": membership,
        "patient": patient,
        "reason": reason,
        "minutes": minutes,
        "review_hours": review_hours,
    }
    with conn.cursor(row_factory=scalar_row) as cursor:
        return cast(Opening, cursor.execute(_SQL["open_in_emergency"], params).fetchone())


def load_emergencies(conn: PersonConnection, patient: UUID) -> list[Emergency]:
    """Return the accesses in an emergency to a record, latest first."""
    return fetch_all(conn, _SQL["emergencies"], {"patient": patient}, Emergency)


def load_to_review(conn: PersonConnection, most: int) -> list[ToReview]:
    """Return what the acting post reviews: what waits by its term, then what is done."""
    return fetch_all(conn, _SQL["to_review"], {"id": None, "most": most}, ToReview)


def load_one_to_review(conn: PersonConnection, id: UUID) -> ToReview | None:
    """Return one access in an emergency, for its reviewer."""
    return fetch_one(conn, _SQL["to_review"], {"id": id, "most": 1}, ToReview)


def load_done(conn: PersonConnection, id: UUID) -> list[Done]:
    """Return what was done through an access, for its reviewer."""
    return fetch_all(conn, _SQL["done_in_emergency"], {"id": id}, Done)


def save_review(conn: PersonConnection, id: UUID, verdict: Verdict, note: str) -> bool:
    """Keep a verdict; False when there is one, or the access is not this person's to review."""
    params = {"id": id, "verdict": verdict, "note": note}
    return _is_true(conn, "review_emergency", params)


def load_opposition(conn: PersonConnection, patient: UUID) -> Opposition | None:
    """Return the opposition to accesses in an emergency that is in force."""
    return fetch_one(conn, _SQL["opposition"], {"patient": patient}, Opposition)


def save_opposition(conn: PersonConnection, id: UUID, patient: UUID, means: str) -> bool:
    """Keep an opposition and end what is open by breaking the glass; False when there was one."""
    return _is_true(conn, "oppose", {"id": id, "patient": patient, "means": means})


def end_opposition(conn: PersonConnection, patient: UUID) -> bool:
    """Take an opposition back; False when there was none."""
    return _is_true(conn, "withdraw_opposition", {"patient": patient})


def _is_true(conn: PersonConnection, query: str, params: dict[str, object]) -> bool:
    with conn.cursor(row_factory=scalar_row) as cursor:
        return bool(cursor.execute(_SQL[query], params).fetchone())


def lock_untold(conn: ServiceConnection, limit: int) -> list[Untold]:
    """Return accesses in an emergency that nobody was told of, locked."""
    return fetch_all(conn, _SQL["untold_emergencies"], {"limit": limit}, Untold)


def load_to_tell(conn: ServiceConnection, id: UUID) -> list[ToTell]:
    """Return whom to tell of an access, a row an address."""
    return fetch_all(conn, _SQL["to_tell"], {"id": id}, ToTell)


def note_told(conn: ServiceConnection, id: UUID, now: datetime) -> None:
    """Note that the messages about an access are out."""
    conn.execute(_SQL["note_told"], {"id": id, "now": now})


def take_overdue(conn: ServiceConnection, now: datetime) -> list[UUID]:
    """Return the reviews that have just become late, each once."""
    with conn.cursor(row_factory=scalar_row) as cursor:
        return cursor.execute(_SQL["overdue_reviews"], {"now": now}).fetchall()


def close_ended(conn: ServiceConnection, limit: int) -> int:
    """Call off what hangs on stays and posts that ended by their date; return how many."""
    with conn.cursor(row_factory=scalar_row) as cursor:
        return int(cursor.execute(_SQL["close_ended"], {"limit": limit}).fetchone() or 0)

"""Typed functions over the room's queries."""

from datetime import datetime
from uuid import UUID

from coordination.circle import FollowedPatient, Found, Member
from coordination.journal import Access
from core.doors import PersonConnection, VisiblePatientId
from core.rows import fetch_all, fetch_one
from core.sqlfile import load_queries

_SQL = load_queries("coordination")


def load_members(conn: PersonConnection, patient: VisiblePatientId) -> list[Member]:
    """Return everybody who is or was in the circle."""
    return fetch_all(conn, _SQL["members"], {"patient": patient}, Member)


def load_followed(
    conn: PersonConnection, person: UUID, now: datetime, most: int
) -> list[FollowedPatient]:
    """Return the patients in whose circle the actor is."""
    params = {"person": person, "now": now, "most": most}
    return fetch_all(conn, _SQL["followed_patients"], params, FollowedPatient)


def load_journal(conn: PersonConnection, patient: VisiblePatientId, most: int) -> list[Access]:
    """Return the latest accesses to a record."""
    return fetch_all(conn, _SQL["journal"], {"patient": patient, "most": most}, Access)


def load_person(conn: PersonConnection, patient: VisiblePatientId, login: str) -> Found | None:
    """Return who is behind a sign-in name."""
    return fetch_one(conn, _SQL["person_of_login"], {"patient": patient, "login": login}, Found)


def save_member(
    conn: PersonConnection,
    *,
    id: UUID,
    patient: VisiblePatientId,
    party: UUID,
    role: str,
    basis: str,
    now: datetime,
    granted_by: UUID,
    reason: str | None,
) -> None:
    """Add a person to the circle."""
    conn.execute(
        _SQL["add_member"],
        {
            "id": id,
            "patient": patient,
            "party": party,
            "role": role,
            "basis": basis,
            "now": now,
            "granted_by": granted_by,
            "reason": reason,
        },
    )


def save_end(
    conn: PersonConnection,
    patient: VisiblePatientId,
    membership: UUID,
    now: datetime,
    reason: str | None,
) -> bool:
    """End a live membership; False when there is none of that id to end."""
    params = {"patient": patient, "membership": membership, "now": now, "reason": reason}
    return conn.execute(_SQL["end_member"], params).rowcount == 1

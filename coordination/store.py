"""Typed functions over the room's queries."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from psycopg.rows import scalar_row

from coordination.circle import FollowedPatient, Found, Head, Member
from coordination.consent import Consent, Text
from coordination.journal import Access
from core.doors import PersonConnection, VisiblePatientId
from core.rows import fetch_all, fetch_one
from core.sqlfile import load_queries

_SQL = load_queries("coordination")


def load_members(conn: PersonConnection, patient: VisiblePatientId) -> list[Member]:
    """Return everybody who is or was in the circle."""
    return fetch_all(conn, _SQL["members"], {"patient": patient}, Member)


def load_followed(
    conn: PersonConnection, *, name: str, after: UUID | None, most: int
) -> list[FollowedPatient]:
    """Return at most `most` patients of the actor's, from the one after `after`."""
    params = {"name": name, "after": after, "most": most}
    return fetch_all(conn, _SQL["followed_patients"], params, FollowedPatient)


def load_journal(
    conn: PersonConnection,
    patient: VisiblePatientId,
    since: datetime,
    until: datetime,
    most: int,
) -> list[Access]:
    """Return the latest accesses to a record in [since, until)."""
    params = {"patient": patient, "since": since, "until": until, "most": most}
    return fetch_all(conn, _SQL["journal"], params, Access)


def journal_reaches_back(
    conn: PersonConnection, patient: VisiblePatientId, since: datetime
) -> bool:
    """Say whether somebody opened a record before `since`."""
    return _is_true(conn, "journal_reaches_back", {"patient": patient, "since": since})


def load_person(conn: PersonConnection, patient: VisiblePatientId, login: str) -> Found | None:
    """Return who is behind a sign-in name."""
    return fetch_one(conn, _SQL["person_of_login"], {"patient": patient, "login": login}, Found)


def load_head(conn: PersonConnection, patient: VisiblePatientId) -> Head:
    """Return the version and the manager of a circle."""
    head = fetch_one(conn, _SQL["circle_head"], {"patient": patient}, Head)
    return head or Head(version=0, managing_organisation=None, managing_name=None)


def take_circle(conn: PersonConnection, patient: VisiblePatientId, version: int) -> bool:
    """Lock the circle until the transaction ends; False when it has changed since `version`."""
    return _is_true(conn, "take_circle", {"patient": patient, "version": version})


def save_manager(conn: PersonConnection, patient: VisiblePatientId, organisation: UUID) -> bool:
    """Let an organisation of the circle manage it; False when it is not in the circle."""
    return _is_true(conn, "name_manager", {"patient": patient, "organisation": organisation})


def find_organisations(
    conn: PersonConnection, patient: VisiblePatientId, text: str, id: UUID | None = None
) -> list[Found]:
    """Return organisations by a part of their name, or the one of an id."""
    params = {"patient": patient, "text": text, "id": id}
    return fetch_all(conn, _SQL["find_organisations"], params, Found)


def save_member(
    conn: PersonConnection,
    *,
    id: UUID,
    patient: VisiblePatientId,
    party: UUID,
    role: str,
    basis: str,
    agreed: Sequence[str],
    scope: str | None,
    starts_at: datetime,
    ends_at: datetime | None,
    granted_by: UUID,
    reason: str | None,
) -> None:
    """Add a party to the circle for one stay."""
    conn.execute(
        _SQL["add_member"],
        {
            "id": id,
            "patient": patient,
            "party": party,
            "role": role,
            "basis": basis,
            "agreed": list(agreed),
            "scope": scope,
            "starts_at": starts_at,
            "ends_at": ends_at,
            "granted_by": granted_by,
            "reason": reason,
        },
    )


def save_end(
    conn: PersonConnection,
    patient: VisiblePatientId,
    membership: UUID,
    *,
    ends_at: datetime,
    now: datetime,
    by: UUID,
    reason: str | None,
) -> bool:
    """End a membership now or on a day to come; False when there is none of that id to end."""
    params = {
        "patient": patient,
        "membership": membership,
        "ends_at": ends_at,
        "now": now,
        "by": by,
        "reason": reason,
    }
    return conn.execute(_SQL["end_member"], params).rowcount == 1


def end_sleeper(
    conn: PersonConnection, patient: VisiblePatientId, membership: UUID, reason: str | None
) -> bool:
    """End the stay of a member who sleeps; False when there is none of that id."""
    params: dict[str, object] = {"patient": patient, "membership": membership, "reason": reason}
    return _is_true(conn, "end_sleeper", params)


def save_consent(
    conn: PersonConnection,
    *,
    id: UUID,
    patient: VisiblePatientId,
    membership: UUID,
    text: Text,
    wording: str,
    permissions: Sequence[str],
    given_on: date,
    given_by: UUID,
    means: str,
    recorded_by: UUID,
    now: datetime,
) -> None:
    """Keep what the patient agreed to, in the words he was shown."""
    conn.execute(
        _SQL["add_consent"],
        {
            "id": id,
            "patient": patient,
            "membership": membership,
            "text_id": text.id,
            "text_version": text.version,
            "wording": wording,
            "permissions": list(permissions),
            "given_on": given_on,
            "given_by": given_by,
            "means": means,
            "recorded_by": recorded_by,
            "now": now,
        },
    )


def load_consents(conn: PersonConnection, patient: VisiblePatientId) -> list[Consent]:
    """Return what a patient agreed to, latest first."""
    return fetch_all(conn, _SQL["consents"], {"patient": patient}, Consent)


def end_consent(conn: PersonConnection, patient: VisiblePatientId, consent: UUID) -> bool:
    """Take a consent back; False when there is none of that id in force."""
    return _is_true(conn, "withdraw_consent", {"patient": patient, "consent": consent})


def _is_true(conn: PersonConnection, query: str, params: dict[str, object]) -> bool:
    with conn.cursor(row_factory=scalar_row) as cursor:
        return bool(cursor.execute(_SQL[query], params).fetchone())

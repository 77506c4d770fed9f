"""Typed functions over the queries of one's own sessions and of the life of accounts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from core.doors import PersonConnection, ServiceConnection, VisiblePatientId
from core.rows import fetch_all, fetch_one
from core.sqlfile import load_queries
from identity.administration.forms import HeldPost, last_instant
from identity.people import Post

_SQL = load_queries("identity")


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnSession:
    """A live session, as its owner is told of it."""

    session: UUID
    begun_at: datetime
    last_seen_at: datetime
    role: str | None
    organisation_name: str | None
    device: str
    provider: str


@dataclass(frozen=True, slots=True)
class Invited:
    """What came of an invitation, and who was meant."""

    outcome: str
    person: UUID | None


CodeBy = Literal["sms", "hand"]
"""How the code of an invitation reaches a patient: unseen, or by whoever invites."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation of a patient: where the link went, how the code, who sent it and when."""

    mail: str
    code_by: CodeBy
    invited_at: datetime
    by_name: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """Where an invitation goes again."""

    mail: str
    locale: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Substitute:
    """Who replaces the actor, in a post of his own for some time."""

    post: UUID
    name: str
    starts_at: datetime
    ends_at: datetime | None

    @property
    def last_instant(self) -> datetime | None:
        """The end as a reader counts it: its day is the last one."""
        return last_instant(self.ends_at)


@dataclass(frozen=True, slots=True)
class NamedAccount:
    """An account as the operator names it."""

    person: UUID
    name: str
    state: str


@dataclass(frozen=True, slots=True)
class NamedOrganisation:
    """An organisation as the operator names it."""

    organisation: UUID
    name: str


def load_own_sessions(conn: PersonConnection) -> list[OwnSession]:
    """Return the live sessions of whoever acts, the latest used first."""
    return fetch_all(conn, _SQL["my_sessions"], {}, OwnSession)


def end_own_sessions(conn: PersonConnection, session: UUID | None) -> int:
    """End one session of whoever acts, or all; return how many ended."""
    row = conn.execute(_SQL["end_my_sessions"], {"session": session}).fetchone()
    return int(row[0]) if row else 0


def load_posts_administered(conn: PersonConnection) -> list[HeldPost]:
    """Return the posts of the organisation the actor administers."""
    return fetch_all(conn, _SQL["admin_posts"], {}, HeldPost)


def invite(
    conn: PersonConnection,
    *,
    person: UUID,
    post: UUID,
    contact: UUID,
    family: str,
    given: str,
    rpps: str | None,
    mail: str,
    role: str,
    starts_at: datetime,
    ends_at: datetime | None,
) -> Invited:
    """Give a professional a post, and an account where he has none."""
    params = {
        "person": person,
        "post": post,
        "contact": contact,
        "family": family,
        "given": given,
        "rpps": rpps,
        "mail": mail,
        "role": role,
        "starts_at": starts_at,
        "ends_at": ends_at,
    }
    found = fetch_one(conn, _SQL["admin_invite"], params, Invited)
    if found is None:
        raise LookupError("an invitation without an outcome")
    return found


def load_waiting(conn: PersonConnection, person: UUID) -> Waiting | None:
    """Return where the invitation of somebody who has not taken it up goes again."""
    return fetch_one(conn, _SQL["admin_waiting"], {"person": person}, Waiting)


def end_post(conn: PersonConnection, post: UUID, ends_at: datetime | None) -> str:
    """End a post of the organisation, or keep it open; return what came of it."""
    return _word(conn, "admin_end_post", {"post": post, "ends_at": ends_at})


def decide_on_account(
    conn: PersonConnection, person: UUID, act: str, expires_at: datetime | None
) -> str:
    """Suspend an account, let it sign in again, or set its end; return what came of it."""
    return _word(conn, "admin_account", {"person": person, "act": act, "expires_at": expires_at})


def substitute(
    conn: PersonConnection,
    *,
    id: UUID,
    post: UUID,
    login: str,
    starts_at: datetime,
    ends_at: datetime,
) -> str:
    """Let somebody replace a post for some time; return what came of it."""
    params = {
        "id": id,
        "post": post,
        "login": login,
        "starts_at": starts_at,
        "ends_at": ends_at,
    }
    return _word(conn, "substitute", params)


def load_own_substitutes(conn: PersonConnection) -> list[Substitute]:
    """Return who replaces the actor in his post, now or later."""
    return fetch_all(conn, _SQL["my_substitutes"], {}, Substitute)


def end_own_substitute(conn: PersonConnection, post: UUID) -> bool:
    """End a substitute's post; False when it was over or another's."""
    row = conn.execute(_SQL["end_my_substitute"], {"post": post}).fetchone()
    return bool(row and row[0])


def load_patient_account(conn: PersonConnection, patient: VisiblePatientId) -> str:
    """Return the state of a patient's account: none, invited, active, suspended, expired."""
    return _word(conn, "patient_account", {"patient": patient})


def invite_patient(
    conn: PersonConnection,
    patient: VisiblePatientId,
    *,
    contact: UUID,
    mail: str,
    code_by: CodeBy,
    invitation: UUID,
) -> str:
    """Make an account for a patient who has none in use; return what came of it."""
    params: dict[str, object] = {
        "patient": patient,
        "contact": contact,
        "mail": mail,
        "code_by": code_by,
        "invitation": invitation,
    }
    return _word(conn, "invite_patient", params)


def load_invitation_phone(conn: PersonConnection, patient: VisiblePatientId) -> str:
    """Return the telephone of the record as it was typed, empty where there is none."""
    return _word(conn, "invitation_phone", {"patient": patient})


def load_invitations(conn: PersonConnection, patient: VisiblePatientId) -> list[Invitation]:
    """Return who invited the patient to open his account, newest first."""
    return fetch_all(conn, _SQL["patient_invitations"], {"patient": patient}, Invitation)


def _word(conn: PersonConnection, query: str, params: dict[str, object]) -> str:
    row = conn.execute(_SQL[query], params).fetchone()
    return str(row[0]) if row else "gone"


def load_named_account(conn: ServiceConnection, login: str) -> NamedAccount | None:
    """Return the account behind a sign-in name."""
    return fetch_one(conn, _SQL["operator_account"], {"login": login.lower()}, NamedAccount)


def load_person_of_rpps(conn: ServiceConnection, rpps: str) -> UUID | None:
    """Return who has an RPPS number."""
    row = conn.execute(_SQL["operator_person_of_rpps"], {"rpps": rpps}).fetchone()
    return row[0] if row else None


def suspend(conn: ServiceConnection, person: UUID, suspended: bool) -> bool:
    """Suspend an account or let it sign in again; False when it was so already."""
    params = {"person": person, "suspended": suspended}
    row = conn.execute(_SQL["operator_suspend"], params).fetchone()
    return bool(row and row[0])


def end_post_now(conn: ServiceConnection, post: UUID, now: datetime) -> bool:
    """End a post; False when it was over."""
    row = conn.execute(_SQL["operator_end_post"], {"post": post, "now": now}).fetchone()
    return bool(row and row[0])


def load_posts_of(conn: ServiceConnection, person: UUID, now: datetime) -> list[Post]:
    """Return the live posts of a person."""
    return fetch_all(conn, _SQL["operator_posts"], {"person": person, "now": now}, Post)


def load_organisation(conn: ServiceConnection, which: str) -> NamedOrganisation | None:
    """Return an organisation by its identifier or FINESS number."""
    return fetch_one(conn, _SQL["operator_organisation"], {"which": which}, NamedOrganisation)


def save_organisation_number(
    conn: ServiceConnection, organisation: UUID, finess: str | None, kind: str, now: datetime
) -> None:
    """Note the FINESS number and the kind of an organisation."""
    params = {"organisation": organisation, "finess": finess, "kind": kind, "now": now}
    conn.execute(_SQL["save_organisation_number"], params)


def save_professional_number(
    conn: ServiceConnection, person: UUID, *, rpps: str, family: str, given: str, now: datetime
) -> None:
    """Note the RPPS number of a professional."""
    params = {"person": person, "rpps": rpps, "family": family, "given": given, "now": now}
    conn.execute(_SQL["save_professional_number"], params)


def save_post_until(
    conn: ServiceConnection,
    *,
    id: UUID,
    person: UUID,
    organisation: UUID,
    role: str,
    now: datetime,
    ends_at: datetime | None,
) -> None:
    """Give a person a post from now on, perhaps with an end."""
    conn.execute(
        _SQL["save_post_until"],
        {
            "id": id,
            "person": person,
            "organisation": organisation,
            "role": role,
            "now": now,
            "ends_at": ends_at,
        },
    )

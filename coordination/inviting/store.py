"""Typed functions over the queries of invitations."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from uuid import UUID

from psycopg.rows import scalar_row

from coordination.inviting.inviting import AccountAsked, Behind, Invitation, Judged, Mine
from core.doors import GateConnection, PersonConnection, VisiblePatientId
from core.rows import fetch_all, fetch_one
from core.sqlfile import load_queries

_SQL = load_queries("coordination.inviting")


@dataclass(frozen=True, slots=True, kw_only=True)
class InDirectory:
    """A professional of the directory; the address may be empty."""

    party: UUID
    name: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed:
    """What came of confirming who somebody is."""

    outcome: str
    person: UUID | None
    address: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewInvitation:
    """An invitation as it is written down; `ends_at` is that of its link."""

    id: UUID
    name: str
    address: str
    role: str
    basis: str
    agreed: Sequence[str]
    rpps: str | None
    person: UUID | None
    stay_ends_at: datetime | None
    text_id: str | None
    text_version: int | None
    wording: str | None
    means: str | None
    given_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """The mail of an invitation: its id, the digest of its link, and the link sealed."""

    message: UUID
    token_hash: bytes
    sealed: str
    locale: str
    ends_at: datetime


def load_verdict(conn: PersonConnection, patient: VisiblePatientId, address: str) -> str:
    """Say whether one more invitation may go to an address."""
    return str(_scalar(conn, "may_invite", {"patient": patient, "address": address}))


def find_by_rpps(
    conn: PersonConnection, patient: VisiblePatientId, rpps: str
) -> InDirectory | None:
    """Return whose RPPS number it is."""
    params = {"patient": patient, "rpps": rpps}
    return fetch_one(conn, _SQL["find_by_rpps"], params, InDirectory)


def save_invitation(
    conn: PersonConnection,
    patient: VisiblePatientId,
    by: UUID,
    new: NewInvitation,
    letter: Letter,
    now: datetime,
) -> None:
    """Write an invitation down."""
    conn.execute(
        _SQL["add_invitation"],
        {
            "id": new.id,
            "patient": patient,
            "by": by,
            "name": new.name,
            "address": new.address,
            "role": new.role,
            "basis": new.basis,
            "agreed": list(new.agreed),
            "rpps": new.rpps,
            "person": new.person,
            "stay_ends_at": new.stay_ends_at,
            "text_id": new.text_id,
            "text_version": new.text_version,
            "wording": new.wording,
            "means": new.means,
            "given_on": new.given_on,
            "token_hash": letter.token_hash,
            "ends_at": letter.ends_at,
            "now": now,
        },
    )


def save_letter(
    conn: PersonConnection, patient: VisiblePatientId, invitation: UUID, letter: Letter
) -> bool:
    """Put the mail of an invitation out; False when it is answered, or was sent often enough."""
    params = {
        "patient": patient,
        "id": invitation,
        "message": letter.message,
        "token_hash": letter.token_hash,
        "sealed": letter.sealed,
        "locale": letter.locale,
        "ends_at": letter.ends_at,
    }
    return bool(_scalar(conn, "mail_invitation", params))


def end_invitation(conn: PersonConnection, patient: VisiblePatientId, invitation: UUID) -> bool:
    """Take an invitation back; False when it is answered."""
    return bool(_scalar(conn, "withdraw_invitation", {"patient": patient, "id": invitation}))


def load_invitations(
    conn: PersonConnection, patient: VisiblePatientId, since: datetime
) -> list[Invitation]:
    """Return the invitations that wait, and those answered since."""
    params = {"patient": patient, "since": since}
    return fetch_all(conn, _SQL["invitations"], params, Invitation)


def load_behind(conn: GateConnection, token_hash: bytes) -> Behind | None:
    """Return what stands behind a link, while it serves."""
    return fetch_one(conn, _SQL["gate_invitation"], {"token_hash": token_hash}, Behind)


def save_asking(
    conn: GateConnection, token_hash: bytes, family: str, given: str, rpps: str | None
) -> bool:
    """Note that somebody asks for an account; False when the link does not let him."""
    params = {"token_hash": token_hash, "family": family, "given": given, "rpps": rpps}
    with conn.cursor(row_factory=scalar_row) as cursor:
        return bool(cursor.execute(_SQL["gate_ask_account"], params).fetchone())


def load_mine(conn: PersonConnection) -> list[Mine]:
    """Return the invitations that wait for the actor."""
    return fetch_all(conn, _SQL["my_invitations"], {}, Mine)


def save_answer(
    conn: PersonConnection, invitation: UUID, membership: UUID, consent: UUID, *, accepts: bool
) -> str:
    """Accept or refuse; return what came of it."""
    params = {
        "id": invitation,
        "membership": membership,
        "consent": consent,
        "accepts": accepts,
    }
    return str(_scalar(conn, "answer_invitation", params))


def load_patient(conn: PersonConnection, invitation: UUID) -> UUID | None:
    """Return whose record an invitation opened that the actor accepted."""
    found = _scalar(conn, "patient_of_invitation", {"id": invitation})
    return found if isinstance(found, UUID) else None


def load_accounts_asked(conn: PersonConnection) -> list[AccountAsked]:
    """Return who waits for the administrator."""
    return fetch_all(conn, _SQL["accounts_asked"], {}, AccountAsked)


def confirm_account(
    conn: PersonConnection, invitation: UUID, person: UUID, contact: UUID, judged: Judged
) -> Confirmed:
    """Confirm who somebody is, or send his request back."""
    params = {"id": invitation, "person": person, "contact": contact, **asdict(judged)}
    done = fetch_one(conn, _SQL["confirm_account"], params, Confirmed)
    return done or Confirmed(outcome="gone", person=None, address=None)


def _scalar(conn: PersonConnection, query: str, params: dict[str, object]) -> object:
    with conn.cursor(row_factory=scalar_row) as cursor:
        return cursor.execute(_SQL[query], params).fetchone()

"""Typed functions over the queries of how a record stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, LiteralString
from uuid import UUID

from psycopg.rows import scalar_row
from psycopg.types.json import Jsonb

from coordination.opening.opening import (
    Change,
    Head,
    Outcome,
    Proposal,
    Said,
    Sleeper,
    Statement,
    Transfer,
)
from core.doors import PersonConnection, ServiceConnection, VisiblePatientId
from core.rows import fetch_all, fetch_one
from core.sqlfile import load_queries

_SQL = load_queries("coordination.opening")


@dataclass(frozen=True, slots=True)
class _Heeded:
    patient: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """The picture of a signed paper; sides in pixels."""

    id: UUID
    width: int
    height: int
    bytes: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class ToAnswer:
    """A record that was proposed to the organisation of the actor."""

    id: UUID
    patient_id: UUID
    patient_name: str
    birth_date: date
    from_name: str
    mission: str
    stays: bool
    reason: str
    patient_told_on: date
    proposed_by_name: str
    proposed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Sleeping:
    """A record of which the actor is a member that sleeps."""

    name: str
    manager_name: str | None
    since: datetime


def _scalar(conn: PersonConnection, query: LiteralString, params: Mapping[str, Any]) -> Any:
    with conn.cursor(row_factory=scalar_row) as cursor:
        return cursor.execute(query, params).fetchone()


def load_head(conn: PersonConnection, patient: VisiblePatientId) -> Head | None:
    """Return how a record stands."""
    return fetch_one(conn, _SQL["record_head"], {"patient": patient}, Head)


def load_changes(conn: PersonConnection, patient: VisiblePatientId) -> list[Change]:
    """Return who shared, closed, archived or reopened a record, latest first."""
    return fetch_all(conn, _SQL["record_changes"], {"patient": patient}, Change)


def load_sleepers(conn: PersonConnection, patient: VisiblePatientId) -> list[Sleeper]:
    """Return the members who do not read the record now."""
    return fetch_all(conn, _SQL["sleepers"], {"patient": patient}, Sleeper)


def load_transfers(conn: PersonConnection, patient: VisiblePatientId) -> list[Transfer]:
    """Return to whom a record was proposed, latest first."""
    return fetch_all(conn, _SQL["transfers"], {"patient": patient}, Transfer)


def load_statements(conn: PersonConnection, patient: VisiblePatientId) -> list[Statement]:
    """Return what the patient was told, agreed to and opposes, for who may know it."""
    return fetch_all(conn, _SQL["statements"], {"patient": patient}, Statement)


def save_sharing(
    conn: PersonConnection,
    patient: VisiblePatientId,
    id: UUID,
    version: int,
    *,
    shared: bool,
    reason: str,
) -> Outcome:
    """Share a record, or close it to everybody but the organisation that answers for it."""
    params = {
        "id": id,
        "patient": patient,
        "shared": shared,
        "reason": reason,
        "version": version,
    }
    return Outcome(_scalar(conn, _SQL["set_sharing"], params))


def save_archived(
    conn: PersonConnection,
    patient: VisiblePatientId,
    id: UUID,
    version: int,
    *,
    archived: bool,
    reason: str,
) -> Outcome:
    """Archive a record, or open it again."""
    params = {
        "id": id,
        "patient": patient,
        "archived": archived,
        "reason": reason,
        "version": version,
    }
    return Outcome(_scalar(conn, _SQL["set_archived"], params))


def save_statement(
    conn: PersonConnection, patient: VisiblePatientId, id: UUID, said: Said, wording: str
) -> Outcome:
    """Write down what a patient was told, agreed to or opposes, in the words he was shown."""
    text = {"id": said.text.id, "version": said.text.version, "wording": wording}
    params = {
        "id": id,
        "patient": patient,
        "kind": said.kind,
        "text": Jsonb(text),
        "said_on": said.said_on,
        "said_by": said.said_by,
        "means": said.means,
    }
    return Outcome(_scalar(conn, _SQL["note_statement"], params))


def end_statement(conn: PersonConnection, patient: VisiblePatientId, statement: UUID) -> bool:
    """Take an agreement or an opposition back; False when there was none."""
    params = {"id": statement, "patient": patient}
    return bool(_scalar(conn, _SQL["withdraw_statement"], params))


def save_paper(
    conn: PersonConnection, patient: VisiblePatientId, statement: UUID, paper: Paper
) -> bool:
    """Keep the picture of the paper on which a statement was signed."""
    params = {
        "id": paper.id,
        "statement": statement,
        "patient": patient,
        "width": paper.width,
        "height": paper.height,
        "bytes": paper.bytes,
    }
    return bool(_scalar(conn, _SQL["keep_paper"], params))


def load_paper(conn: PersonConnection, patient: VisiblePatientId, paper: UUID) -> Paper | None:
    """Return the picture of a signed paper of a record."""
    return fetch_one(conn, _SQL["load_paper"], {"patient": patient, "paper": paper}, Paper)


def save_proposal(
    conn: PersonConnection,
    patient: VisiblePatientId,
    id: UUID,
    proposal: Proposal,
    version: int,
) -> Outcome:
    """Propose a record to another organisation."""
    params = {
        "id": id,
        "patient": patient,
        "to": proposal.to,
        "mission": proposal.mission,
        "stays": proposal.stays,
        "reason": proposal.reason,
        "told_on": proposal.patient_told_on,
        "version": version,
    }
    return Outcome(_scalar(conn, _SQL["propose_transfer"], params))


def end_proposal(conn: PersonConnection, patient: VisiblePatientId, transfer: UUID) -> bool:
    """Take a proposal back; False when it was answered or is not one's own."""
    params = {"id": transfer, "patient": patient}
    return bool(_scalar(conn, _SQL["withdraw_transfer"], params))


def load_to_answer(conn: PersonConnection, transfer: UUID | None = None) -> list[ToAnswer]:
    """Return what was proposed to the organisation of the actor, oldest first."""
    return fetch_all(conn, _SQL["transfers_to_answer"], {"id": transfer}, ToAnswer)


def save_answer(
    conn: PersonConnection, transfer: UUID, membership: UUID, *, accepts: bool, answer: str
) -> UUID | None:
    """Accept or refuse a record; return whose, None when there is nothing to answer."""
    params = {"id": transfer, "membership": membership, "accepts": accepts, "answer": answer}
    found = _scalar(conn, _SQL["answer_transfer"], params)
    return found if isinstance(found, UUID) else None


def load_sleeping(conn: PersonConnection) -> list[Sleeping]:
    """Return the records of which the actor is a member that sleeps."""
    return fetch_all(conn, _SQL["sleeping_records"], {}, Sleeping)


def heed_opposition(conn: ServiceConnection) -> UUID | None:
    """Close the sharing of the next record an opposition closes now; None when none is left."""
    found = fetch_one(conn, _SQL["heed_opposition"], {}, _Heeded)
    return found.patient if found else None

"""Versions and drafts of a prescription, under row security."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.rows import scalar_row

from core.doors import PersonConnection, VisiblePatientId
from core.rows import fetch_all, fetch_one
from core.sqlfile import load_queries

_SQL = load_queries("alerts")


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRow:
    """One version of a prescription; `content` is None where a template was taken as it is."""

    id: UUID
    patient_id: UUID
    version: int
    profile_id: str
    profile_version: int
    ladder_id: str
    ladder_version: int
    adjustments: list[dict[str, Any]]
    usual_values: dict[str, float]
    spo2_scale: int
    content: str | None
    digest: str | None
    prescribed_by: UUID
    prescribed_by_name: str | None
    starts_at: datetime
    ends_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftRow:
    """A draft nobody has signed."""

    id: UUID
    patient_id: UUID
    base_version: int
    content: str
    reason: str
    alert_id: UUID | None
    made_by: UUID
    made_by_name: str | None
    changed_at: datetime
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A draft as it was kept; whoever changes or signs it names its revision."""

    id: UUID
    revision: int


def load_versions(conn: PersonConnection, patient: VisiblePatientId) -> list[VersionRow]:
    """Return the versions of a patient's prescription, the live one first, then the newest."""
    return fetch_all(conn, _SQL["versions_of_prescription"], {"patient": patient}, VersionRow)


def load_drafts(conn: PersonConnection, patient: VisiblePatientId) -> list[DraftRow]:
    """Return the open drafts, the one changed last first."""
    return fetch_all(conn, _SQL["open_drafts"], {"patient": patient}, DraftRow)


def save_draft(
    conn: PersonConnection,
    *,
    id: UUID,
    patient: UUID,
    base: int,
    content: str,
    reason: str,
    alert: UUID | None,
    now: datetime,
) -> Kept | None:
    """Keep a draft of the actor; one he has open is written over."""
    params = {
        "id": id,
        "patient": patient,
        "base": base,
        "content": content,
        "reason": reason,
        "alert": alert,
        "now": now,
    }
    return fetch_one(conn, _SQL["save_draft"], params, Kept)


def change_draft(
    conn: PersonConnection,
    patient: VisiblePatientId,
    kept: Kept,
    *,
    content: str,
    reason: str,
    now: datetime,
) -> Kept | None:
    """Write into a draft; None when it is no longer as it was seen."""
    params = {
        "id": kept.id,
        "patient": patient,
        "revision": kept.revision,
        "content": content,
        "reason": reason,
        "now": now,
    }
    return fetch_one(conn, _SQL["change_draft"], params, Kept)


def discard_draft(
    conn: PersonConnection, patient: VisiblePatientId, kept: Kept, now: datetime
) -> bool:
    """Throw a draft away; False when it is no longer as it was seen."""
    params = {"id": kept.id, "patient": patient, "revision": kept.revision, "now": now}
    return conn.execute(_SQL["discard_draft"], params).rowcount == 1


def sign_draft(
    conn: PersonConnection,
    patient: UUID,
    kept: Kept,
    *,
    id: UUID,
    content: str,
    digest: str,
    look_at: datetime | None,
) -> str:
    """Make a draft the live version; return « signed », or the word that says why not."""
    params = {
        "id": id,
        "patient": patient,
        "draft": kept.id,
        "revision": kept.revision,
        "content": content,
        "digest": digest,
        "look_at": look_at,
    }
    with conn.cursor(row_factory=scalar_row) as cursor:
        return str(cursor.execute(_SQL["sign_prescription"], params).fetchone())

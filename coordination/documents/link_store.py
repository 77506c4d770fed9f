"""Typed functions over the queries of links to documents."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from coordination.documents.document import Document
from coordination.documents.link import Link
from core.doors import GateConnection, PersonConnection, VisiblePatientId
from core.rows import fetch_all, fetch_one
from core.sqlfile import load_queries

_SQL = load_queries("coordination.documents")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLink:
    """A link as it is written down: its secrets as digests."""

    id: UUID
    version: UUID
    expires_at: datetime
    token_hash: bytes
    code_hash: bytes
    mailed_to: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """What stands behind a link whose code was right, and under whose rights it opens."""

    id: UUID
    item_id: UUID
    patient_id: UUID
    version_id: UUID
    made_by: UUID


@dataclass(frozen=True, slots=True)
class _Done:
    done: bool


def save_link(
    conn: PersonConnection, document: Document, new: NewLink, *, by: UUID, now: datetime
) -> None:
    """Write a link down; raises InsufficientPrivilege when the document may not leave."""
    params = {
        "id": new.id,
        "item": document.item_id,
        "patient": document.patient_id,
        "version": new.version,
        "by": by,
        "now": now,
        "expires_at": new.expires_at,
        "token_hash": new.token_hash,
        "code_hash": new.code_hash,
        "mailed_to": new.mailed_to,
    }
    conn.execute(_SQL["add_link"], params)


def save_mail(conn: PersonConnection, link: UUID, message: UUID, sealed: str, locale: str) -> bool:
    """Put the mail of a link out; False when nothing may be sent for this record."""
    params = {"id": link, "message": message, "sealed": sealed, "locale": locale}
    found = fetch_one(conn, _SQL["mail_link"], params, _Done)
    return found is not None and found.done


def load_links(conn: PersonConnection, patient: VisiblePatientId, item: UUID) -> list[Link]:
    """Return the links to a document, latest first."""
    return fetch_all(conn, _SQL["links"], {"patient": patient, "item": item}, Link)


def load_link(conn: PersonConnection, patient: VisiblePatientId, link: UUID) -> Link | None:
    """Return one link, if the actor may share its document."""
    return fetch_one(conn, _SQL["link"], {"patient": patient, "link": link}, Link)


def end_link(conn: PersonConnection, link: UUID) -> bool:
    """End a link; False when it had ended."""
    found = fetch_one(conn, _SQL["end_link"], {"link": link}, _Done)
    return found is not None and found.done


def save_opening(conn: PersonConnection, link: UUID) -> bool:
    """Count that a link opens; False when it does not any more."""
    found = fetch_one(conn, _SQL["open_link"], {"link": link}, _Done)
    return found is not None and found.done


def try_link(conn: GateConnection, token_hash: bytes, code_hash: bytes) -> Behind | None:
    """Try the code of a link; a wrong one counts."""
    params = {"token_hash": token_hash, "code_hash": code_hash}
    return fetch_one(conn, _SQL["gate_try_link"], params, Behind)

"""Typed functions over the queries of documents."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from coordination.documents.document import Document, Draft, Version
from core.doors import PersonConnection, VisiblePatientId
from core.rows import fetch_all, fetch_one
from core.sqlfile import load_queries

_SQL = load_queries("coordination.documents")


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """Who opened the file of a document, and when first."""

    name: str
    role: str
    organisation_name: str | None
    first_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What is known of the bytes of a version."""

    digest: bytes
    media: str
    size: int
    pages: int
    width: int | None
    height: int | None


@dataclass(frozen=True, slots=True)
class _Count:
    count: int


@dataclass(frozen=True, slots=True)
class _Done:
    done: bool


@dataclass(frozen=True, slots=True)
class _Reason:
    reason: str


def load_documents(
    conn: PersonConnection, patient: VisiblePatientId, kind: str | None, most: int
) -> list[Document]:
    """Return documents of a record, latest first."""
    params = {"patient": patient, "kind": kind, "most": most}
    return fetch_all(conn, _SQL["documents"], params, Document)


def load_document(conn: PersonConnection, patient: VisiblePatientId, item: UUID) -> Document | None:
    """Return one document, if the actor reads it."""
    return fetch_one(conn, _SQL["document"], {"patient": patient, "item": item}, Document)


def load_within(
    conn: PersonConnection, patient: VisiblePatientId, items: Sequence[UUID]
) -> list[Document]:
    """Return the documents attached to some notes."""
    params = {"patient": patient, "items": list(items)}
    return fetch_all(conn, _SQL["documents_within"], params, Document)


def load_site(
    conn: PersonConnection, patient: VisiblePatientId, site: str, most: int
) -> list[Document]:
    """Return the photographs of one place of the body, oldest first."""
    params = {"patient": patient, "site": site, "most": most}
    return fetch_all(conn, _SQL["photographs_of_site"], params, Document)


def load_versions(conn: PersonConnection, patient: VisiblePatientId, item: UUID) -> list[Version]:
    """Return every version of a document, latest first."""
    return fetch_all(conn, _SQL["versions"], {"patient": patient, "item": item}, Version)


def load_version(
    conn: PersonConnection, patient: VisiblePatientId, version: UUID
) -> Version | None:
    """Return one version, if the actor reads its document."""
    return fetch_one(conn, _SQL["version"], {"patient": patient, "version": version}, Version)


def load_own_version(
    conn: PersonConnection, patient: VisiblePatientId, version: UUID, by: UUID
) -> Version | None:
    """Return a version that somebody added himself."""
    params = {"patient": patient, "version": version, "by": by}
    return fetch_one(conn, _SQL["own_version"], params, Version)


def load_readers(conn: PersonConnection, patient: VisiblePatientId, item: UUID) -> list[Opening]:
    """Return who opened the file of a document."""
    return fetch_all(conn, _SQL["readers"], {"patient": patient, "item": item}, Opening)


def load_withdrawal(conn: PersonConnection, item: UUID) -> str | None:
    """Return why a document was withdrawn; None when it was not."""
    found = fetch_one(conn, _SQL["withdrawal"], {"item": item}, _Reason)
    return found.reason if found else None


def count_kept(conn: PersonConnection, since: datetime) -> int:
    """Return how many files the actor has kept since an instant, in whatever record."""
    found = fetch_one(conn, _SQL["kept_since"], {"since": since}, _Count)
    return found.count if found else 0


def save_document(
    conn: PersonConnection,
    patient: VisiblePatientId,
    item: UUID,
    draft: Draft,
    *,
    within: UUID | None,
    author: UUID,
    now: datetime,
) -> None:
    """Sign a new document; raises UniqueViolation when its id is taken."""
    params = {
        "item": item,
        "patient": patient,
        "sensitivity": draft.sensitivity,
        "within": within,
        "author": author,
        "kind": draft.kind,
        "site": draft.site,
        "now": now,
    }
    conn.execute(_SQL["sign_document_item"], params)
    conn.execute(_SQL["keep_document"], params)


def save_version(
    conn: PersonConnection,
    patient: VisiblePatientId,
    item: UUID,
    draft: Draft,
    kept: Kept,
    *,
    id: UUID,
    number: int,
    by: UUID,
    now: datetime,
) -> None:
    """Add a version to a document."""
    conn.execute(
        _SQL["keep_version"],
        {
            "id": id,
            "item": item,
            "patient": patient,
            "number": number,
            "by": by,
            "now": now,
            "title": draft.title,
            "dated_on": draft.dated_on,
            "valid_until": draft.valid_until,
            "media": kept.media,
            "size": kept.size,
            "digest": kept.digest,
            "pages": kept.pages,
            "width": kept.width,
            "height": kept.height,
        },
    )


def save_opened(conn: PersonConnection, item: UUID) -> None:
    """Note that the actor has opened the file of a document."""
    conn.execute(_SQL["read_document"], {"item": item})


def may_withdraw(conn: PersonConnection, item: UUID) -> bool:
    """Whether the actor may say that a document was entered in error."""
    found = fetch_one(conn, _SQL["may_withdraw_document"], {"item": item}, _Done)
    return found is not None and found.done


def save_withdrawal(
    conn: PersonConnection,
    patient: VisiblePatientId,
    item: UUID,
    reason: str,
    *,
    by: UUID,
    now: datetime,
) -> None:
    """Withdraw a document; said twice, it is withdrawn once."""
    params = {"item": item, "patient": patient, "by": by, "now": now, "reason": reason}
    conn.execute(_SQL["withdraw_document"], params)

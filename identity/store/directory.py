"""Queries of the national directory."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from core.doors import PersonConnection, ServiceConnection
from core.rows import fetch_all
from core.sqlfile import load_queries
from identity.directory import (
    ImportReport,
    OrganisationEntry,
    PostEntry,
    ProfessionalEntry,
)

_SQL = load_queries("identity")


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownProfessional:
    """A professional as an earlier import left him."""

    person: UUID
    rpps: str | None
    adeli: str | None
    directory_id: str | None
    family_name: str
    given_names: str
    civility: str | None
    profession: str | None
    specialty: str | None
    mssante: str | None
    active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownOrganisation:
    """An organisation as an earlier import left it."""

    organisation: UUID
    finess: str | None
    national_id: str | None
    directory_id: str | None
    name: str
    kind: str
    sector: str | None
    parent: UUID | None
    mssante: str | None
    postcode: str | None
    town: str | None
    commune: str | None
    phone: str | None
    active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPost:
    """A post of an earlier import."""

    directory_id: str
    post: UUID
    person: UUID
    organisation: UUID
    ends_at: datetime | None


def _numbers(keys: Iterable[str], kind: str) -> list[str]:
    return [key.partition(":")[2] for key in keys if key.startswith(f"{kind}:")]


def load_professionals(conn: ServiceConnection, keys: Sequence[str]) -> list[KnownProfessional]:
    """Return the professionals that are called by one of these keys."""
    params = {
        "rpps": _numbers(keys, "rpps"),
        "adeli": _numbers(keys, "adeli"),
        "ids": _numbers(keys, "id"),
    }
    return fetch_all(conn, _SQL["known_professionals"], params, KnownProfessional)


def load_organisations(conn: ServiceConnection, keys: Sequence[str]) -> list[KnownOrganisation]:
    """Return the organisations that are called by one of these keys."""
    params = {
        "finess": _numbers(keys, "finess"),
        "nst": _numbers(keys, "nst"),
        "ids": _numbers(keys, "id"),
    }
    return fetch_all(conn, _SQL["known_organisations"], params, KnownOrganisation)


def load_directory_posts(conn: ServiceConnection, ids: Sequence[str]) -> dict[str, KnownPost]:
    """Return posts of earlier imports by their ids in the directory."""
    rows = fetch_all(conn, _SQL["known_posts"], {"ids": list(ids)}, KnownPost)
    return {row.directory_id: row for row in rows}


def save_entry(
    conn: ServiceConnection,
    entry: OrganisationEntry | ProfessionalEntry,
    party: UUID,
    now: datetime,
    *,
    new: bool,
) -> None:
    """Write an entry of the directory; the party of a new one comes with it."""
    is_person = isinstance(entry, ProfessionalEntry)
    name = entry.shown_name if isinstance(entry, ProfessionalEntry) else entry.name
    params: dict[str, Any] = {**asdict(entry), "party": party, "now": now, "name": name}
    if new:
        kind = "person" if is_person else "organisation"
        conn.execute(_SQL["save_party"], {"id": party, "kind": kind, "name": name, "now": now})
        query = "save_professional" if is_person else "save_organisation"
        conn.execute(_SQL[query], params)
        return
    conn.execute(_SQL["change_professional" if is_person else "change_organisation"], params)
    conn.execute(_SQL["rename_party"], {"party": party, "name": name})


def set_parent(conn: ServiceConnection, party: UUID, parent: UUID) -> None:
    """Say what an organisation is part of."""
    conn.execute(_SQL["set_parent"], {"party": party, "parent": parent})


def save_directory_post(
    conn: ServiceConnection,
    entry: PostEntry,
    *,
    post: UUID,
    person: UUID,
    organisation: UUID,
    role: str,
    starts_at: datetime,
    ends_at: datetime | None,
) -> None:
    """Give a professional the post the directory says he has."""
    dated = {"post": post, "person": person, "organisation": organisation, "role": role}
    conn.execute(_SQL["save_dated_post"], {**dated, "starts_at": starts_at, "ends_at": ends_at})
    conn.execute(_SQL["save_directory_post"], {**asdict(entry), "post": post})


def end_directory_post(conn: ServiceConnection, post: UUID, ends_at: datetime) -> bool:
    """End a post; False when it has ended before."""
    params = {"post": post, "ends_at": ends_at}
    return conn.execute(_SQL["end_directory_post"], params).rowcount == 1


def save_import(conn: ServiceConnection, report: ImportReport) -> None:
    """Keep what an import did."""
    conn.execute(_SQL["save_import"], {**asdict(report), "refused": Jsonb(report.refused)})


def load_imports(conn: PersonConnection, id: UUID | None, most: int) -> list[ImportReport]:
    """Return imports, latest first, or one of them; none without `directory:import`."""
    return fetch_all(conn, _SQL["directory_imports"], {"id": id, "most": most}, ImportReport)

"""Typed functions over the editions of questionnaires."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import TupleRow
from psycopg.types.json import Jsonb

from core.rows import fetch_all, fetch_one
from core.sqlfile import load_queries
from questionnaires.editions import Edition
from questionnaires.questionnaire import Questionnaire

_SQL = load_queries("questionnaires")

Connection = psycopg.Connection[TupleRow]


def load_resource(conn: Connection, digest: str) -> dict[str, Any] | None:
    """Return the FHIR resource of an edition; None when there is none."""
    row = conn.execute(_SQL["edition_resource"], {"digest": digest}).fetchone()
    return row[0] if row else None


def load_active_digest(conn: Connection, name: str) -> str | None:
    """Return the digest of the edition of a name that may be planned now."""
    row = conn.execute(_SQL["active_digest"], {"name": name}).fetchone()
    return row[0] if row else None


def load_digest_of_version(conn: Connection, name: str, version: str) -> str | None:
    """Return the digest of the edition of a name and version."""
    row = conn.execute(_SQL["digest_of_version"], {"name": name, "version": version}).fetchone()
    return row[0] if row else None


def load_shipped_digest(conn: Connection, name: str, version: str) -> str | None:
    """Return, as the owner, the digest under which a version is already known."""
    row = conn.execute(_SQL["shipped_version"], {"name": name, "version": version}).fetchone()
    return row[0] if row else None


def save_shipped(
    conn: Connection, edition: Questionnaire, resource: dict[str, Any], now: datetime
) -> None:
    """Store, as the owner, a shipped edition in the place of the one before."""
    conn.execute(_SQL["retire_shipped"], {"name": edition.name, "now": now})
    conn.execute(
        _SQL["save_shipped"],
        {
            "digest": edition.digest,
            "name": edition.name,
            "version": edition.version,
            "url": edition.url,
            "resource": Jsonb(resource),
            "now": now,
        },
    )


def load_editions(conn: Connection) -> list[Edition]:
    """Return the editions the actor may see."""
    return fetch_all(conn, _SQL["editions"], {}, Edition)


def load_edition_row(conn: Connection, digest: str) -> Edition | None:
    """Return one edition the actor may see."""
    return fetch_one(conn, _SQL["edition_row"], {"digest": digest}, Edition)


def is_name_ours(conn: Connection, name: str) -> bool:
    """Say whether no other organisation, nor Chevet itself, has a questionnaire of that name."""
    row = conn.execute(_SQL["is_name_ours"], {"name": name}).fetchone()
    return bool(row and row[0])


def save_draft_edition(
    conn: Connection,
    edition: Questionnaire,
    resource: Mapping[str, Any],
    *,
    organisation: UUID,
    by: UUID,
    now: datetime,
) -> bool:
    """Store an imported edition as a draft; False when its name and version are taken."""
    done = conn.execute(
        _SQL["save_draft_edition"],
        {
            "digest": edition.digest,
            "name": edition.name,
            "version": edition.version,
            "url": edition.url,
            "resource": Jsonb(resource),
            "organisation": organisation,
            "by": by,
            "now": now,
        },
    )
    return done.rowcount == 1


def lock_name(conn: Connection, name: str) -> None:
    """Let one person at a time publish or retire editions of a name, until the commit."""
    conn.execute(_SQL["lock_name"], {"name": name})


def retire_active(conn: Connection, name: str, *, by: UUID, now: datetime) -> None:
    """Retire the edition of a name in use, if there is one."""
    conn.execute(_SQL["retire_active"], {"name": name, "by": by, "now": now})


def publish_edition(conn: Connection, digest: str, *, by: UUID, now: datetime) -> None:
    """Put an edition in use."""
    conn.execute(_SQL["publish_edition"], {"digest": digest, "by": by, "now": now})


def retire_edition(conn: Connection, digest: str, *, by: UUID, now: datetime) -> None:
    """Retire an edition."""
    conn.execute(_SQL["retire_edition"], {"digest": digest, "by": by, "now": now})

"""Typed functions over the editions of questionnaires."""

from datetime import datetime
from typing import Any

import psycopg
from psycopg.rows import TupleRow
from psycopg.types.json import Jsonb

from core.sqlfile import load_queries
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

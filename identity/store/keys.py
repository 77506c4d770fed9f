"""Typed functions over the queries of the keys of other systems."""

from datetime import datetime
from uuid import UUID

from core.doors import GateConnection, ServiceConnection
from core.rows import fetch_all, fetch_one
from core.sqlfile import load_queries
from identity.keys import ApiKey, KeptKey

_SQL = load_queries("identity")


def load_key(conn: GateConnection, token_hash: bytes) -> ApiKey | None:
    """Return the live key behind a digest."""
    return fetch_one(conn, _SQL["api_key"], {"token_hash": token_hash}, ApiKey)


def save_key(
    conn: ServiceConnection,
    *,
    id: UUID,
    organisation: UUID,
    name: str,
    scopes: list[str],
    token_hash: bytes,
    now: datetime,
    expires_at: datetime,
) -> None:
    """Add a key by its digest."""
    conn.execute(
        _SQL["save_api_key"],
        {
            "id": id,
            "organisation": organisation,
            "name": name,
            "scopes": scopes,
            "token_hash": token_hash,
            "now": now,
            "expires_at": expires_at,
        },
    )


def load_keys_of(conn: ServiceConnection, organisation: UUID) -> list[KeptKey]:
    """Return the keys of an organisation, in the order they were made."""
    return fetch_all(conn, _SQL["api_keys_of"], {"organisation": organisation}, KeptKey)


def end_key(conn: ServiceConnection, key: UUID, now: datetime) -> bool:
    """End a key; False when there is none that has not ended."""
    found = conn.execute(_SQL["end_api_key"], {"key": key, "now": now}).fetchone()
    return found is not None

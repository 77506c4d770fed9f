"""Typed functions over the queries of models and their turns."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from core.doors import ServiceConnection
from core.rows import fetch_all, fetch_one
from core.sqlfile import load_queries

_SQL = load_queries("alerts")


@dataclass(frozen=True, slots=True)
class KnownModel:
    """A model there is: its name and the digest of its file."""

    version: str
    sha256: str


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A model there is, whole."""

    version: str
    sha256: str
    file: bytes


@dataclass(frozen=True, slots=True)
class KeptModel:
    """A model that never was in use, and why it is kept."""

    version: str
    added_at: datetime
    kept_for: str


@dataclass(frozen=True, slots=True)
class Turn:
    """When a model came into use, or none was any more (`version` None), and why."""

    version: str | None
    kind: str
    at: datetime
    reason: str


def hold_models(conn: ServiceConnection) -> None:
    """Let no other process change which model is in use before this transaction ends."""
    conn.execute(_SQL["hold_models"])


def save_model(
    conn: ServiceConnection,
    version: str,
    sha256: str,
    card: Mapping[str, Any],
    file: bytes,
    now: datetime,
    kept_for: str | None = None,
) -> None:
    """Add a model, unless one of this version or content is there; `kept_for`: why, unused."""
    params = {
        "version": version,
        "sha256": sha256,
        "card": Jsonb(dict(card)),
        "file": file,
        "now": now,
        "kept_for": kept_for,
    }
    conn.execute(_SQL["save_model"], params)


def ask_about_all(conn: ServiceConnection, now: datetime) -> None:
    """Note that the model is to be asked about each patient who is watched."""
    conn.execute(_SQL["ask_model_about_all"], {"now": now})


def load_known(conn: ServiceConnection, version: str, sha256: str) -> list[KnownModel]:
    """Return the models of this version or of this content."""
    params = {"version": version, "sha256": sha256}
    return fetch_all(conn, _SQL["model_known"], params, KnownModel)


def save_turn(
    conn: ServiceConnection, id: UUID, version: str | None, kind: str, reason: str, now: datetime
) -> None:
    """Note that a model came into use, or that none is."""
    params = {"id": id, "version": version, "kind": kind, "reason": reason, "now": now}
    conn.execute(_SQL["save_model_turn"], params)


def load_turns(conn: ServiceConnection) -> list[Turn]:
    """Return every turn, the newest first."""
    return fetch_all(conn, _SQL["model_turns"], {}, Turn)


def load_file(conn: ServiceConnection, version: str) -> ModelFile | None:
    """Return the file of a model."""
    return fetch_one(conn, _SQL["model_file"], {"version": version}, ModelFile)


def load_kept(conn: ServiceConnection) -> list[KeptModel]:
    """Return the models that never were in use, the newest first."""
    return fetch_all(conn, _SQL["models_kept"], {}, KeptModel)

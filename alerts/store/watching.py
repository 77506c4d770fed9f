"""Typed functions over the queries of looks at the model in use."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from alerts.looks import CardRow, EndRow, LineRow, LookRow, NewestLook, ValueRow
from alerts.store.models import Turn
from core.doors import PersonConnection, ServiceConnection
from core.rows import fetch_all, fetch_one
from core.sqlfile import load_queries
from core.vitals import Vital
from scoring.observation import TO_VERIFY, UNUSABLE

_SQL = load_queries("alerts")


@dataclass(frozen=True, slots=True)
class _Reference:
    reference: Mapping[str, Mapping[str, Any]] | None


@dataclass(frozen=True, slots=True)
class _Locked:
    locked: bool


def look_alone(conn: ServiceConnection) -> bool:
    """Tell whether this transaction is the only one that looks; it stays so until it ends."""
    found = fetch_one(conn, _SQL["look_at_model_alone"], {}, _Locked)
    return found is not None and found.locked


def load_newest(conn: ServiceConnection) -> NewestLook | None:
    """Return the newest look."""
    return fetch_one(conn, _SQL["newest_model_look"], {}, NewestLook)


def save_look(conn: ServiceConnection, id: UUID, look: LookRow) -> None:
    """Add a look."""
    params = {
        "id": id,
        "at": look.at,
        "version": look.version,
        "lines_from": look.lines_from,
        "lines_until": look.lines_until,
        "lines": look.lines,
        "patients": look.patients,
        "verdict": look.verdict,
        "findings": Jsonb(dict(look.findings)),
        "reason": look.reason,
    }
    conn.execute(_SQL["save_model_look"], params)


def load_reference(conn: ServiceConnection, version: str) -> Mapping[str, Mapping[str, Any]]:
    """Return how the inputs of a model were spread where it was made, by name."""
    found = fetch_one(conn, _SQL["model_reference"], {"version": version}, _Reference)
    return (found.reference or {}) if found else {}


def load_lines(
    conn: ServiceConnection, version: str, since: datetime, until: datetime
) -> list[LineRow]:
    """Return the first line of each patient in each half day."""
    params = {"version": version, "since": since, "until": until}
    return fetch_all(conn, _SQL["watched_lines"], params, LineRow)


def load_values(
    conn: ServiceConnection, keys: Sequence[int], since: datetime, until: datetime
) -> list[ValueRow]:
    """Return what was measured of some patients and nothing is known against."""
    params = {
        "keys": list(keys),
        "vitals": [int(vital) for vital in Vital],
        "since": since,
        "until": until,
        "unusable": int(UNUSABLE | TO_VERIFY),
    }
    return fetch_all(conn, _SQL["watched_values"], params, ValueRow)


def load_ends(
    conn: ServiceConnection, version: str, since: datetime, until: datetime
) -> list[EndRow]:
    """Return how alerts of the period ended, by what the model had said before."""
    params = {"version": version, "since": since, "until": until}
    return fetch_all(conn, _SQL["closed_by_band"], params, EndRow)


def load_shown_turns(conn: PersonConnection, most: int) -> list[Turn]:
    """Return the newest turns; none to whom reads no queue."""
    return fetch_all(conn, _SQL["model_turns_shown"], {"most": most}, Turn)


def load_shown_card(conn: PersonConnection) -> CardRow | None:
    """Return the card of the model in use; None when there is none, or for whom reads no queue."""
    return fetch_one(conn, _SQL["model_card_shown"], {}, CardRow)


def load_shown_look(conn: PersonConnection) -> LookRow | None:
    """Return the newest look; None when there is none, or for whom reads no queue."""
    return fetch_one(conn, _SQL["model_look_shown"], {}, LookRow)

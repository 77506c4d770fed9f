"""Typed functions over the queries of calls."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from coordination.calls.calling import CallOutcome, Silent
from core.doors import PersonConnection
from core.ids import new_id
from core.rows import fetch_all, fetch_one
from core.sqlfile import load_queries

_SQL = load_queries("coordination.calls")


@dataclass(frozen=True, slots=True)
class HolderRow:
    """Who is calling a patient now."""

    holder: UUID | None


@dataclass(frozen=True, slots=True)
class DoneRow:
    """Whether something was done."""

    done: bool


def load_silent(conn: PersonConnection, most: int) -> list[Silent]:
    """Return patients of the acting organisation who have not answered."""
    return fetch_all(conn, _SQL["silent"], {"most": most}, Silent)


def take_call(conn: PersonConnection, patient: UUID, until: datetime) -> UUID | None:
    """Take a patient in hand; return who has him in hand now, None when he is not one's own."""
    found = fetch_one(conn, _SQL["take_call"], {"patient": patient, "until": until}, HolderRow)
    return found.holder if found else None


def save_call(
    conn: PersonConnection,
    patient: UUID,
    outcome: CallOutcome,
    next_at: datetime | None,
    now: datetime,
) -> bool:
    """Note what came of a call; False when the patient is not one's own to call."""
    params = {"id": new_id(now), "patient": patient, "outcome": outcome, "next_at": next_at}
    found = fetch_one(conn, _SQL["note_call"], params, DoneRow)
    return found is not None and found.done

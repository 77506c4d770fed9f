"""Typed functions over the queries of actions."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from coordination.actions.action import Act, Action, Given, Moved, State
from core.doors import PersonConnection, ServiceConnection, VisiblePatientId
from core.rows import fetch_all, fetch_one
from core.sqlfile import load_queries

_SQL = load_queries("coordination.actions")
Saved = Literal["done", "gone", "changed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionEvent:
    """Who said what of an action; nobody: the machine gave it back."""

    id: UUID
    item_id: UUID
    at: datetime
    by_name: str | None
    what: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MyAction:
    """An action that waits for the actor; `mine`: he gave it, and it is back with him."""

    item_id: UUID
    patient_id: UUID
    patient_name: str
    wording: str
    due_on: date
    state: State
    accept_by: datetime | None
    author_name: str
    mine: bool


@dataclass(frozen=True, slots=True)
class _Done:
    done: bool


@dataclass(frozen=True, slots=True)
class _Said:
    said: Saved


@dataclass(frozen=True, slots=True)
class _Count:
    count: int


def load_actions(conn: PersonConnection, patient: VisiblePatientId, most: int) -> list[Action]:
    """Return the actions of a record that the actor sees."""
    return fetch_all(conn, _SQL["actions"], {"patient": patient, "most": most}, Action)


def load_action(conn: PersonConnection, patient: VisiblePatientId, item: UUID) -> Action | None:
    """Return one action that the actor sees."""
    return fetch_one(conn, _SQL["action"], {"patient": patient, "item": item}, Action)


def load_events(conn: PersonConnection, patient: VisiblePatientId) -> list[ActionEvent]:
    """Return who said what of the actions of a record."""
    return fetch_all(conn, _SQL["action_events"], {"patient": patient}, ActionEvent)


def load_mine(conn: PersonConnection, most: int) -> list[MyAction]:
    """Return what waits for the actor."""
    return fetch_all(conn, _SQL["my_actions"], {"most": most}, MyAction)


def give_action(
    conn: PersonConnection,
    patient: VisiblePatientId,
    item: UUID,
    given: Given,
    *,
    note: UUID | None,
    alert: UUID | None,
    new: tuple[UUID, UUID],
) -> bool:
    """Sign an action; `new` are the ids of its event and its notice. False: it is not given."""
    conn.execute(_SQL["sign_action"], {"item": item, "patient": patient, "note": note})
    params = {
        "item": item,
        "wording": given.wording,
        "owner": given.owner,
        "role": given.owner_role,
        "due_on": given.due_on,
        "state": given.state,
        "accept_by": given.accept_by,
        "alert": alert,
        "event": new[0],
        "notice": new[1],
    }
    found = fetch_one(conn, _SQL["give_action"], params, _Done)
    return found is not None and found.done


def move_action(
    conn: PersonConnection, action: Action, act: Act, moved: Moved, new: tuple[UUID, UUID]
) -> Saved:
    """Store what somebody says of an action, as it stood."""
    params = {
        "item": action.item_id,
        "what": act,
        "state": moved.state,
        "mine": moved.taken,
        "words": moved.words,
        "version": action.version,
        "event": new[0],
        "notice": new[1],
    }
    found = fetch_one(conn, _SQL["move_action"], params, _Said)
    return found.said if found else "gone"


def return_actions(conn: ServiceConnection, limit: int) -> int:
    """Give back what nobody accepted in time; return how many."""
    found = fetch_one(conn, _SQL["return_actions"], {"limit": limit}, _Count)
    return found.count if found else 0

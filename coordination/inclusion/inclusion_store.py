"""Typed functions over the queries of inclusions and running follow-ups."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, cast
from uuid import UUID

from psycopg.rows import scalar_row
from psycopg.types.json import Jsonb

from coordination.inclusion.follow_up import (
    FollowUpLine,
    KitWaiting,
    OpenInclusion,
    contact_due,
)
from coordination.inclusion.information import Told
from coordination.inclusion.path import Wanted
from core.doors import PersonConnection, ServiceConnection
from core.rows import fetch_all, fetch_one
from core.sqlfile import load_queries

_SQL = load_queries("coordination.inclusion")
Welcome = Literal["in", "already", "nobody", "several"]


@dataclass(frozen=True, slots=True, kw_only=True)
class InclusionRow:
    """A path to a follow-up, with what was typed so far."""

    id: UUID
    patient_id: UUID
    organisation: UUID
    request_id: UUID | None
    state: str
    typed: dict[str, Any]
    opened_at: datetime
    saved_at: datetime


def acting_in(conn: PersonConnection) -> UUID | None:
    """Return the organisation the actor acts in, if his post includes patients."""
    return cast(UUID | None, _scalar(conn, "acting_in", {}))


def lock_inclusion(
    conn: PersonConnection, patient: UUID, organisation: UUID
) -> InclusionRow | None:
    """Return the path an organisation has begun for a patient, locked."""
    params = {"patient": patient, "organisation": organisation}
    return fetch_one(conn, _SQL["open_inclusion"], params, InclusionRow)


def begin(
    conn: PersonConnection,
    *,
    id: UUID,
    patient: UUID,
    organisation: UUID,
    request: UUID | None,
    typed: Mapping[str, Any],
    by: UUID,
    now: datetime,
) -> None:
    """Begin a path, unless one is open."""
    params = {
        "id": id,
        "patient": patient,
        "organisation": organisation,
        "request": request,
        "typed": Jsonb(dict(typed)),
        "by": by,
        "now": now,
    }
    conn.execute(_SQL["begin_inclusion"], params)


def keep_typed(conn: PersonConnection, id: UUID, typed: Mapping[str, Any], now: datetime) -> None:
    """Keep what was typed so far."""
    conn.execute(_SQL["keep_typed"], {"id": id, "typed": Jsonb(dict(typed)), "now": now})


def decide(
    conn: PersonConnection,
    id: UUID,
    state: Literal["included", "refused"],
    *,
    by: UUID,
    now: datetime,
    refusal: str | None = None,
    note: str = "",
) -> bool:
    """End the path; False when it was decided already."""
    params = {"id": id, "state": state, "by": by, "now": now, "refusal": refusal, "note": note}
    return conn.execute(_SQL["decide_inclusion"], params).rowcount == 1


def save_episode(
    conn: PersonConnection,
    *,
    id: UUID,
    inclusion: InclusionRow,
    wanted: Wanted,
    prescription: UUID,
    by: UUID,
    now: datetime,
    ends_on: date | None,
) -> bool:
    """Begin a follow-up; False when one of the same programme is running."""
    params = {
        "id": id,
        "inclusion": inclusion.id,
        "patient": inclusion.patient_id,
        "organisation": inclusion.organisation,
        "programme": wanted.programme.id,
        "prescription": prescription,
        "eligibility": Jsonb({**wanted.eligibility, "exception": wanted.exception}),
        "person_to_call": Jsonb(wanted.person_to_call) if wanted.person_to_call else None,
        "by": by,
        "now": now,
        "ends_on": ends_on,
        "due_at": contact_due(now, wanted.programme.first_contact),
    }
    return conn.execute(_SQL["save_episode"], params).rowcount == 1


def name_plan(conn: PersonConnection, episode: UUID, plan: UUID) -> None:
    """Say which plan of questions belongs to a follow-up."""
    conn.execute(_SQL["name_plan"], {"episode": episode, "plan": plan})


def save_agreement(
    conn: PersonConnection,
    *,
    id: UUID,
    episode: UUID,
    patient: UUID,
    told: Told,
    wording: str,
    agreed: bool,
    means: str,
    given_by: UUID,
    recorded_by: UUID,
    now: datetime,
) -> None:
    """Keep what a patient was told and answered."""
    params = {
        "id": id,
        "episode": episode,
        "patient": patient,
        "kind": told.kind,
        "agreed": agreed,
        "text_id": told.id,
        "text_version": told.version,
        "wording": wording,
        "means": means,
        "given_by": given_by,
        "recorded_by": recorded_by,
        "now": now,
    }
    conn.execute(_SQL["save_agreement"], params)


def welcome(conn: PersonConnection, *, id: UUID, patient: UUID, who: str, role: str) -> Welcome:
    """Let a professional, said by number or sign-in name, into the circle."""
    params = {"id": id, "patient": patient, "who": who, "role": role}
    return cast(Welcome, _scalar(conn, "welcome", params))


def load_follow_ups(conn: PersonConnection, most: int) -> list[FollowUpLine]:
    """Return the running follow-ups of the acting organisation."""
    return fetch_all(conn, _SQL["follow_ups"], {"most": most}, FollowUpLine)


def load_open(conn: PersonConnection, most: int) -> list[OpenInclusion]:
    """Return the paths nobody has finished."""
    return fetch_all(conn, _SQL["open_inclusions"], {"most": most}, OpenInclusion)


def load_kit(conn: PersonConnection) -> list[KitWaiting]:
    """Return the devices to fetch."""
    return fetch_all(conn, _SQL["kit_waiting"], {}, KitWaiting)


def settle_kit(conn: PersonConnection, id: UUID, outcome: str) -> UUID | None:
    """Note that a device came back or is lost; return whose it was, None when there is none."""
    return cast(UUID | None, _scalar(conn, "settle_kit", {"id": id, "outcome": outcome}))


def mark_late(conn: ServiceConnection, limit: int) -> int:
    """Move up those nobody spoke with in time; return how many."""
    with conn.cursor(row_factory=scalar_row) as cursor:
        return int(cursor.execute(_SQL["mark_late"], {"limit": limit}).fetchone() or 0)


def _scalar(conn: PersonConnection, query: str, params: dict[str, object]) -> object:
    with conn.cursor(row_factory=scalar_row) as cursor:
        return cursor.execute(_SQL[query], params).fetchone()

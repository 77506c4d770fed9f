"""Typed functions over the queries of a record's follow-ups: contacts, households, exit, death."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, cast
from uuid import UUID

from psycopg.rows import scalar_row

from coordination.inclusion.follow_up import Agreement, Attempt, Death, Episode, Relative
from core.doors import PersonConnection, ServiceConnection
from core.rows import fetch_all
from core.sqlfile import load_queries

_SQL = load_queries("coordination.inclusion")
Ending = Literal["ended_last", "ended_one", "ended", "gone"]
Undoing = Literal["undone", "gone"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something to tell people."""

    id: UUID
    kind: Literal[
        "request_sent",
        "request_decided",
        "exit_letter",
        "death",
        "death_undone",
        "account_invited",
        "agreement_refused",
        "circle_red",
        "circle_silence",
        "circle_stay",
        "circle_closure",
        "circle_stay_over",
        "circle_stay_cancelled",
        "stay_asks",
        "stay_call_late",
        "action_given",
        "action_returned",
        "visit_problem",
        "support_sent",
        "support_late",
        "support_withdrawn",
        "support_moved",
        "support_unreceived",
    ]
    subject: UUID
    patient_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Somebody to tell, at one address; `family`: in the circle as one close to the patient.

    `moment`: when he is told, by the clock of `zone`, None for that of the site.
    """

    person: UUID
    address: str
    locale: str
    family: bool
    moment: str
    zone: str | None


def load_episodes(conn: PersonConnection, patient: UUID) -> list[Episode]:
    """Return the follow-ups of a record, latest first."""
    return fetch_all(conn, _SQL["episodes"], {"patient": patient}, Episode)


def load_agreements(conn: PersonConnection, patient: UUID) -> list[Agreement]:
    """Return what a patient answered about his follow-ups, latest first."""
    return fetch_all(conn, _SQL["agreements"], {"patient": patient}, Agreement)


def load_attempts(conn: PersonConnection, patient: UUID) -> list[Attempt]:
    """Return the attempts to speak with him, latest first."""
    return fetch_all(conn, _SQL["attempts"], {"patient": patient}, Attempt)


def save_attempt(
    conn: PersonConnection,
    *,
    id: UUID,
    patient: UUID,
    episode: UUID,
    by: UUID,
    outcome: str,
    note: str,
    now: datetime,
) -> bool:
    """Note an attempt, and the first contact if he was reached; False for no such follow-up."""
    params = {
        "id": id,
        "patient": patient,
        "episode": episode,
        "by": by,
        "outcome": outcome,
        "note": note,
        "now": now,
    }
    if conn.execute(_SQL["save_attempt"], params).rowcount != 1:
        return False
    if outcome == "reached":
        contact = {"patient": patient, "episode": episode, "by": by, "now": now}
        conn.execute(_SQL["note_contact"], contact)
    return True


def end_episode(
    conn: PersonConnection,
    *,
    episode: UUID,
    reason: str,
    note: str,
    alerts: Sequence[UUID],
    notice: UUID,
) -> Ending:
    """End a follow-up with the alerts that are named."""
    params = {
        "episode": episode,
        "reason": reason,
        "note": note,
        "alerts": list(alerts),
        "notice": notice,
    }
    return cast(Ending, _scalar(conn, "end_episode", params))


def note_death(
    conn: PersonConnection, *, id: UUID, patient: UUID, died_on: date, plans: int, notice: UUID
) -> bool:
    """Note a death, with all that stops; False when it was noted already."""
    params = {"id": id, "patient": patient, "died_on": died_on, "plans": plans, "notice": notice}
    return _scalar(conn, "note_death", params) == "noted"


def undo_death(conn: PersonConnection, *, patient: UUID, reason: str, notice: UUID) -> Undoing:
    """Take a death back that was noted in error; the account it closed opens again."""
    params = {"patient": patient, "reason": reason, "notice": notice}
    return cast(Undoing, _scalar(conn, "undo_death", params))


def hold_still(conn: PersonConnection, patient: UUID) -> bool:
    """Let no machine judge the patient until this transaction is over; False without the right."""
    return bool(_scalar(conn, "hold_still", {"patient": patient}))


def load_deaths(conn: PersonConnection, patient: UUID) -> list[Death]:
    """Return what was noted of a death, errors included, latest first."""
    return fetch_all(conn, _SQL["deaths"], {"patient": patient}, Death)


def load_household(conn: PersonConnection, patient: UUID) -> list[Relative]:
    """Return who lives with a patient or was in contact with him."""
    return fetch_all(conn, _SQL["household"], {"patient": patient}, Relative)


def link_household(
    conn: PersonConnection, *, id: UUID, patient: UUID, other: UUID, kind: str
) -> bool:
    """Tie two patients; False when the actor may not, or they are one."""
    params = {"id": id, "patient": patient, "other": other, "kind": kind}
    return bool(_scalar(conn, "link_household", params))


def end_household(conn: PersonConnection, patient: UUID, link: UUID) -> bool:
    """End a tie; False when there is none of that id."""
    return bool(_scalar(conn, "end_household", {"patient": patient, "link": link}))


def note_occasions(conn: ServiceConnection, now: datetime) -> int:
    """Note what the circle is to be told since the last pass; return how much was new."""
    with conn.cursor(row_factory=scalar_row) as cursor:
        return int(cursor.execute(_SQL["note_occasions"], {"now": now}).fetchone() or 0)


def lock_untold(conn: ServiceConnection, limit: int) -> list[Notice]:
    """Return notices nobody was told of yet, locked for whoever tells."""
    return fetch_all(conn, _SQL["untold"], {"limit": limit}, Notice)


def load_recipients(conn: ServiceConnection, notice: UUID) -> list[Recipient]:
    """Return whom a notice is for."""
    return fetch_all(conn, _SQL["recipients"], {"notice": notice}, Recipient)


def note_told(conn: ServiceConnection, notice: UUID, now: datetime) -> None:
    """Note that the messages of a notice are out."""
    conn.execute(_SQL["note_told"], {"notice": notice, "now": now})


def _scalar(conn: PersonConnection, query: str, params: dict[str, object]) -> object:
    with conn.cursor(row_factory=scalar_row) as cursor:
        return cursor.execute(_SQL[query], params).fetchone()

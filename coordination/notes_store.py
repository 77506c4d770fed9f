"""Typed functions over the queries of notes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import LiteralString
from uuid import UUID

from coordination.notes import Contribution, Note
from coordination.noting import Cause, Draft, Sought, Withholding
from core.doors import PersonConnection, VisiblePatientId
from core.items import ItemKind, Sensitivity
from core.rows import fetch_all, fetch_one
from core.sqlfile import load_queries

_SQL = load_queries("coordination")


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """Who opened a note, and when first."""

    item_id: UUID
    name: str
    role: str
    organisation_name: str | None
    first_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """For whose attention a note is."""

    item_id: UUID
    party: UUID
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """On which day a note comes back, to a person or to whoever holds a role."""

    id: UUID
    item_id: UUID
    due_on: date
    party: UUID | None
    role: str | None
    made_by: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld:
    """Why a note is not communicable, and whether the actor may judge it again."""

    cause: Cause
    reason: str
    review_on: date
    at: datetime
    may_review: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Something that waits in a note: `why` is mention, reminder or review."""

    why: str
    item_id: UUID
    patient_id: UUID
    patient_name: str
    author_name: str
    category: str
    sent: datetime
    due_on: date | None
    reminder: UUID | None


@dataclass(frozen=True, slots=True)
class _Tag:
    tag: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnNote:
    """What the actor signed: text, where it stands, and how far it goes."""

    text: str
    category: str
    patient_id: UUID
    sensitivity: Sensitivity
    within: UUID | None
    signed_withheld: bool
    """Whether it was withheld as it was signed."""

    def is_of(self, patient: UUID, draft: Draft) -> bool:
        """Whether this is what the draft asks to sign."""
        return (self.text, self.category, self.patient_id) == (
            draft.text,
            draft.kind,
            patient,
        ) and (self.sensitivity, self.within, self.signed_withheld) == (
            draft.sensitivity,
            draft.within,
            draft.withholding is not None,
        )


@dataclass(frozen=True, slots=True)
class _Done:
    done: bool


def load_notes(
    conn: PersonConnection, patient: VisiblePatientId, sought: Sought, most: int
) -> list[Note]:
    """Return a page of the notes the actor may read, latest first."""
    params = {
        "patient": patient,
        "answers": sought.is_filtered,
        "kind": sought.kind or None,
        "tag": sought.tag or None,
        "unread": bool(sought.unread),
        "words": sought.parts,
        "before": sought.after,
        "most": most,
    }
    return fetch_all(conn, _SQL["notes"], params, Note)


def load_note(conn: PersonConnection, patient: VisiblePatientId, item: UUID) -> Note | None:
    """Return one note, if the actor may read it."""
    return fetch_one(conn, _SQL["note"], {"patient": patient, "item": item}, Note)


def load_within(
    conn: PersonConnection, patient: VisiblePatientId, items: Sequence[UUID]
) -> list[Note]:
    """Return the answers to some notes that the actor may read, oldest first."""
    params = {"patient": patient, "items": list(items)}
    return fetch_all(conn, _SQL["within_notes"], params, Note)


def load_tags(conn: PersonConnection, patient: VisiblePatientId) -> list[str]:
    """Return the tags of the notes the actor may read."""
    return [row.tag for row in fetch_all(conn, _SQL["note_tags"], {"patient": patient}, _Tag)]


def load_openings(
    conn: PersonConnection, patient: VisiblePatientId, items: Sequence[UUID]
) -> list[Opening]:
    """Return who opened some notes."""
    params = {"patient": patient, "items": list(items)}
    return fetch_all(conn, _SQL["note_readers"], params, Opening)


def load_mentions(
    conn: PersonConnection, patient: VisiblePatientId, items: Sequence[UUID]
) -> list[Mention]:
    """Return for whose attention some notes are."""
    params = {"patient": patient, "items": list(items)}
    return fetch_all(conn, _SQL["note_mentions"], params, Mention)


def load_reminders(conn: PersonConnection, patient: VisiblePatientId, item: UUID) -> list[Reminder]:
    """Return on which days a note comes back."""
    return fetch_all(conn, _SQL["note_reminders"], {"patient": patient, "item": item}, Reminder)


def load_withheld(conn: PersonConnection, patient: VisiblePatientId, item: UUID) -> Withheld | None:
    """Return why a note is not communicable; None when it is."""
    return fetch_one(conn, _SQL["note_withheld"], {"patient": patient, "item": item}, Withheld)


def load_waiting(conn: PersonConnection, today: date, most: int) -> list[Waiting]:
    """Return what waits for the actor in the notes of all his patients, what is due first."""
    return fetch_all(conn, _SQL["waiting_notes"], {"today": today, "most": most}, Waiting)


def load_contributions(conn: PersonConnection) -> list[Contribution]:
    """Return what the actor signed himself, in any circle."""
    return fetch_all(conn, _SQL["contributions"], {}, Contribution)


def load_own_note(conn: PersonConnection, item: UUID) -> OwnNote | None:
    """Return a note the actor signed himself."""
    return fetch_one(conn, _SQL["own_note"], {"item": item}, OwnNote)


def save_note(
    conn: PersonConnection,
    patient: VisiblePatientId,
    item: UUID,
    draft: Draft,
    *,
    author: UUID,
    now: datetime,
) -> None:
    """Sign a note; raises UniqueViolation when its id is taken."""
    conn.execute(
        _SQL["sign_item"],
        {
            "item": item,
            "patient": patient,
            "kind": ItemKind.NOTE,
            "sensitivity": draft.sensitivity,
            "within": draft.within,
        },
    )
    conn.execute(
        _SQL["save_note"],
        {
            "item": item,
            "patient": patient,
            "author": author,
            "category": draft.kind,
            "now": now,
            "text": draft.text,
            "tags": list(draft.tags),
            "corrects": draft.corrects,
        },
    )


def save_withheld(conn: PersonConnection, id: UUID, item: UUID, draft: Draft) -> bool:
    """Withhold the note just signed; True when the draft asks for nothing."""
    return draft.withholding is None or withhold(conn, id, item, draft.withholding)


def withhold(conn: PersonConnection, id: UUID, item: UUID, asked: Withholding) -> bool:
    """Withhold the item just signed; False when the actor may not."""
    params = {
        "id": id,
        "item": item,
        "cause": asked.cause,
        "reason": asked.reason,
        "review_on": asked.review_on,
    }
    return _done(conn, _SQL["withhold"], params)


def save_mentions(conn: PersonConnection, item: UUID, draft: Draft) -> None:
    """Say for whose attention the note just signed is."""
    conn.execute(_SQL["mention"], {"item": item, "parties": list(draft.mentions)})


def save_reminder(
    conn: PersonConnection, id: UUID, item: UUID, due_on: date, role: str | None
) -> bool:
    """Let a note come back on a day; False when the actor does not read it."""
    return _done(conn, _SQL["remind"], {"id": id, "item": item, "due_on": due_on, "role": role})


def save_reminder_done(conn: PersonConnection, item: UUID, reminder: UUID) -> bool:
    """End a reminder; False when there is none the actor may end."""
    return _done(conn, _SQL["end_reminder"], {"item": item, "reminder": reminder})


def save_opened(conn: PersonConnection, items: Sequence[UUID]) -> None:
    """Note that the actor has opened some notes."""
    conn.execute(_SQL["read_notes"], {"items": list(items)})


def save_review(
    conn: PersonConnection, id: UUID, item: UUID, kept_until: date | None, reason: str
) -> bool:
    """Judge a withheld note again: kept so until a day, or shown from now on."""
    params = {
        "id": id,
        "item": item,
        "kept": kept_until is not None,
        "reason": reason,
        "review_on": kept_until,
    }
    return _done(conn, _SQL["review_withheld"], params)


def _done(conn: PersonConnection, query: LiteralString, params: dict[str, object]) -> bool:
    found = fetch_one(conn, query, params, _Done)
    return found is not None and found.done

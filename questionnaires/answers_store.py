"""Typed functions over the queries of answers and what was extracted from them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from uuid import UUID

from psycopg.rows import scalar_row
from psycopg.types.json import Jsonb

from core.doors import PersonConnection, VisiblePatientId
from core.ids import new_id
from core.rows import fetch_all, fetch_one
from core.sqlfile import load_queries
from questionnaires.answered import Entry
from questionnaires.extracting import Coded, Measured
from questionnaires.questionnaire import Value

_SQL = load_queries("questionnaires")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAnswer:
    """An answer about to be stored; see `Entry`."""

    id: UUID
    patient: UUID
    instrument: str
    version: str
    edition: str
    task: UUID | None
    source: str
    answers: Mapping[str, Value]
    scores: Mapping[str, float]
    level: str
    urgency: str | None
    answered_at: datetime
    received_at: datetime
    started_at: datetime | None
    seconds: int | None
    device: str | None
    entered_by: UUID
    client_key: str
    given_digest: bytes
    words: str | None = None
    replaces: UUID | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class ReadingOf:
    """The reading that a number of an answer became."""

    link_id: str
    vital: int
    reading_id: int
    measured_at: datetime
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Named:
    """A person and his name."""

    person: UUID
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which answers of a record are listed; None: whatever it is."""

    instrument: str | None = None
    source: str | None = None
    alarming: bool = False
    before: datetime
    before_id: UUID


def add_answer(conn: PersonConnection, new: NewAnswer) -> bool:
    """Store an answer; False when its key is stored, or what it replaces is replaced, already."""
    params = {field.name: getattr(new, field.name) for field in fields(new)}
    params |= {"answers": Jsonb(dict(new.answers)), "scores": Jsonb(dict(new.scores))}
    return conn.execute(_SQL["add_answer"], params).rowcount == 1


def load_entry_of_key(conn: PersonConnection, patient: VisiblePatientId, key: str) -> Entry | None:
    """Return the answer stored under a key, if the actor may read answers."""
    params = {"patient": patient, "client_key": key}
    return fetch_one(conn, _SQL["entry_of_key"], params, Entry)


def is_mine(conn: PersonConnection, patient: VisiblePatientId, key: str, digest: bytes) -> bool:
    """Say whether the actor himself has sent this very answer under a key, read it or not."""
    params = {"patient": patient, "client_key": key, "digest": digest}
    with conn.cursor(row_factory=scalar_row) as cursor:
        return bool(cursor.execute(_SQL["is_mine"], params).fetchone())


def load_entry(conn: PersonConnection, patient: VisiblePatientId, id: UUID) -> Entry | None:
    """Return one answer of a record."""
    return fetch_one(conn, _SQL["entry"], {"patient": patient, "id": id}, Entry)


def load_entries_around(conn: PersonConnection, patient: VisiblePatientId, id: UUID) -> list[Entry]:
    """Return an answer with its whole chain of corrections."""
    return fetch_all(conn, _SQL["entries_around"], {"patient": patient, "id": id}, Entry)


def load_page(
    conn: PersonConnection, patient: VisiblePatientId, wanted: Wanted, most: int
) -> list[Entry]:
    """Return answers as they stand, newest first."""
    params = {field.name: getattr(wanted, field.name) for field in fields(wanted)}
    params |= {"patient": patient, "most": most}
    return fetch_all(conn, _SQL["entries_page"], params, Entry)


def add_measured(
    conn: PersonConnection, new: NewAnswer, found: Iterable[Measured], coded: Iterable[Coded]
) -> None:
    """Store the numbers of an answer, sent to the database in one go.

    Each in its vital's unit becomes a reading due for review; those that no time series holds are
    kept as observations.
    """
    about = {"patient": new.patient, "answer": new.id}
    times = {"measured_at": new.answered_at, "received_at": new.received_at}
    readings = [
        {**about, **times, "link_id": one.link_id, "vital": int(one.vital), "value": one.value}
        for one in found
    ]
    observations = [
        {
            **{field.name: getattr(one, field.name) for field in fields(one)},
            **about,
            "observed_at": new.answered_at,
            "id": new_id(new.answered_at),
        }
        for one in coded
    ]
    with conn.cursor() as cursor:
        if readings:
            cursor.executemany(_SQL["record_measured"], readings)
        if observations:
            cursor.executemany(_SQL["add_observation"], observations)


def add_reading_of(
    conn: PersonConnection, patient: VisiblePatientId, answer: UUID, reading: ReadingOf
) -> None:
    """Note which reading a number of an answer is."""
    params = {field.name: getattr(reading, field.name) for field in fields(reading)}
    params |= {"patient": patient, "answer": answer}
    conn.execute(_SQL["add_answer_reading"], params)


def load_readings_of(conn: PersonConnection, answer: UUID) -> list[ReadingOf]:
    """Return the readings an answer's numbers became."""
    return fetch_all(conn, _SQL["readings_of_answer"], {"answer": answer}, ReadingOf)


def amend_reading(
    conn: PersonConnection,
    patient: VisiblePatientId,
    reading: ReadingOf,
    replacement: float | None,
    reason: str,
    now: datetime,
) -> bool:
    """Correct a reading, or withdraw it when `replacement` is None; False if it is not his."""
    params = {
        "patient": patient,
        "reading_id": reading.reading_id,
        "measured_at": reading.measured_at,
        "received_at": reading.received_at,
        "replacement": replacement,
        "reason": reason,
        "id": new_id(now),
    }
    with conn.cursor(row_factory=scalar_row) as cursor:
        return bool(cursor.execute(_SQL["amend_by_hand"], params).fetchone())


def load_names(conn: PersonConnection, patient: VisiblePatientId) -> dict[UUID, str]:
    """Return the names of those who entered a patient's answers."""
    found = fetch_all(conn, _SQL["names_of_answers"], {"patient": patient}, Named)
    return {one.person: one.name for one in found}


def load_active(conn: PersonConnection) -> list[str]:
    """Return the digests of the editions that may be asked now, by name."""
    with conn.cursor(row_factory=scalar_row) as cursor:
        return cursor.execute(_SQL["active_editions"]).fetchall()

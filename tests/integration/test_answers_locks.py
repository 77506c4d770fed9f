"""What an answer points at is of the same record, by the database alone.

A correction takes the answer it replaces out of how a patient is judged: one written in another's
record would silence him.
"""

from collections.abc import Callable
from uuid import UUID, uuid4

import psycopg
import pytest

from core import clock
from core.access import Permission
from core.care import open_record
from core.doors import CareContext, PersonConnection, acting_as
from questionnaires.answered import Source
from questionnaires.answers_service import Stored, submit
from questionnaires.service import daily
from tests.as_owner import rows, run
from tests.conftest import Database
from tests.people import Care, make_care

GIVEN = {"dyspnoea": "rest", "faintness_or_confusion": "no", "cannot_eat_or_drink": "no"}
Write = Callable[[PersonConnection, UUID, UUID], object]


def replacing(conn: PersonConnection, patient: UUID, answer: UUID) -> object:
    return conn.execute(
        "insert into questionnaires.answer (id, patient_id, instrument, version, answers,"
        " answered_at, received_at, entered_by, client_key, replaces, reason)"
        " values (%s, %s, 'home-daily', 1, '{}', now(), now(), access.current_person(), 'again',"
        " %s, 'mistyped')",
        (uuid4(), patient, answer),
    )


def observing(conn: PersonConnection, patient: UUID, answer: UUID) -> object:
    return conn.execute(
        "insert into questionnaires.observation (id, patient_id, answer_id, link_id, loinc, value,"
        " observed_at) values (%s, %s, %s, 'steps', '41950-7', 9, now())",
        (uuid4(), patient, answer),
    )


def measuring(conn: PersonConnection, patient: UUID, answer: UUID) -> object:
    return conn.execute(
        "insert into questionnaires.answer_reading (answer_id, link_id, patient_id, vital,"
        " reading_id, measured_at, received_at) values (%s, 'spo2', %s, 1, 1, now(), now())",
        (answer, patient),
    )


WRITES = pytest.mark.parametrize("write", [replacing, observing, measuring])


def writing(care: Care) -> CareContext:
    ctx = open_record(care.patient_actor, care.patient, Permission.ANSWERS_WRITE)
    assert isinstance(ctx, CareContext)
    return ctx


def answered(care: Care) -> UUID:
    stored = submit(
        writing(care),
        daily().digest,
        GIVEN,
        key="key",
        source=Source.PATIENT,
        answered_at=clock.now(),
    )
    assert isinstance(stored, Stored)
    return stored.id


@WRITES
def test_nothing_is_tied_to_an_answer_of_another_record(database: Database, write: Write) -> None:
    mine, other = make_care(), make_care()
    theirs = answered(other)
    with pytest.raises(psycopg.errors.InsufficientPrivilege), acting_as(writing(mine)) as conn:
        write(conn, mine.patient, theirs)
    assert rows("select replaced from alerts.answer_to_review") == [(False,)]


@WRITES
def test_ones_own_answer_is_corrected_and_read(database: Database, write: Write) -> None:
    care = make_care()
    answer = answered(care)
    with acting_as(writing(care)) as conn:
        write(conn, care.patient, answer)


def test_without_the_lock_another_is_silenced(database: Database) -> None:
    mine, other = make_care(), make_care()
    theirs = answered(other)
    run("drop policy corrects_its_own_record on questionnaires.answer")
    with acting_as(writing(mine)) as conn:
        replacing(conn, mine.patient, theirs)
    told = "select replaced from alerts.answer_to_review where id = %s"
    assert rows(told, theirs) == [(True,)]

"""An answer is stored once, keeps its edition, and is corrected without losing what was said."""

import threading
from collections.abc import Callable
from datetime import timedelta

import psycopg
import pytest

from core import clock
from core.vitals import Vital
from questionnaires import answers_service as answers
from questionnaires import answers_shown_service as shown
from questionnaires.answered import Source
from questionnaires.answers_service import AlreadyCorrected, NoSuchAnswer, Stored
from questionnaires.answers_shown_service import History
from questionnaires.filling import Rejected
from questionnaires.library_service import active_edition
from tests.conftest import Database
from tests.integration.alerts.home import Home, make_home
from tests.integration.questionnaires.asking import (
    CALM,
    DAILY,
    may_read,
    may_write,
    owner_rows,
    send,
)

ANSWERS = "select answers, replaces is not null, reason from questionnaires.answer order by id"
READINGS = (
    "select r.vital, r.value, a.kind, a.replacement from vitals.reading r"
    " left join vitals.amendment a using (reading_id) order by r.reading_id, a.at"
)


@pytest.fixture
def home(database: Database) -> Home:
    return make_home()


def at_once(times: int, act: Callable[[], object]) -> None:
    """Do something in several threads that begin together."""
    start = threading.Barrier(times)

    def run() -> None:
        start.wait()
        act()

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_two_sends_at_once_store_one_answer_and_one_reading(home: Home, database: Database) -> None:
    stored: list[Stored] = []
    at_once(6, lambda: stored.append(send(home, {**CALM, "spo2": "96"})))
    assert sorted(one.again for one in stored) == [False] + [True] * 5
    assert len({one.id for one in stored}) == 1
    assert owner_rows(database, "select count(*) from questionnaires.answer") == [(1,)]
    assert owner_rows(database, READINGS) == [(Vital.SPO2, 96.0, None, None)]
    assert owner_rows(database, "select count(*) from core.due") == [(2,)]


def test_the_test_sees_a_key_that_is_ignored(home: Home, database: Database) -> None:
    """With the key's constraint away, two sends are two answers: what the test above looks at."""
    with psycopg.connect(database.dsn("OWNER"), autocommit=True) as owner:
        owner.execute(
            "alter table questionnaires.answer drop constraint answer_patient_id_client_key_key"
        )
    at_once(2, lambda: send(home, {**CALM, "spo2": "96"}))
    assert owner_rows(database, "select count(*) from questionnaires.answer") == [(2,)]


def test_the_same_key_with_other_answers_is_a_correction_and_loses_nothing(
    home: Home, database: Database
) -> None:
    first = send(home, {**CALM, "spo2": "96"})
    second = send(home, {**CALM, "dyspnoea": "effort", "spo2": "94"})
    again = send(home, {**CALM, "dyspnoea": "effort", "spo2": "94"})
    assert not second.again
    assert again.again
    assert again.id == second.id != first.id
    kept = owner_rows(database, ANSWERS)
    assert [(replaces, reason) for _, replaces, reason in kept] == [
        (False, None),
        (True, "sent_again"),
    ]
    assert owner_rows(database, READINGS) == [(Vital.SPO2, 96.0, "corrected", 94.0)]


def test_an_answer_keeps_edition_source_time_and_gravity(home: Home, database: Database) -> None:
    now = clock.now()
    outcome = answers.submit(
        may_write(home),
        active_edition(DAILY).digest,
        {**CALM, "dyspnoea": "rest"},
        key="k",
        source=Source.PATIENT,
        answered_at=now,
        started_at=now - timedelta(seconds=83),
        device="Android",
        words="Je suis fatigué",
    )
    assert isinstance(outcome, Stored)
    assert outcome.urgency == "call_15"
    found = shown.history(may_read(home), outcome.id)
    assert isinstance(found, History)
    entry = found.shown.entry
    assert (entry.edition, entry.source, entry.seconds) == (
        active_edition(DAILY).digest,
        "patient",
        83,
    )
    assert (entry.level, entry.urgency, entry.device) == ("red", "call_15", "Android")
    assert entry.words == "Je suis fatigué"
    assert found.shown.name


def test_a_time_after_now_counts_as_now(home: Home, database: Database) -> None:
    send(home, CALM, at=clock.now() + timedelta(days=1))
    late = owner_rows(database, "select answered_at <= received_at from questionnaires.answer")
    assert late == [(True,)]


def test_what_is_wrong_stores_nothing(home: Home, database: Database) -> None:
    outcome = answers.submit(
        may_write(home),
        active_edition(DAILY).digest,
        {"dyspnoea": "none", "spo2": "960"},
        key="k",
        source=Source.PATIENT,
        answered_at=clock.now(),
    )
    assert isinstance(outcome, Rejected)
    assert owner_rows(database, ANSWERS) == []


def test_a_correction_keeps_both_and_amends_the_readings(home: Home, database: Database) -> None:
    first = send(home, {**CALM, "spo2": "69", "pulse": "80", "temperature": "37,5"})
    given = {**CALM, "spo2": "96", "pulse": "80"}
    nurse = may_write(home, home.care.nurse)
    done = answers.correct(
        nurse, first.id, given, key="c", reason="Chiffres inversés", source=Source.STAFF_PHONE
    )
    assert isinstance(done, Stored)
    again = answers.correct(
        nurse, first.id, given, key="c", reason="Chiffres inversés", source=Source.STAFF_PHONE
    )
    assert isinstance(again, Stored)
    assert again.again
    found = shown.history(may_read(home), first.id)
    assert isinstance(found, History)
    old, new = found.chain
    assert old.entry.replaced_by == new.entry.id == done.id
    assert old.entry.answers["spo2"] == 69
    assert (new.entry.answers["spo2"], new.entry.reason) == (96, "Chiffres inversés")
    assert new.entry.answered_at == old.entry.answered_at
    assert owner_rows(database, READINGS) == [
        (Vital.TEMPERATURE, 37.5, "withdrawn", None),
        (Vital.SPO2, 69.0, "corrected", 96.0),
        (Vital.PULSE, 80.0, None, None),
    ]
    assert len(shown.answers_page(may_read(home)).answers) == 1


def test_a_second_correction_goes_on_from_the_first(home: Home, database: Database) -> None:
    first = send(home, {**CALM, "spo2": "69"})
    nurse = may_write(home, home.care.nurse)
    steps = [("a", "96", first.id)]
    for key, spo2, _ in steps:
        done = answers.correct(
            nurse,
            first.id,
            {**CALM, "spo2": spo2},
            key=key,
            reason="x",
            source=Source.STAFF_PHONE,
        )
        assert isinstance(done, Stored)
    late = answers.correct(
        nurse, first.id, {**CALM, "spo2": "95"}, key="b", reason="x", source=Source.STAFF_PHONE
    )
    assert late == AlreadyCorrected(by=done.id)
    last = answers.correct(
        nurse, done.id, {**CALM, "spo2": "95"}, key="b", reason="x", source=Source.STAFF_PHONE
    )
    assert isinstance(last, Stored)
    replaced = owner_rows(database, "select replacement from vitals.amendment order by at, id")
    assert replaced == [(96.0,), (95.0,)]


def test_another_patients_answer_is_none_of_this_record(home: Home, database: Database) -> None:
    other = make_home()
    theirs = send(other, CALM)
    assert shown.history(may_read(home), theirs.id) is None
    outcome = answers.correct(
        may_write(home, home.care.nurse),
        theirs.id,
        CALM,
        key="c",
        reason="x",
        source=Source.STAFF_PHONE,
    )
    assert outcome == NoSuchAnswer()

"""What a silence makes of the alert, what answers and pauses make of a silence."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import psycopg
import pytest

from alerts import silence_service
from alerts.acts import Close
from alerts.outcomes import Outcome
from alerts.service import act, alert_page, queue_page
from alerts.silence_service import find_silent
from alerts.views import AlertPage
from alerts.wording import evidence_sentence
from core.access import Permission
from core.settings import settings
from questionnaires.plans import missing_service
from questionnaires.plans import pausing_service as pausing
from questionnaires.plans import service as plans
from questionnaires.plans.plan import PauseReason
from scoring.level import Level
from tests.conftest import Database
from tests.integration.alerts.home import Home, make_home, rows
from tests.integration.plans.home import MONDAY, SetClock, opened, start, states
from tests.integration.plans.test_silence import (
    ALARM,
    DAY,
    MINUTE,
    ONCE,
    answer,
    home,
    look,
    set_clock,
    silences,
)
from tests.people import make_care

__all__ = ["home", "set_clock"]


@pytest.mark.promise("R7")
def test_an_answer_in_time_calls_nobody_and_one_afterwards_is_noted(
    home: Home, set_clock: SetClock
) -> None:
    care = home.care
    start(care.nurse, care.patient, times=ONCE)
    first, *_ = plans.tasks_today(
        opened(care.patient_actor, care.patient, Permission.ANSWERS_READ), MONDAY
    )
    set_clock(MONDAY + timedelta(hours=2))
    answer(care, MONDAY + timedelta(hours=2), first.id)
    assert look(set_clock, ALARM + MINUTE).missed == 0
    assert look(set_clock, ALARM + DAY + MINUTE).missed == 1
    set_clock(ALARM + DAY + 10 * MINUTE)
    answer(care, ALARM + DAY + 10 * MINUTE)
    look(set_clock, ALARM + DAY + 11 * MINUTE)
    look(set_clock, ALARM + DAY + 12 * MINUTE)
    (alert,) = silences(home)
    page = alert_page(opened(care.nurse, care.patient, Permission.ALERTS_READ), alert.alert_id)
    assert isinstance(page, AlertPage)
    assert [event.what for event in page.events].count("answered_since") == 1


def test_two_in_a_row_are_red_at_high_risk_and_call_again(home: Home, set_clock: SetClock) -> None:
    start(home.care.nurse, home.care.patient, times=ONCE, high_risk=True)
    look(set_clock, ALARM + MINUTE)
    assert [alert.level for alert in silences(home)] == [Level.ORANGE]
    look(set_clock, ALARM + DAY + MINUTE)
    (alert,) = silences(home)
    assert alert.level is Level.RED
    said = evidence_sentence(alert.reason.evidence, "fr")
    assert said == "Sans réponse : au moins deux questionnaires de suite non reçus"
    events = rows("select what from alerts.alert_event order by id")
    assert ("worsened",) in events
    assert [what for (what,) in events].count("called") >= 2


def test_later_ones_add_evidence_and_call_nobody_anew(home: Home, set_clock: SetClock) -> None:
    start(home.care.nurse, home.care.patient, times=ONCE)
    look(set_clock, ALARM + MINUTE)
    before = rows("select count(*) from messages.outbox")
    look(set_clock, ALARM + DAY + MINUTE)
    look(set_clock, ALARM + 2 * DAY + MINUTE)
    assert rows("select count(*) from messages.outbox") == before
    (alert,) = silences(home)
    ctx = opened(home.care.nurse, home.care.patient, Permission.ALERTS_READ)
    page = alert_page(ctx, alert.alert_id)
    assert isinstance(page, AlertPage)
    assert [(entry.part, entry.count) for entry in page.evidence][-1] == ("last_seen", 2)


def test_after_a_person_closed_it_the_next_silence_is_a_new_alert(
    home: Home, set_clock: SetClock
) -> None:
    start(home.care.nurse, home.care.patient, times=ONCE)
    look(set_clock, ALARM + MINUTE)
    (alert,) = silences(home)
    ctx = opened(home.care.nurse, home.care.patient, Permission.ALERTS_ACKNOWLEDGE)
    nurse = home.care.nurse.person
    act(ctx, alert.alert_id, Close(by=nurse, outcome=next(iter(Outcome)), note=""))
    assert silences(home) == []
    look(set_clock, ALARM + DAY + MINUTE)
    (again,) = silences(home)
    assert again.alert_id != alert.alert_id


@pytest.mark.promise("R7")
def test_a_patient_without_a_prescription_is_seen_and_the_operator_told(
    database: Database, set_clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHEVET_OPERATOR_MAIL", "operator@site.example")
    settings.cache_clear()
    care = make_care()
    set_clock(MONDAY)
    start(care.nurse, care.patient, times=ONCE)
    look(set_clock, ALARM + MINUTE)
    (row,) = queue_page(care.nurse, 10, 0)
    assert [line.item for line in row.alerts] == ["no_answer"]
    told = rows("select params ->> 'what' from messages.outbox where recipient is null")
    assert ("silent_unwatched",) in told


def test_what_a_plan_does_not_alarm_for_is_missed_and_calls_nobody(
    home: Home, set_clock: SetClock
) -> None:
    start(home.care.nurse, home.care.patient, times=ONCE, silence_alert=False)
    assert look(set_clock, ALARM + MINUTE).missed == 1
    assert silences(home) == []


def test_a_plan_that_ended_calls_nobody_but_hides_no_deadline(
    home: Home, set_clock: SetClock
) -> None:
    plan = start(home.care.nurse, home.care.patient, times=ONCE)
    set_clock(ALARM + 10 * MINUTE)
    ctx = opened(home.care.nurse, home.care.patient, Permission.MONITORING_WRITE)
    assert plans.stop_plan(ctx, plan, "recovered") is None
    assert look(set_clock, ALARM + 11 * MINUTE).missed == 1
    assert silences(home) == []
    assert states(home.care.patient) == [("01-04 08:00", "missed"), ("01-05 08:00", "cancelled")]


def test_one_patient_who_fails_holds_back_no_other_and_is_tried_again(
    home: Home, set_clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = make_home()
    for one in (home, other):
        start(one.care.nurse, one.care.patient, times=ONCE)

    def failing(conn: object, patient: UUID, now: datetime) -> object:
        if patient == home.care.patient:
            raise RuntimeError("of the test")
        return missing_service.missed_due(conn, patient, now)  # type: ignore[arg-type]

    monkeypatch.setattr(silence_service, "missed_due", failing)
    found = look(set_clock, ALARM + MINUTE)
    assert (found.missed, found.failed) == (1, 1)
    assert len(silences(other)) == 1
    assert rows("select work from alerts.setback") == [("silence",)]
    monkeypatch.undo()
    assert find_silent(ALARM + 2 * MINUTE).missed == 1
    assert rows("select work from alerts.setback") == []


def test_a_merged_record_is_one_patient_with_one_alert(
    home: Home, set_clock: SetClock, database: Database
) -> None:
    twin = make_home()
    for one in (home, twin):
        start(one.care.nurse, one.care.patient, times=ONCE)
    with psycopg.connect(database.dsn("OWNER")) as owner:
        owner.execute(
            "insert into access.patient_link (id, patient_id, into_patient, linked_at, linked_by,"
            " reason) values (%s, %s, %s, now(), %s, 'twice')",
            [uuid4(), twin.care.patient, home.care.patient, home.care.gp.person],
        )
    found = look(set_clock, ALARM + MINUTE)
    assert (found.missed, found.called) == (2, 1)
    kept = rows("select patient_id, late from alerts.alert where item = 'no_answer'")
    assert kept == [(home.care.patient, False)]


@pytest.mark.promise("R7")
def test_a_pause_hides_nothing_before_it_and_nothing_after_it(
    home: Home, set_clock: SetClock
) -> None:
    start(home.care.nurse, home.care.patient, times=ONCE)
    # The alarm of the 4th has come and nobody has looked yet when the pause begins.
    set_clock(ALARM + 10 * MINUTE)
    ctx = opened(home.care.nurse, home.care.patient, Permission.MONITORING_WRITE)
    until = datetime(2027, 1, 7, 9, tzinfo=UTC)
    made = pausing.pause(ctx, PauseReason.HOLIDAY, ALARM + 10 * MINUTE, until)
    assert isinstance(made, UUID)
    assert look(set_clock, ALARM + 11 * MINUTE).missed == 1
    assert look(set_clock, ALARM + 2 * DAY + MINUTE).missed == 0
    assert look(set_clock, ALARM + 3 * DAY + MINUTE).missed == 1
    assert states(home.care.patient)[:4] == [
        ("01-04 08:00", "missed"), ("01-05 08:00", "paused"),
        ("01-06 08:00", "paused"), ("01-07 08:00", "missed"),
    ]  # fmt: skip


@pytest.mark.promise("R7")
def test_a_pause_without_an_end_is_caught(
    home: Home, set_clock: SetClock, database: Database
) -> None:
    """The fault: the pause in the rows has no end any more, as a suppression that was forgotten."""
    start(home.care.nurse, home.care.patient, times=ONCE)
    ctx = opened(home.care.nurse, home.care.patient, Permission.MONITORING_WRITE)
    assert isinstance(pausing.pause(ctx, PauseReason.OTHER, MONDAY, ALARM + DAY + MINUTE), UUID)
    with psycopg.connect(database.dsn("OWNER")) as owner:
        owner.execute(
            "alter table questionnaires.pause drop constraint pause_check2"
            ", drop constraint pause_check1, drop constraint pause_check"
        )
        owner.execute("update questionnaires.pause set ends_at = 'infinity'")
    assert look(set_clock, ALARM + 5 * DAY + MINUTE).missed == 0

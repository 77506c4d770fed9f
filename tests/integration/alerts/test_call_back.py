"""« Être rappelé par l'équipe »: the team is called once, the patient sees who took it."""

from datetime import timedelta

import pytest

from alerts import call_back_service
from alerts import service as alerts
from alerts.call_back import ITEM
from alerts.lifecycle import Own
from core import clock
from core.access import Permission
from core.care import open_record
from core.doors import Actor, CareContext
from tests.integration.alerts.home import Home, make_home, rows, seen_by_nurse


@pytest.fixture
def home(database: object) -> Home:
    return make_home()


def of_patient(home: Home) -> CareContext:
    patient = home.care.patient
    actor = Actor(person=patient, post=None, session=None, purpose="PATRQT")
    opened = open_record(actor, patient, Permission.ANSWERS_WRITE)
    assert isinstance(opened, CareContext)
    return opened


def test_it_calls_the_team_by_the_patients_ladder_once(home: Home) -> None:
    ctx = of_patient(home)
    for _ in range(2):
        (call,) = call_back_service.ask(ctx, "one-touch")
    assert call.state == "raised"
    (line,) = seen_by_nurse(home)
    assert line.item == ITEM
    assert line.level.code == "orange"
    assert "rappel" in str(line.reason.evidence.said)
    assert len(rows("select 1 from messages.outbox where about = %s", [home.care.patient])) >= 1


def test_a_second_wish_feeds_the_alert_that_is_open(home: Home) -> None:
    ctx = of_patient(home)
    call_back_service.ask(ctx, "first-touch")
    calls = call_back_service.ask(ctx, "second-touch")
    assert len(calls) == 2
    assert len(seen_by_nurse(home)) == 1


def test_the_patient_is_told_when_somebody_takes_it(home: Home) -> None:
    ctx = of_patient(home)
    call_back_service.ask(ctx, "one-touch")
    (line,) = seen_by_nurse(home)
    nurse = open_record(home.care.nurse, home.care.patient, Permission.ALERTS_ACKNOWLEDGE)
    assert isinstance(nurse, CareContext)
    alerts.act(nurse, line.alert_id, Own(by=home.care.nurse.person))
    (call,) = call_back_service.mine(ctx)
    assert call.state == "owned"
    assert call.by_name
    assert call.taken_at is not None


def test_a_wish_whose_alert_was_not_raised_is_raised_by_the_next_pass(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fault: the process dies between the wish and the call."""
    with monkeypatch.context() as dies:
        dies.setattr(call_back_service, "raise_waiting", lambda now: 0)
        call_back_service.ask(of_patient(home), "one-touch")
    assert len(seen_by_nurse(home)) == 0
    assert call_back_service.raise_waiting(clock.now() + timedelta(seconds=1)) == 1
    assert call_back_service.raise_waiting(clock.now()) == 0
    (line,) = seen_by_nurse(home)
    assert line.item == ITEM

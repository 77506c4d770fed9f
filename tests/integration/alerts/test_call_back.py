"""« Être rappelé par l'équipe »: the team is called once, the patient sees who took it."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from alerts import call_back_service
from alerts import service as alerts
from alerts.acts import Own
from alerts.alert import Alert
from alerts.call_back import ITEM
from alerts.views import AlertPage
from alerts.wording import evidence_sentence
from core import clock
from core.access import Permission
from core.care import open_record
from core.doors import Actor, CareContext, ServiceConnection
from core.settings import settings
from dashboard.layouts.alert_card import alert_cards
from dashboard.reader import Reader
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


def test_a_second_wish_feeds_the_alert_that_is_open_and_is_seen(home: Home) -> None:
    ctx = of_patient(home)
    call_back_service.ask(ctx, "first-touch")
    (first,) = seen_by_nurse(home)
    calls = call_back_service.ask(ctx, "second-touch")
    assert len(calls) == 2
    (line,) = seen_by_nurse(home)
    assert line.alert_id == first.alert_id
    assert line.reason.part == "last_seen"
    assert line.reason.evidence.measured_at == calls[0].asked_at > line.first_breach_at
    assert "demande de nouveau" in evidence_sentence(line.reason.evidence, "fr")
    call_back_service.ask(ctx, "third-touch")
    (line,) = seen_by_nurse(home)
    assert line.reason.count == 2
    nurse = open_record(home.care.nurse, home.care.patient, Permission.ALERTS_READ)
    assert isinstance(nurse, CareContext)
    page = alerts.alert_page(nurse, line.alert_id)
    assert isinstance(page, AlertPage)
    reader = Reader(locale="fr", time_zone="Europe/Paris", now=clock.now())
    shown = str(alert_cards(reader, (page,), may_act=True, base=""))
    assert "de nouveau à" in shown
    assert "Dernière demande" in shown
    assert "None ·" not in shown


def test_a_request_that_fails_keeps_no_other_waiting(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fault: one patient's team cannot be called, whatever is tried."""
    monkeypatch.setenv("CHEVET_OPERATOR_MAIL", "operator@site.example")
    settings.cache_clear()
    other = make_home()
    before = clock.now()
    with monkeypatch.context() as dies:
        dies.setattr(call_back_service, "raise_waiting", lambda now: 0)
        call_back_service.ask(of_patient(home), "one-touch")
        call_back_service.ask(of_patient(other), "one-touch")
    real = call_back_service.call_out

    def fails(conn: ServiceConnection, alert: Alert, patient: UUID, now: datetime) -> Alert:
        if patient == home.care.patient:
            conn.execute("select 1 / 0")
        return real(conn, alert, patient, now)

    with monkeypatch.context() as broken:
        broken.setattr(call_back_service, "call_out", fails)
        assert call_back_service.raise_waiting(clock.now()) == 1
        assert len(seen_by_nurse(other)) == 1
        assert len(seen_by_nurse(home)) == 0
        for minutes in (1, 2, 3):
            call_back_service.raise_waiting(before + timedelta(minutes=minutes))
    (kept,) = rows("select work, failures, error from alerts.setback")
    assert kept == ("call_back", 4, "DivisionByZero")
    (told,) = rows("select params ->> 'what' from messages.outbox where recipient is null")
    assert told == ("call_back_failing",)
    assert call_back_service.raise_waiting(before + timedelta(hours=1)) == 1
    assert len(seen_by_nurse(home)) == 1
    assert rows("select 1 from alerts.setback") == []


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

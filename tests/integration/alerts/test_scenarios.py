"""Awkward hours of a ward, each from the reading to whoever is told."""

from datetime import timedelta

import pytest

from alerts import service as alerts
from alerts.views import AlertLine
from core import clock
from core.access import Permission
from core.vitals import Vital
from messages import service as messages
from scoring.level import Level
from tests.as_owner import rows as owned
from tests.as_owner import run
from tests.conftest import Database
from tests.integration.alerts.home import (
    Home,
    due_left,
    make_home,
    measure,
    opened,
    rows,
    seen_by_nurse,
)

MINUTE = timedelta(minutes=1)
MILLISECOND = timedelta(milliseconds=1)


@pytest.fixture
def home(database: Database) -> Home:
    return make_home()


def only_alert(home: Home) -> AlertLine:
    (line,) = seen_by_nurse(home)
    return line


def calls() -> int:
    return len(rows("select 1 from alerts.alert_event where what = 'called'"))


@pytest.mark.parametrize("order", [(91, 97), (97, 91), (91, 93), (93, 91)])
def test_two_readings_one_millisecond_apart(home: Home, order: tuple[int, int]) -> None:
    """Both are judged, whichever comes first and in whatever batch: one alert, red, one call."""
    now = clock.now()
    for value, ago in zip(order, (MINUTE, MINUTE - MILLISECOND), strict=True):
        measure(home, [(Vital.SPO2, value, ago)], now=now)
        alerts.review(now)
    line = only_alert(home)
    assert line.level is Level.RED
    assert line.reason.evidence.value == 91
    assert owned("select count(distinct measured_at) from vitals.reading") == [(2,)]
    worsened = order == (93, 91)
    assert calls() == (2 if worsened else 1)


def test_120_late_readings_call_once(home: Home) -> None:
    """A phone that was away gives two hours of values at once: one alert, marked late, one call."""
    now = clock.now()
    measure(home, [(Vital.SPO2, 97, MINUTE)], now=now)
    alerts.review(now)
    late = [(Vital.SPO2, 91 - n % 3, timedelta(hours=3) - n * MINUTE) for n in range(120)]
    for part in (late[60:], late[:60]):  # the newer half first, as a queue may give it back
        measure(home, part, now=now)
    while due_left():
        alerts.review(now)
    line = only_alert(home)
    assert (line.level, line.late) == (Level.RED, True)
    assert line.first_breach_at == now - timedelta(hours=3)
    assert line.reason.evidence.value == 89
    assert line.reason.count == 120
    assert calls() == 1


def test_a_paused_patient_who_measures_all_the_same_is_heard(home: Home) -> None:
    """A pause stops questions and alarms of silence; it never stops a red value."""
    now = clock.now()
    run(
        "insert into questionnaires.pause (id, patient_id, reason, starts_at, ends_at, paused_at)"
        " values (gen_random_uuid(), %s, 'other', %s, %s, %s)",
        home.care.patient, now - timedelta(days=1), now + timedelta(days=1), now,
    )  # fmt: skip
    measure(home, [(Vital.SPO2, 90, MINUTE)], now=now)
    assert alerts.review(now).alerts == 1
    assert only_alert(home).level is Level.RED
    assert calls() == 1


def test_a_member_removed_while_his_call_waits_to_be_sent_is_told_nothing(home: Home) -> None:
    """Nobody outside the circle learns of an alert; the ladder goes on to whoever is left."""
    now = clock.now()
    measure(home, [(Vital.SPO2, 90, MINUTE)], now=now)
    alerts.review(now)
    waiting = "select recipient from messages.outbox where state = 'waiting'"
    assert rows(waiting) == [(home.care.nurse.person,)]
    run(
        "update access.membership set ends_at = now() where patient_id = %s and party = %s",
        home.care.patient, home.care.centre,
    )  # fmt: skip
    assert messages.send_due(clock.now()).sent == 0
    assert rows("select count(*) from messages.outbox where state = 'sent'") == [(0,)]
    step = rows("select next_step_at from alerts.alert")[0][0]
    assert alerts.escalate_due(max(clock.now(), step)).alerts == 1  # type: ignore[type-var]
    told = rows("select recipient from messages.outbox where state = 'waiting'")
    assert (home.care.gp.person,) in told
    ctx = opened(home.care.gp, home.care.patient, Permission.ALERTS_READ)
    assert [line.level for line in alerts.open_alerts(ctx)] == [Level.RED]

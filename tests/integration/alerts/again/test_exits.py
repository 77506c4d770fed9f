"""What becomes of a wait when something else ends, fails or happens at the same time."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from alerts import repeat_service
from alerts import service as alerts
from alerts.repeat_service import raise_overdue
from alerts.views import AlertLine
from core import clock
from core.doors import ServiceConnection
from core.settings import settings
from core.vitals import Vital
from scoring.level import Level
from tests.as_owner import run
from tests.integration.alerts.again.asked import (
    MINUTE,
    NOW,
    WITHIN,
    came,
    line_of,
    reachable_home,
    repeats,
)
from tests.integration.alerts.home import (
    Home,
    measure,
    rows,
    seen_by_nurse,
    watch,
)


def test_what_waits_calls_at_once_when_the_prescription_is_withdrawn(home: Home) -> None:
    now = came(home, 94)
    run(
        "update alerts.prescription set ends_at = %s where patient_id = %s and ends_at is null",
        now + MINUTE,
        home.care.patient,
    )
    assert raise_overdue(now + 2 * MINUTE) == 1
    assert line_of(home).level is Level.ORANGE


def test_a_new_version_of_the_prescription_loses_nothing(home: Home) -> None:
    now = came(home, 94)
    watch(home, 1)
    assert raise_overdue(now + MINUTE) == 0
    assert raise_overdue(now + WITHIN) == 1
    assert line_of(home).level is Level.ORANGE


def test_for_the_dead_it_ends_and_calls_nobody(home: Home) -> None:
    now = came(home, 94)
    run(
        "update access.patient set died_on = current_date, death_noted_at = now() where id = %s",
        home.care.patient,
    )
    assert raise_overdue(now + WITHIN) == 1
    assert rows("select count(*) from alerts.alert") == [(0,)]
    assert repeats() == [("spo2", "not_done", False, True)]


def test_one_that_fails_stops_nobody_elses_and_is_told(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fault: one patient's alert cannot be saved, whatever is tried."""
    monkeypatch.setenv("CHEVET_OPERATOR_MAIL", "operator@site.example")
    settings.cache_clear()
    other = reachable_home("+33698765433")
    now = came(home, 94)
    came(other, 94, at=now)
    real = repeat_service.save_alerts

    def fails(conn: ServiceConnection, read: object, judgement: object) -> int:
        if getattr(read, "watched").patient_id == home.care.patient:  # noqa: B009
            conn.execute("select 1 / 0")
        return real(conn, read, judgement)  # type: ignore[arg-type]

    with monkeypatch.context() as broken:
        broken.setattr(repeat_service, "save_alerts", fails)
        assert raise_overdue(now + WITHIN) == 1
        assert len(seen_by_nurse(other)) == 1
        for minutes in (1, 2, 3):
            raise_overdue(now + WITHIN + minutes * MINUTE)
    assert rows("select work, failures, error from alerts.setback") == [
        ("repeat", 4, "DivisionByZero")
    ]
    assert rows("select params ->> 'what' from messages.outbox where recipient is null") == [
        ("repeat_failing",)
    ]
    assert raise_overdue(now + timedelta(hours=2)) == 1
    assert line_of(home).level is Level.ORANGE
    assert rows("select 1 from alerts.setback") == []


def test_reviews_and_the_clock_at_once_raise_one_alert(home: Home) -> None:
    homes = [home, *(reachable_home(f"+3369876544{number}") for number in range(3))]
    now = clock.now()
    for one in homes:
        measure(one, [(Vital.SPO2, 94, NOW)], now=now)
    alerts.review(now)
    assert rows("select count(*) from alerts.repeat where state = 'asked'") == [(4,)]
    later = now + WITHIN
    for one in homes:
        measure(one, [(Vital.SPO2, 93, NOW)], now=later)
    with ThreadPoolExecutor(6) as pool:
        works = [pool.submit(alerts.review, later) for _ in range(3)]
        clocks = [pool.submit(raise_overdue, later) for _ in range(3)]
        for work in (*works, *clocks):
            work.result()
    alerts.review(later)
    raise_overdue(later)
    assert rows("select count(*), count(distinct patient_id) from alerts.alert") == [(4, 4)]
    assert rows("select count(*) from alerts.repeat where state = 'asked'") == [(0,)]
    assert rows(
        "select count(*) from alerts.alert_event where what in ('repeat_confirmed',"
        " 'repeat_not_done')"
    ) == [(4,)]


def test_a_crash_after_the_commit_raises_nothing_twice(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = came(home, 94)

    def dies(name: str) -> None:
        raise RuntimeError(name)

    with monkeypatch.context() as broken:
        broken.setattr(repeat_service, "failpoint", dies)
        raise_overdue(now + WITHIN)
    raise_overdue(now + WITHIN + MINUTE)
    assert rows("select count(*) from alerts.alert") == [(1,)]
    assert isinstance(line_of(home), AlertLine)

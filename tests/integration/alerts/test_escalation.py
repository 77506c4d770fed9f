"""Nobody answers: the next person is called, nobody reachable is never silent, and it loops."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from alerts import service as alerts
from core import clock
from core.access import Permission
from core.settings import settings
from core.vitals import Vital
from identity import service as identity
from messages import service as messages
from tests.conftest import Database
from tests.integration.alerts.home import (
    Home,
    make_home,
    measure,
    opened,
    rows,
    seen_by_nurse,
)

NOW = timedelta(0)
MINUTE = timedelta(minutes=1)
RED_WAIT = 10 * MINUTE


@pytest.fixture(autouse=True)
def operator(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHEVET_OPERATOR_MAIL", "operator@example.org")
    settings.cache_clear()


def alarm(home: Home) -> datetime:
    """Raise one red alert; return when."""
    now = clock.now()
    measure(home, [(Vital.SPO2, 88, NOW)], now=now)
    assert alerts.review(now).alerts == 1
    return now


def mailed() -> list[str]:
    return [str(to) for (to,) in rows("select address from messages.outbox order by id")]


def life(home: Home) -> list[str]:
    ctx = opened(home.care.nurse, home.care.patient, Permission.ALERTS_READ)
    (line,) = seen_by_nurse(home)
    page = alerts.alert_page(ctx, line.alert_id)
    assert not isinstance(page, alerts.NotFound)
    return [event.what for event in page.events]


def test_unanswered_goes_to_the_gp_when_the_wait_is_over_and_not_before() -> None:
    home = make_home()
    raised = alarm(home)
    nurse, gp = (f"{home.care.nurse.person}@nurse.example", f"{home.care.gp.person}@gp.example")
    assert mailed() == [nurse]
    assert alerts.escalate_due(raised + RED_WAIT - MINUTE).alerts == 0
    assert alerts.escalate_due(raised + RED_WAIT).alerts == 1
    assert alerts.escalate_due(raised + RED_WAIT).alerts == 0
    assert mailed() == [nurse, gp]
    assert life(home) == ["raised", "called", "called"]


def test_a_ladder_that_ends_begins_again_and_alarms_the_operator_each_round() -> None:
    home = make_home()
    at = alarm(home)
    for _ in range(3):
        at += RED_WAIT
        assert alerts.escalate_due(at).alerts == 1
    gp = f"{home.care.gp.person}@gp.example"
    assert mailed()[1:].count(gp) == 3
    assert mailed().count("operator@example.org") == 2
    assert life(home).count("exhausted") == 2


def test_a_rung_without_anybody_is_written_down_and_the_next_is_called_at_once() -> None:
    home = make_home(nurse=False)
    alarm(home)
    assert set(mailed()) == {"operator@example.org", f"{home.care.gp.person}@gp.example"}
    assert life(home) == ["raised", "nobody_reachable", "called"]


def test_when_nobody_at_all_can_be_reached_the_operator_knows_and_the_alert_stays_open() -> None:
    home = make_home(nurse=False, gp=False)
    raised = alarm(home)
    assert set(mailed()) == {"operator@example.org"}
    assert life(home).count("nobody_reachable") >= 2
    (line,) = seen_by_nurse(home)
    assert line.next_step_at is not None
    assert raised < line.next_step_at <= raised + RED_WAIT


def test_a_gp_who_left_the_circle_is_not_called(clock_file: Path) -> None:
    home = make_home()
    raised = alarm(home)
    with psycopg.connect(settings().owner_dsn) as conn:
        conn.execute(
            "update access.membership set ends_at = %s where party = %s",
            [raised + MINUTE, home.care.gp.person],
        )
    clock_file.write_text(str((RED_WAIT + MINUTE).total_seconds()))
    assert alerts.escalate_due(clock.now()).alerts == 1
    assert not any("gp.example" in to for to in mailed())
    assert "nobody_reachable" in life(home)


def test_every_nurse_of_the_centre_is_called_by_every_address_once() -> None:
    home = make_home()
    colleague = identity.register_person("Léa Petit")
    identity.give_post(colleague, home.care.centre, "telemonitoring_nurse")
    messages.register_contact(colleague, "email", "lea@nurse.example")
    messages.register_contact(colleague, "email", "lea.petit@nurse.example")
    secretary = identity.register_person("Paul Gris")
    identity.give_post(secretary, home.care.centre, "social_worker")
    messages.register_contact(secretary, "email", "paul@nurse.example")
    alarm(home)
    nurse = f"{home.care.nurse.person}@nurse.example"
    assert sorted(mailed()) == sorted([nurse, "lea.petit@nurse.example", "lea@nurse.example"])


def test_four_processes_call_each_next_person_once() -> None:
    homes = [make_home() for _ in range(10)]
    raised = [alarm(home) for home in homes]
    later = max(raised) + RED_WAIT
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda _: alerts.escalate_due(later), range(4)))
    assert sum(each.alerts for each in done) == len(homes)
    assert sum("gp.example" in to for to in mailed()) == len(homes)


def test_an_alert_that_cannot_escalate_stops_no_other(database: Database) -> None:
    broken, fine = make_home(), make_home()
    alarm(broken)
    raised = alarm(fine)
    with psycopg.connect(database.dsn("OWNER")) as conn:
        conn.execute(
            "update alerts.alert set ladder = '{}' where patient_id = %s", [broken.care.patient]
        )
    assert alerts.escalate_due(raised + RED_WAIT) == alerts.Escalated(alerts=1, failed=1)
    (failing,) = alerts.failing_work()
    assert (failing.work, failing.error) == ("escalation", "LadderError")
    for minutes in (20, 40):
        alerts.escalate_due(raised + minutes * MINUTE)
    assert rows(
        "select params->>'what' from messages.outbox where recipient is null"
        " and params->>'what' = 'escalation_failing'"
    ) == [("escalation_failing",)]

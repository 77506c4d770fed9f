"""In his quiet hours nobody is called by an orange alert; a red does not look at them."""

from datetime import datetime, time, timedelta
from pathlib import Path

import pytest

from alerts import service as alerts
from alerts.rota.standing import Skip
from core import clock
from core.settings import settings
from core.vitals import Vital
from tests.as_owner import rows, run
from tests.conftest import Database
from tests.days import PARIS
from tests.integration.alerts.duty import accept_as_gp, join_staff, ordinary_day, plan, set_clock
from tests.integration.alerts.home import Home, make_home, measure

MINUTE = timedelta(minutes=1)
WEDNESDAY = 2
ORANGE, RED = 93, 85


@pytest.fixture
def home(database: Database, clock_file: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("CHEVET_SERVICE_OPENING", "mon-sun 08:00-20:00")
    monkeypatch.setenv("CHEVET_OPERATOR_MAIL", "operator@example.org")
    settings.cache_clear()
    made = make_home(ladder="home-five-rungs")
    set_clock(clock_file, ordinary_day(WEDNESDAY), "10:00")
    return made


def rest(person: object, begins: str, ends: str) -> None:
    run(
        "insert into messages.preference (party, changed_at, quiet_from, quiet_until)"
        " values (%s, now(), %s, %s)",
        person,
        begins,
        ends,
    )


def alarm(home: Home, percent: int) -> datetime:
    now = clock.now()
    measure(home, [(Vital.SPO2, percent, timedelta(0))], now=now)
    assert alerts.review(now).alerts == 1
    return now


def mailed() -> list[str]:
    """Who was written to, in order: the local part of staff, the role of the home's own."""
    found = []
    for (address,) in rows("select address from messages.outbox order by created_at, id"):
        name, _, domain = str(address).partition("@")
        found.append(name if domain in ("staff.example", "example.org") else domain.split(".")[0])
    return found


def skips() -> list[str]:
    return [
        str(why)
        for (why,) in rows(
            "select detail ->> 'why' from alerts.alert_event where what = 'rung_skipped'"
            " order by id"
        )
    ]


def due() -> datetime:
    ((at,),) = rows("select next_step_at from alerts.alert")
    assert isinstance(at, datetime)
    return at


def test_an_orange_passes_on_to_who_is_not_resting_and_says_why(home: Home) -> None:
    join_staff(home, "Dr Anne Brun", "coordinating_doctor")
    rest(home.care.nurse.person, "09:00", "12:00")
    alarm(home, ORANGE)
    assert mailed() == ["brun"]
    assert skips() == [Skip.QUIET_HOURS, Skip.QUIET_HOURS]


def test_a_red_calls_whoever_rests(home: Home) -> None:
    rest(home.care.nurse.person, "09:00", "12:00")
    alarm(home, RED)
    assert mailed() == ["nurse"]
    assert skips() == []


def test_of_two_on_a_rung_the_one_who_rests_is_left_out(home: Home) -> None:
    join_staff(home, "Léa Petit")
    rest(home.care.nurse.person, "09:00", "12:00")
    alarm(home, ORANGE)
    assert mailed() == ["petit"]
    assert skips() == []


def test_they_are_hours_of_the_place_where_the_rota_is_kept(home: Home) -> None:
    """At ten in Paris it is noon or one in Réunion, and she rests from noon there."""
    nurse, centre = home.care.nurse.person, home.care.centre
    join_staff(home, "Dr Anne Brun", "coordinating_doctor")
    plan(home, nurse, starts="08:00", ends="08:00")
    run(
        "insert into alerts.rota (organisation, zone, holidays, changed_by, changed_at)"
        " values (%s, 'Indian/Reunion', 'metropole', %s, now())",
        centre,
        nurse,
    )
    rest(nurse, "11:30", "14:00")
    alarm(home, ORANGE)
    assert mailed() == ["brun"]
    assert Skip.QUIET_HOURS in skips()


def test_when_all_rest_it_waits_in_sight_for_the_first_and_nobody_is_blamed(
    home: Home, clock_file: Path
) -> None:
    join_staff(home, "Dr Anne Brun", "coordinating_doctor")
    accept_as_gp(home, "mon-fri 08:00-19:00")
    doctor = rows("select id from access.party where name = 'Dr Anne Brun'")[0][0]
    for person, ends in ((home.care.nurse.person, "12:00"), (doctor, "11:30")):
        rest(person, "09:00", ends)
    rest(home.care.gp.person, "09:00", "13:00")
    alarm(home, ORANGE)
    assert mailed() == []
    (row,) = alerts.queue_page(home.care.nurse, 10, 0)
    assert row.alerts[0].night_at is not None
    life = [what for (what,) in rows("select what from alerts.alert_event order by id")]
    assert "quiet" in life
    assert "exhausted" not in life
    assert due().astimezone(PARIS).time() == time(11, 30)
    set_clock(clock_file, clock.now().astimezone(PARIS).date(), "11:30")
    assert alerts.escalate_due(clock.now() + MINUTE / 60).alerts == 1
    assert mailed() == ["brun"], "and not the operator: nobody failed to answer"


def test_who_does_not_answer_after_the_wait_is_a_matter_for_the_operator(
    home: Home, clock_file: Path
) -> None:
    rest(home.care.nurse.person, "09:00", "11:30")
    alarm(home, ORANGE)
    day = clock.now().astimezone(PARIS).date()
    set_clock(clock_file, day, "11:30")
    assert alerts.escalate_due(clock.now() + MINUTE / 60).alerts == 1
    assert mailed() == ["nurse"]
    for _ in range(4):
        at = due().astimezone(PARIS)
        if at.time() > time(19, 59) or at.date() != day:
            break
        set_clock(clock_file, day, f"{at:%H:%M}")
        alerts.escalate_due(clock.now() + MINUTE)
    assert "operator" in mailed()


def test_an_orange_that_waits_and_turns_red_calls_at_once(home: Home) -> None:
    rest(home.care.nurse.person, "09:00", "12:00")
    alarm(home, ORANGE)
    assert mailed() == []
    measure(home, [(Vital.SPO2, RED, timedelta(0))], now=clock.now())
    alerts.review(clock.now())
    assert "nurse" in mailed()


def test_an_orange_of_the_night_that_turns_red_tells_the_operator(
    home: Home, clock_file: Path
) -> None:
    plan(home, home.care.nurse.person)
    set_clock(clock_file, ordinary_day(WEDNESDAY), "02:30")
    alarm(home, ORANGE)
    assert mailed() == []
    measure(home, [(Vital.SPO2, RED, timedelta(0))], now=clock.now())
    alerts.review(clock.now())
    assert mailed() == ["operator"]


def test_an_orange_of_the_morning_that_turns_red_at_night_tells_the_operator_once(
    home: Home, clock_file: Path
) -> None:
    """It waits already, with its mark of the morning: what is told of a red does not hang on it."""
    plan(home, home.care.nurse.person)
    rest(home.care.nurse.person, "09:00", "12:00")
    alarm(home, ORANGE)
    assert mailed() == []
    assert rows("select night_at is null from alerts.alert") == [(False,)]
    set_clock(clock_file, ordinary_day(WEDNESDAY), "22:30")
    measure(home, [(Vital.SPO2, RED, timedelta(0))], now=clock.now())
    alerts.review(clock.now())
    assert mailed() == ["operator"]
    alerts.escalate_due(due() + MINUTE)
    told = rows("select count(*) from messages.outbox where params ->> 'what' = 'red_at_night'")
    assert told == [(1,)]

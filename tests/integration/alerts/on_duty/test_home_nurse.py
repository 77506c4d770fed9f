"""A home nurse as a rung: only if she accepted, in the hours she gave, Sundays and holidays too."""

from datetime import date
from pathlib import Path
from uuid import UUID

import pytest

from alerts import gp_service
from alerts import service as alerts
from alerts.acts import Own
from alerts.views import AlertPage
from core.access import Permission
from core.doors import Actor
from identity import service as identity
from messages import service as messages
from tests.conftest import Database
from tests.days import day_in_france
from tests.integration.alerts.duty import accept, ordinary_day, plan, put, set_clock
from tests.integration.alerts.home import Home, make_home, opened, seen_by_nurse
from tests.integration.alerts.on_duty.told import WAIT, WEDNESDAY, mailed, red, skips


@pytest.fixture
def home(database: Database) -> Home:
    made = make_home(ladder="home-six-rungs")
    plan(made, made.care.nurse.person)
    return made


def zoe(home: Home) -> UUID:
    """A home nurse who is in the circle herself."""
    person = named(home)
    identity.join_circle(home.care.patient, person, "home_nurse")
    return person


def named(home: Home) -> UUID:
    person = identity.register_person("Zoé Rey")
    messages.register_contact(person, "email", "rey@staff.example")
    return person


def called_after_the_nurse(home: Home, clock_file: Path, day: date, at: str = "10:00") -> bool:
    set_clock(clock_file, day, at)
    alerts.escalate_due(red(home) + WAIT)
    return "rey" in mailed()


def test_she_is_called_in_her_hours_and_answers_with_her_own_right(
    home: Home, clock_file: Path
) -> None:
    person = zoe(home)
    accept(home, person, "mon-fri 08:00-12:00")
    assert called_after_the_nurse(home, clock_file, ordinary_day(WEDNESDAY))
    (line,) = seen_by_nurse(home)
    actor = Actor(person=person, post=None, session=None)
    ctx = opened(actor, home.care.patient, Permission.ALERTS_ACKNOWLEDGE)
    page = alerts.act(ctx, line.alert_id, Own(by=person))
    assert isinstance(page, AlertPage)
    assert page.line.owner_name == "Zoé Rey"


@pytest.mark.parametrize(
    ("hours", "why"),
    [("", "home_nurse_not_asked"), ("mon-fri 14:00-18:00", "home_nurse_outside_hours")],
)
def test_she_is_passed_by(home: Home, clock_file: Path, hours: str, why: str) -> None:
    person = zoe(home)
    if hours:
        accept(home, person, hours)
    assert not called_after_the_nurse(home, clock_file, ordinary_day(WEDNESDAY))
    assert why in skips(home)


def test_without_one_the_step_is_passed_by(home: Home, clock_file: Path) -> None:
    set_clock(clock_file, ordinary_day(WEDNESDAY), "10:00")
    alerts.escalate_due(red(home) + WAIT)
    assert "no_home_nurse" in skips(home)


def test_a_public_holiday_is_a_day_as_any(home: Home, clock_file: Path) -> None:
    accept(home, zoe(home), "mon-sun 08:00-20:00")
    assert called_after_the_nurse(home, clock_file, date(day_in_france().year + 1, 5, 1))


def test_a_nurse_of_a_practice_in_the_circle_accepts_for_herself(
    home: Home, clock_file: Path
) -> None:
    practice = identity.register_organisation("Cabinet IDEL des Lilas")
    identity.join_circle(home.care.patient, practice, "home_nurse")
    person = named(home)
    identity.give_post(person, practice, "home_nurse")
    ctx = opened(home.care.gp, home.care.patient, Permission.MONITORING_WRITE)
    rung = {one.person: (one.kind, one.hours) for one in gp_service.gp_rung(ctx)}
    assert rung[person] == ("home_nurse", None)
    assert gp_service.note_hours(ctx, person, "mon-fri 08:00-12:00")
    assert called_after_the_nurse(home, clock_file, ordinary_day(WEDNESDAY))


def test_whoever_left_is_called_no_more_and_nobody_is_noted_who_is_not_there(
    home: Home, clock_file: Path
) -> None:
    person = zoe(home)
    ctx = opened(home.care.gp, home.care.patient, Permission.MONITORING_WRITE)
    assert gp_service.note_hours(ctx, person, "mon-sun 00:00-24:00")
    put("update access.membership set ends_at = starts_at where party = %(who)s", {"who": person})
    assert not gp_service.note_hours(ctx, person, "mon-sun 00:00-24:00")
    assert not called_after_the_nurse(home, clock_file, ordinary_day(WEDNESDAY))


def test_her_hours_leave_what_is_noted_of_the_gp(home: Home) -> None:
    person = zoe(home)
    ctx = opened(home.care.gp, home.care.patient, Permission.MONITORING_WRITE)
    assert gp_service.note_hours(ctx, home.care.gp.person, "mon-fri 08:00-19:00")
    assert gp_service.note_hours(ctx, person, "sat-sun 08:00-12:00")
    hours = {one.kind: one.hours for one in gp_service.gp_rung(ctx)}
    assert hours == {"gp": "mon-fri 08:00-19:00", "home_nurse": "sat-sun 08:00-12:00"}
    assert gp_service.note_hours(ctx, person, "")
    assert {one.kind: one.hours for one in gp_service.gp_rung(ctx)}["home_nurse"] is None


def test_her_hours_leave_who_is_in_the_place_of_a_gp(home: Home) -> None:
    person = zoe(home)
    put("update access.membership set ends_at = starts_at where party = %(who)s",
        {"who": home.care.gp.person})  # fmt: skip
    ctx = opened(home.care.nurse, home.care.patient, Permission.MONITORING_WRITE)
    assert gp_service.note_without(ctx, home.care.nurse.person, "mon-fri 08:00-19:00")
    assert gp_service.note_hours(ctx, person, "sat-sun 08:00-12:00")
    assert {one.kind for one in gp_service.gp_rung(ctx)} == {"without", "home_nurse"}

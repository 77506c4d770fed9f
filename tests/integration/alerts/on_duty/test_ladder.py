"""The ladder of five roles: who stands on a rung is found when it is called; a gap is an alarm."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from alerts import service as alerts
from alerts.duty_service import watch_duties
from alerts.rota.public_days import Region, holidays_of
from core.vitals import Vital
from tests.conftest import Database
from tests.days import PARIS, day_in_france
from tests.integration.alerts.duty import (
    accept_as_gp,
    join_staff,
    leave,
    ordinary_day,
    plan,
    put,
    set_clock,
)
from tests.integration.alerts.home import Home, make_home, measure, rows
from tests.integration.alerts.on_duty.told import (
    MINUTE,
    NOW,
    WAIT,
    WEDNESDAY,
    mailed,
    make_home_like,
    red,
    skips,
    told_operator,
)


def test_each_rung_calls_who_is_on_duty_then(home: Home, clock_file: Path) -> None:
    lea = join_staff(home, "Léa Petit")
    join_staff(home, "Dr Anne Brun", "coordinating_doctor")
    plan(home, home.care.nurse.person)
    plan(home, lea, "second_nurse")
    accept_as_gp(home, "mon-fri 08:00-19:00")
    set_clock(clock_file, ordinary_day(WEDNESDAY), "10:00")
    at = red(home)
    assert mailed() == ["nurse"]
    for expected in ("petit", "brun", "gp"):
        at += WAIT
        assert alerts.escalate_due(at).alerts == 1
        assert mailed()[-1] == expected
    # By day nobody is on call: the ladder has ended, the first nurse is called anew.
    assert alerts.escalate_due(at + WAIT).alerts == 1
    assert mailed()[4:] == ["nurse", "operator"]
    assert told_operator() == ["ladder_exhausted"]
    assert skips(home) == ["no_on_call"]


def test_second_nurse_is_not_the_first(home: Home, clock_file: Path) -> None:
    """One nurse alone on duty: as her own second she is passed by at once."""
    plan(home, home.care.nurse.person)
    plan(home, home.care.nurse.person, "second_nurse")
    join_staff(home, "Dr Anne Brun", "coordinating_doctor")
    set_clock(clock_file, ordinary_day(WEDNESDAY), "10:00")
    at = red(home)
    assert alerts.escalate_due(at + WAIT).alerts == 1
    assert mailed() == ["nurse", "brun"]
    assert skips(home) == ["nobody_else"]


def test_whoever_relieved_the_first_nurse_is_the_second(home: Home, clock_file: Path) -> None:
    lea = join_staff(home, "Léa Petit")
    plan(home, home.care.nurse.person, ends="14:00")
    plan(home, lea, starts="14:00")
    day = ordinary_day(WEDNESDAY)
    set_clock(clock_file, day, "13:55")
    at = red(home)
    clock_file.write_text(str(float(clock_file.read_text()) + 600))
    assert alerts.escalate_due(at + WAIT).alerts == 1
    assert mailed() == ["nurse", "petit"]


def test_holiday_with_nobody_on_duty(home: Home, clock_file: Path) -> None:
    """The next rung is called at once, and the gap is an alarm of its own: once, until filled."""
    holiday = next(
        day
        for year in (day_in_france().year, day_in_france().year + 1)
        for day in holidays_of(Region.METROPOLE, year)
        if day > day_in_france() and day.weekday() < 5
    )
    plan(home, home.care.nurse.person, on_holidays="off")
    join_staff(home, "Dr Anne Brun", "coordinating_doctor")
    now = set_clock(clock_file, holiday, "10:00")
    at = red(home)
    assert mailed() == ["brun", "operator"]
    assert told_operator() == ["nobody_on_duty"]
    assert watch_duties(now) == watch_duties(now + MINUTE) == 0
    measure(home, [(Vital.PULSE, 140, NOW)], now=at + MINUTE)
    alerts.review(at + MINUTE)
    assert told_operator() == ["nobody_on_duty"]
    filled = set_clock(clock_file, holiday + timedelta(days=1), "10:00")
    if filled.astimezone(PARIS).date() not in holidays_of(Region.METROPOLE, filled.year):
        assert watch_duties(filled) == 0
        assert rows("select 1 from alerts.duty_gap where filled_at is null") == []


def test_a_gap_is_told_before_any_alert_finds_it_and_at_night_only_of_who_is_on_call(
    home: Home, clock_file: Path
) -> None:
    day = ordinary_day(WEDNESDAY)
    nurse = home.care.nurse.person
    plan(home, nurse, weekdays=[0, 1, 3, 4, 5, 6])
    plan(home, nurse, "on_call", "20:00", "08:00", weekdays=[0, 1, 3, 4, 5, 6])
    assert watch_duties(set_clock(clock_file, day, "07:00")) == 0
    assert watch_duties(set_clock(clock_file, day, "08:05")) == 1
    assert watch_duties(set_clock(clock_file, day, "19:00")) == 0
    assert watch_duties(set_clock(clock_file, day, "20:05")) == 1
    assert watch_duties(set_clock(clock_file, day, "23:00")) == 0
    assert told_operator() == ["nobody_on_duty"] * 2


def test_leave_and_substitute(home: Home, clock_file: Path) -> None:
    lea = join_staff(home, "Léa Petit")
    plan(home, home.care.nurse.person)
    day = ordinary_day(WEDNESDAY)
    leave(home, home.care.nurse.person, day, lea)
    set_clock(clock_file, day, "10:00")
    red(home)
    assert mailed() == ["petit"]


def test_a_member_who_left_is_a_gap_and_the_alert_goes_on(home: Home, clock_file: Path) -> None:
    lea = join_staff(home, "Léa Petit")
    join_staff(home, "Dr Anne Brun", "coordinating_doctor")
    plan(home, lea)
    day = ordinary_day(WEDNESDAY)
    now = set_clock(clock_file, day, "10:00")
    put("update access.post set ends_at = %(now)s where person = %(person)s",
        {"now": now, "person": lea})  # fmt: skip
    red(home)
    assert mailed() == ["brun", "operator"]
    assert told_operator() == ["nobody_on_duty"]


@pytest.mark.parametrize(
    ("hours", "at", "why"),
    [
        ("", "10:00", "gp_not_asked"),
        ("mon-fri 14:00-18:00", "10:00", "gp_outside_hours"),
        ("mon-fri 08:00-12:00", "10:00", None),
    ],
)
def test_gp_outside_his_hours(
    home: Home, clock_file: Path, hours: str, at: str, why: str | None
) -> None:
    plan(home, home.care.nurse.person)
    if hours:
        accept_as_gp(home, hours)
    set_clock(clock_file, ordinary_day(WEDNESDAY), at)
    raised = red(home)
    alerts.escalate_due(raised + WAIT)
    assert ("gp" in mailed()) == (why is None)
    assert why is None or why in skips(home)


def test_a_gp_is_not_called_on_a_holiday(home: Home, clock_file: Path) -> None:
    plan(home, home.care.nurse.person)
    accept_as_gp(home, "mon-sun 00:00-24:00")
    holiday = date(day_in_france().year + 1, 5, 1)
    set_clock(clock_file, holiday, "10:00")
    alerts.escalate_due(red(home) + WAIT)
    assert "gp_outside_hours" in skips(home)


def test_no_gp(database: Database, clock_file: Path) -> None:
    home = make_home(ladder="home-five-rungs")
    put("update access.membership set ends_at = starts_at where party = %(gp)s",
        {"gp": home.care.gp.person})  # fmt: skip
    plan(home, home.care.nurse.person)
    set_clock(clock_file, ordinary_day(WEDNESDAY), "10:00")
    alerts.escalate_due(red(home) + WAIT)
    assert "no_gp" in skips(home)


def test_without_a_rota_the_service_hours_decide(home: Home, clock_file: Path) -> None:
    day = ordinary_day(WEDNESDAY)
    set_clock(clock_file, day, "10:00")
    red(home)
    assert mailed() == ["nurse"]
    set_clock(clock_file, day, "22:00")
    other = make_home_like(home)
    red(other)
    assert mailed() == ["nurse", "operator"]


def test_the_older_ladder_goes_on_as_it_was(database: Database, clock_file: Path) -> None:
    """Frozen before: without a rota its nurses and its GP are called at any hour."""
    home = make_home(ladder="home-two-rungs")
    set_clock(clock_file, ordinary_day(WEDNESDAY), "02:30")
    at = red(home)
    assert mailed() == ["nurse"]
    alerts.escalate_due(at + WAIT)
    assert mailed() == ["nurse", "gp"]


def test_a_record_without_a_gp_needs_a_named_substitute(
    database: Database, clock_file: Path
) -> None:
    home = make_home()
    put("update access.membership set ends_at = starts_at where party = %(gp)s",
        {"gp": home.care.gp.person})  # fmt: skip
    note = (
        "insert into alerts.without_gp (id, patient_id, substitute, hours, noted_at, noted_by)"
        " values (gen_random_uuid(), %(patient)s, %(substitute)s, 'mon-sun 00:00-24:00', now(),"
        " %(patient)s)"
    )
    put(note, {"patient": home.care.patient, "substitute": None})
    with pytest.raises(ValueError, match="no GP"):
        alerts.prescribe(home.care.patient, "covid-home", "home-five-rungs", home.care.gp.person)
    alerts.prescribe(home.care.patient, "covid-home", "home-two-rungs", home.care.gp.person)
    put("update alerts.without_gp set ended_at = noted_at, ended_by = noted_by", {})
    doctor = join_staff(home, "Dr Anne Brun", "hospital_doctor")
    put(note, {"patient": home.care.patient, "substitute": doctor})
    plan(home, home.care.nurse.person)
    alerts.prescribe(home.care.patient, "covid-home", "home-five-rungs", home.care.gp.person)
    set_clock(clock_file, ordinary_day(WEDNESDAY), "10:00")
    alerts.escalate_due(red(home) + WAIT)
    assert mailed() == ["nurse", "brun"]
    put("update access.post set ends_at = now() where person = %(doctor)s", {"doctor": doctor})
    with pytest.raises(ValueError, match="no GP"):
        alerts.prescribe(home.care.patient, "covid-home", "home-five-rungs", home.care.gp.person)

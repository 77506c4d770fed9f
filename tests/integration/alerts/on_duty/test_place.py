"""A rota is read by the clock and the public holidays of the place where it is kept."""

from datetime import date
from pathlib import Path

from alerts import service as alerts
from alerts.rota.public_days import Region, holiday_name
from core import clock
from core.vitals import Vital
from tests.days import day_in_france
from tests.integration.alerts.duty import join_staff, ordinary_day, plan, put, set_clock
from tests.integration.alerts.home import Home, measure
from tests.integration.alerts.on_duty.told import NOW, WEDNESDAY, mailed, red


def keep_in(home: Home, zone: str = "Europe/Paris", holidays: str = Region.METROPOLE) -> None:
    put(
        "insert into alerts.rota (organisation, zone, holidays, changed_by, changed_at)"
        " values (%(centre)s, %(zone)s, %(holidays)s, %(by)s, now())",
        {
            "centre": home.care.centre,
            "zone": zone,
            "holidays": holidays,
            "by": home.care.nurse.person,
        },
    )


def fast(home: Home) -> None:
    now = clock.now()
    measure(home, [(Vital.PULSE, 140, NOW)], now=now)
    assert alerts.review(now).alerts == 1


def test_a_day_of_alsace_is_a_holiday_for_who_keeps_it_alone(home: Home, clock_file: Path) -> None:
    today = day_in_france()
    days = (date(year, 12, 26) for year in (today.year, today.year + 1))
    second = next(day for day in days if day > today)
    assert holiday_name(Region.METROPOLE, second) is None
    plan(home, home.care.nurse.person, on_holidays="off")
    join_staff(home, "Dr Anne Brun", "coordinating_doctor")
    set_clock(clock_file, second, "10:00")
    red(home)
    assert mailed() == ["nurse"]
    keep_in(home, holidays=Region.ALSACE_MOSELLE)
    fast(home)
    assert mailed() == ["nurse", "brun", "operator"]


def test_a_shift_ends_by_the_clock_of_the_place(home: Home, clock_file: Path) -> None:
    plan(home, home.care.nurse.person, ends="20:00")
    join_staff(home, "Dr Anne Brun", "coordinating_doctor")
    set_clock(clock_file, ordinary_day(WEDNESDAY), "18:30")
    red(home)
    assert mailed() == ["nurse"]
    keep_in(home, zone="Indian/Reunion")
    fast(home)
    assert mailed() == ["nurse", "brun", "operator"]

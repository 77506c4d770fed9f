"""The ladder of five roles: who stands on a rung is found when it is called; a gap is an alarm."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from alerts import service as alerts
from alerts.duty_service import watch_duties
from alerts.rota.public_days import Region, holidays_of
from core import clock
from core.settings import settings
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

NOW = timedelta(0)
MINUTE = timedelta(minutes=1)
WAIT = 10 * MINUTE
WEDNESDAY = 2
OPERATOR = "operator@example.org"


@pytest.fixture(autouse=True)
def operator(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("CHEVET_OPERATOR_MAIL", OPERATOR)
    monkeypatch.setenv("CHEVET_SERVICE_OPENING", "mon-sun 08:00-20:00")
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.fixture
def home(database: Database) -> Home:
    return make_home(ladder="home-five-rungs")


def red(home: Home) -> datetime:
    now = clock.now()
    measure(home, [(Vital.SPO2, 85, NOW)], now=now)
    assert alerts.review(now).alerts == 1
    return now


def mailed() -> list[str]:
    """Whom mails went to, in order: the part before the @ of staff, the role of the home's own."""
    found = []
    for (address,) in rows(
        "select address from messages.outbox order by created_at, recipient is null, id"
    ):
        name, _, domain = str(address).partition("@")
        found.append(name if domain in ("staff.example", "example.org") else domain.split(".")[0])
    return found


def told_operator() -> list[str]:
    return [
        str(what)
        for (what,) in rows(
            "select params->>'what' from messages.outbox where recipient is null order by id"
        )
    ]


def skips(home: Home) -> list[object]:
    return [
        why
        for (why,) in rows(
            "select detail->>'why' from alerts.alert_event where what = 'rung_skipped' and"
            " patient_id = %s order by id",
            [home.care.patient],
        )
    ]


def next_step(home: Home) -> datetime:
    ((at,),) = rows(
        "select next_step_at from alerts.alert where patient_id = %s", [home.care.patient]
    )
    assert isinstance(at, datetime)
    return at


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


def test_red_at_night_with_somebody_on_call(home: Home, clock_file: Path) -> None:
    guard = join_staff(home, "Dr Anne Brun", "coordinating_doctor")
    plan(home, home.care.nurse.person)
    plan(home, guard, "on_call", "20:00", "08:00")
    set_clock(clock_file, ordinary_day(WEDNESDAY), "02:30")
    red(home)
    assert mailed() == ["brun"]
    assert told_operator() == []
    assert rows("select night_at from alerts.alert") == [(None,)]


def test_red_at_night_without_anybody_on_call(home: Home, clock_file: Path) -> None:
    """It stands first in the morning, is told once, and is called when the service opens."""
    plan(home, home.care.nurse.person)
    day = ordinary_day(WEDNESDAY)
    at = set_clock(clock_file, day, "02:30")
    red(home)
    assert told_operator() == ["red_at_night"]
    assert rows("select night_at is not null from alerts.alert") == [(True,)]
    (row,) = alerts.queue_page(home.care.nurse, 10, 0)
    assert row.rank >= 450
    assert row.alerts[0].night_at is not None
    opens = set_clock(clock_file, day, "08:00") - at
    for _ in range(60):
        due = next_step(home)
        if due >= at + opens - MINUTE:
            break
        set_clock(clock_file, day, due.astimezone(PARIS).strftime("%H:%M"))
        assert alerts.escalate_due(due + MINUTE / 60).alerts == 1
    assert told_operator() == ["red_at_night"]
    assert len(rows("select 1 from alerts.alert_event")) < 12
    due = next_step(home)
    assert due.astimezone(PARIS).strftime("%H:%M") == "08:00"
    set_clock(clock_file, day, "08:00")
    assert alerts.escalate_due(clock.now() + MINUTE).alerts == 1
    assert "nurse" in mailed()


def test_a_carer_is_told_at_night_only_if_the_patient_agreed(
    home: Home, clock_file: Path, database: Database
) -> None:
    from identity import service as identity
    from messages import service as messages

    carers = []
    for name, at_night in (("Luc Martin", True), ("Eve Martin", False)):
        carer = identity.register_person(name)
        messages.register_contact(carer, "email", f"{name.split()[0].lower()}@example.org")
        identity.join_circle(home.care.patient, carer, "carer")
        carers.append(carer)
        with psycopg.connect(database.dsn("OWNER")) as conn:
            conn.execute(
                "insert into coordination.told_of_silence (membership_id, patient_id, since,"
                " agreed_by, at_night) select id, patient_id, now(), patient_id, %s"
                " from access.membership where party = %s",
                [at_night, carer],
            )
    plan(home, home.care.nurse.person)
    set_clock(clock_file, ordinary_day(WEDNESDAY), "02:30")
    red(home)
    told = rows(
        "select recipient, template, params from messages.outbox where template = 'carer_at_night'"
    )
    assert told == [(carers[0], "carer_at_night", {})]


def test_an_orange_at_night_wakes_nobody(home: Home, clock_file: Path) -> None:
    guard = join_staff(home, "Dr Anne Brun", "coordinating_doctor")
    plan(home, home.care.nurse.person)
    plan(home, guard, "on_call", "20:00", "08:00")
    day = ordinary_day(WEDNESDAY)
    now = set_clock(clock_file, day, "05:30")
    measure(home, [(Vital.SPO2, 93, NOW)], now=now)
    assert alerts.review(now).alerts == 1
    assert mailed() == []
    assert next_step(home).astimezone(PARIS).strftime("%H:%M") == "08:00"


def test_an_orange_of_the_night_that_turns_red_is_told_once(home: Home, clock_file: Path) -> None:
    """It waits for the morning already: the operator learns of the red all the same."""
    plan(home, home.care.nurse.person)
    day = ordinary_day(WEDNESDAY)
    now = set_clock(clock_file, day, "02:30")
    measure(home, [(Vital.SPO2, 93, NOW)], now=now)
    assert alerts.review(now).alerts == 1
    assert told_operator() == []
    assert rows("select night_at is not null from alerts.alert") == [(True,)]
    set_clock(clock_file, day, "03:00")
    red(home)
    assert told_operator() == ["red_at_night"]
    set_clock(clock_file, day, "03:30")
    alerts.escalate_due(clock.now())
    assert told_operator() == ["red_at_night"]


def test_dst_night(home: Home, clock_file: Path) -> None:
    """In the hour that comes twice and after the one that is skipped somebody is called."""
    lea = join_staff(home, "Léa Petit")
    plan(home, home.care.nurse.person, "on_call", "20:00", "02:30")
    plan(home, lea, "on_call", "02:30", "08:00")
    year = day_in_france().year + 1
    last = {month: max(
        date(year, month, day) for day in range(25, 32 if month != 4 else 31)
        if date(year, month, day).weekday() == 6) for month in (3, 10)}  # fmt: skip
    for month, at, expected in (
        (3, "03:30", "petit"),
        (10, "02:15", "nurse"),
        (10, "02:45", "petit"),
    ):
        set_clock(clock_file, last[month], at)
        before = len(mailed())
        other = make_home_like(home)
        red(other)
        assert mailed()[before:] == [expected], (month, at)


def make_home_like(home: Home) -> Home:
    """Another patient of the same centre."""
    from dataclasses import replace

    from identity import service as identity
    from tests.integration.alerts.home import key_of
    from tests.people import make_patient

    patient = make_patient("Durand", "Marie")
    identity.join_circle(patient, home.care.centre, "telemonitoring_centre")
    alerts.prescribe(patient, "covid-home", "home-five-rungs", home.care.gp.person)
    return Home(replace(home.care, patient=patient), key_of(patient))


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

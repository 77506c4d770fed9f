"""Alerts of the night: whoever is on call, else first in the morning, and told once."""

from datetime import date
from pathlib import Path
from uuid import UUID

import psycopg

from alerts import drill_service as drills
from alerts import service as alerts
from core import clock
from core.vitals import Vital
from dashboard.layouts.queue import entry
from dashboard.reader import Reader
from identity import service as identity
from messages import service as messages
from tests import as_owner
from tests.conftest import Database
from tests.days import PARIS, day_in_france
from tests.integration.alerts.duty import (
    join_staff,
    ordinary_day,
    plan,
    set_clock,
)
from tests.integration.alerts.home import Home, measure, rows
from tests.integration.alerts.on_duty.told import (
    MINUTE,
    NOW,
    WEDNESDAY,
    mailed,
    make_home_like,
    next_step,
    red,
    told_operator,
)


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
    reader = Reader(locale="fr", time_zone="Europe/Paris", now=clock.now())
    assert "'nuit'" in str(entry(reader, row))
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


TOLD_AT_NIGHT = (
    "select recipient, template, params from messages.outbox where template = 'carer_at_night'"
)


def two_carers(home: Home, database: Database) -> list[UUID]:
    """Let two carers join; the patient agrees that the first is told at night."""
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
    return carers


def test_a_carer_is_told_at_night_only_if_the_patient_agreed(
    home: Home, clock_file: Path, database: Database
) -> None:
    carers = two_carers(home, database)
    plan(home, home.care.nurse.person)
    set_clock(clock_file, ordinary_day(WEDNESDAY), "02:30")
    red(home)
    assert rows(TOLD_AT_NIGHT) == [(carers[0], "carer_at_night", {})]


def test_no_carer_is_asked_to_look_after_an_exercise(
    home: Home, clock_file: Path, database: Database
) -> None:
    two_carers(home, database)
    plan(home, home.care.nurse.person)
    as_owner.run("update identity.patient set is_fictitious = true")
    set_clock(clock_file, ordinary_day(WEDNESDAY), "02:30")
    begun = drills.begin(str(home.care.centre), home.care.patient, None)
    assert isinstance(begun, UUID)
    alerts.review(clock.now())
    assert rows("select drill, night_at is not null from alerts.alert") == [(begun, True)]
    assert rows(TOLD_AT_NIGHT) == []


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

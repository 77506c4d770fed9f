"""The week as it is shown: whole shifts on the day they begin, gaps where somebody must be."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.rota.public_days import Region
from alerts.rota.rota import EVERY_DAY, Duty, Leave, OnHolidays, Rota, Shift, gaps
from alerts.rota.standing import must_be_kept
from alerts.rota.week import (
    DutyWeek,
    Hours,
    duties_now,
    monday_of,
    needed_spans,
    week_of,
)
from core.opening import is_open, parse_opening

PARIS = ZoneInfo("Europe/Paris")
LEA, PAUL = UUID(int=1), UUID(int=2)
HOURS = Hours(opening=parse_opening("mon-fri 08:00-20:00; sat 09:00-12:00"), zone=PARIS)
MONDAY = date(2026, 11, 23)


def shift(number: int, person: UUID, duty: Duty, starts: int, ends: int) -> Shift:
    return Shift(
        id=UUID(int=100 + number), person=person, duty=duty, weekdays=EVERY_DAY,
        starts=time(starts), ends=time(ends % 24), on_holidays=OnHolidays.AS_USUAL,
        first_on=date(2026, 1, 1), last_on=None,
    )  # fmt: skip


def rota(*shifts: Shift, leaves: tuple[Leave, ...] = ()) -> Rota:
    return Rota(zone=PARIS, region=Region.METROPOLE, staff={LEA: None, PAUL: None},
                shifts=shifts, leaves=leaves)  # fmt: skip


NURSE = Duty.TELEMONITORING_NURSE


def of(duty: Duty, found: tuple[DutyWeek, ...]) -> DutyWeek:
    return next(one for one in found if one.duty is duty)


def clock(at: datetime) -> str:
    return at.astimezone(PARIS).strftime("%a %H:%M")


def test_a_gap_is_only_where_somebody_must_be() -> None:
    found = of(NURSE, week_of(rota(shift(1, LEA, NURSE, 8, 18)), MONDAY, HOURS))
    assert [(clock(gap.start), clock(gap.end)) for gap in found.gaps] == [
        (f"{day} 18:00", f"{day} 20:00") for day in ("Mon", "Tue", "Wed", "Thu", "Fri")
    ]


def test_a_night_is_one_shift_on_the_day_it_begins_and_its_gaps_end_at_midnight() -> None:
    on_call = Duty.ON_CALL
    away = Leave(person=LEA, first_on=MONDAY, last_on=MONDAY, substitute=None)
    plan = rota(shift(1, LEA, on_call, 20, 8), leaves=(away,))
    found = of(on_call, week_of(plan, MONDAY, HOURS))
    tuesday, wednesday = found.days[1:3]
    assert [(clock(t.start), clock(t.end), t.person) for t in wednesday.turns] == [
        ("Wed 20:00", "Thu 08:00", LEA)
    ]
    assert tuesday.gaps == ()
    assert [(clock(gap.start), clock(gap.end)) for gap in found.days[0].gaps] == [
        ("Mon 00:00", "Mon 08:00"), ("Mon 20:00", "Tue 00:00"),
    ]  # fmt: skip
    # The night that leave cuts at midnight is shown as two stretches, the first with nobody.
    assert [turn.person for turn in found.days[0].turns] == [None, LEA]


def test_saturday_and_sunday_are_for_who_is_on_call() -> None:
    found = of(Duty.ON_CALL, week_of(rota(shift(1, LEA, Duty.ON_CALL, 20, 8)), MONDAY, HOURS))
    assert [(clock(gap.start), clock(gap.end)) for gap in found.gaps] == [
        ("Sat 08:00", "Sat 09:00"), ("Sat 12:00", "Sat 20:00"), ("Sun 08:00", "Sun 20:00"),
    ]  # fmt: skip


def test_a_duty_that_is_not_planned_has_no_gaps() -> None:
    found = week_of(rota(shift(1, LEA, NURSE, 8, 20)), MONDAY, HOURS)
    unplanned = of(Duty.ON_CALL, found)
    assert not unplanned.planned
    assert unplanned.gaps == ()


@pytest.mark.parametrize("sunday", [date(2026, 3, 29), date(2026, 10, 25)])
def test_the_nights_on_which_clocks_change_have_no_gap(sunday: date) -> None:
    night = rota(
        shift(1, LEA, Duty.ON_CALL, 20, 2), shift(2, PAUL, Duty.ON_CALL, 2, 8),
        shift(3, LEA, Duty.ON_CALL, 8, 20),
    )  # fmt: skip
    assert of(Duty.ON_CALL, week_of(night, monday_of(sunday), HOURS)).gaps == ()


@given(
    minutes=st.integers(0, 235 * 24 * 60),
    length=st.timedeltas(timedelta(minutes=1), timedelta(days=3)),
    duty=st.sampled_from(Duty),
)
def test_every_minute_is_needed_or_not_as_the_alarm_says(
    minutes: int, length: timedelta, duty: Duty
) -> None:
    start = datetime(2026, 3, 20, tzinfo=UTC) + timedelta(minutes=minutes)
    end = start + length
    needed = list(needed_spans(duty, start, end, HOURS))
    at = start
    while at < end:
        expected = must_be_kept(duty, service_open=is_open(HOURS.opening, at, PARIS))
        assert any(span.start <= at < span.end for span in needed) == expected, at
        at += timedelta(minutes=17)


def test_who_is_on_duty_now_and_what_is_missing() -> None:
    plan = rota(shift(1, LEA, NURSE, 8, 12), shift(2, PAUL, Duty.ON_CALL, 20, 8))
    noon = datetime(2026, 11, 25, 13, tzinfo=PARIS)
    assert [(one.duty, one.missing) for one in duties_now(plan, noon, HOURS)] == [
        (NURSE, True),
        (Duty.ON_CALL, False),
    ]
    night = replace(plan, staff={LEA: None})
    at = datetime(2026, 11, 25, 23, tzinfo=PARIS)
    assert [(one.duty, one.missing) for one in duties_now(plan, at, HOURS)] == [
        (NURSE, False),
        (Duty.ON_CALL, False),
    ]
    assert [(one.duty, one.missing) for one in duties_now(night, at, HOURS)] == [
        (NURSE, False),
        (Duty.ON_CALL, True),
    ]


def test_the_gaps_of_a_week_are_those_of_the_rota() -> None:
    """Deliberate fault: with the whole day as needed, the nights of a nurse would be gaps too."""
    plan = rota(shift(1, LEA, NURSE, 8, 20))
    start = datetime(2026, 11, 23, tzinfo=PARIS)
    assert of(NURSE, week_of(plan, MONDAY, HOURS)).gaps == ()
    assert len(gaps(plan, NURSE, start, start + timedelta(days=7))) == 8

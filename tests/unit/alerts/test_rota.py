"""The rota: no gap and no overlap that nobody planned, on whatever night the clocks change."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.rota.public_days import Region, holiday_name, holidays_of
from alerts.rota.rota import (
    EVERY_DAY,
    Duty,
    Gap,
    Leave,
    Nobody,
    OnDuty,
    OnHolidays,
    Rota,
    Shift,
    Swap,
    gaps,
    on_duty,
    turns,
)

PARIS = ZoneInfo("Europe/Paris")
NURSE = Duty.TELEMONITORING_NURSE
INES, LEA, PAUL = (UUID(int=number) for number in (1, 2, 3))
STAFF: dict[UUID, datetime | None] = {INES: None, LEA: None, PAUL: None}
SPRING, AUTUMN = date(2027, 3, 28), date(2027, 10, 31)
"""The nights on which the clocks change in France in 2027."""


def shift(
    person: UUID = INES, starts: str = "08:00", ends: str = "20:00", **other: object
) -> Shift:
    one = Shift(
        id=UUID(int=1000 + person.int),
        person=person,
        duty=NURSE,
        weekdays=EVERY_DAY,
        starts=time.fromisoformat(starts),
        ends=time.fromisoformat(ends),
        on_holidays=OnHolidays.AS_USUAL,
        first_on=date(2026, 1, 1),
        last_on=None,
    )
    return replace(one, **other)  # type: ignore[arg-type]


def rota(*shifts: Shift, zone: ZoneInfo = PARIS, region: Region = Region.METROPOLE) -> Rota:
    return Rota(zone=zone, region=region, staff=STAFF, shifts=shifts)


def paris(day: date, clock: str, fold: int = 0) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), PARIS).replace(fold=fold)


def people(kept: Rota, at: datetime, duty: Duty = NURSE) -> tuple[UUID, ...]:
    found = on_duty(kept, duty, at)
    return found.people if isinstance(found, OnDuty) else ()


def test_a_shift_begins_with_its_first_minute_and_ends_before_its_last() -> None:
    kept, day = rota(shift()), date(2026, 11, 23)
    assert people(kept, paris(day, "07:59")) == ()
    assert people(kept, paris(day, "08:00")) == (INES,)
    assert people(kept, paris(day, "19:59")) == (INES,)
    assert people(kept, paris(day, "20:00")) == ()


def test_nobody_planned_is_told_from_nobody_there() -> None:
    kept, night = rota(shift()), paris(date(2026, 11, 23), "03:00")
    assert on_duty(kept, NURSE, night) == Nobody(planned=True)
    assert on_duty(kept, Duty.ON_CALL, night) == Nobody(planned=False)


def test_a_night_belongs_to_the_day_it_begins_on() -> None:
    friday = date(2026, 11, 27)
    kept = rota(shift(starts="20:00", ends="08:00", weekdays=frozenset({4})))
    assert people(kept, paris(friday, "03:00")) == ()
    assert people(kept, paris(friday, "20:00")) == (INES,)
    assert people(kept, paris(friday + timedelta(days=1), "07:59")) == (INES,)
    assert people(kept, paris(friday + timedelta(days=1), "20:00")) == ()


def test_the_same_time_twice_is_a_whole_day() -> None:
    kept = rota(shift(starts="08:00", ends="08:00", weekdays=frozenset({0})))
    monday = date(2026, 11, 23)
    assert gaps(kept, NURSE, paris(monday, "08:00"), paris(monday + timedelta(1), "08:00")) == ()


FIRST = datetime(2027, 3, 26, tzinfo=UTC)
CLOCKS = st.integers(0, 24 * 12 - 1).map(lambda at: time(at // 12, at % 12 * 5))


@settings(deadline=None)
@given(
    change=st.sampled_from([SPRING, AUTUMN]),
    cuts=st.lists(CLOCKS, min_size=1, max_size=4, unique=True),
    zone=st.sampled_from(["Europe/Paris", "Indian/Reunion", "America/Miquelon", "America/Marigot"]),
)
def test_shifts_that_meet_leave_no_gap_and_no_overlap_when_the_clocks_change(
    change: date, cuts: list[time], zone: str
) -> None:
    """Whatever the times at which one relieves the other, also within the hour that is skipped."""
    edges = sorted(cuts)
    shifts = [
        shift(id=UUID(int=50 + number), starts=str(start), ends=str(end))
        for number, (start, end) in enumerate(zip(edges, [*edges[1:], edges[0]], strict=True))
    ]
    kept = rota(*shifts, zone=ZoneInfo(zone))
    start = datetime.combine(change - timedelta(2), time(12), UTC)
    end = start + timedelta(days=4)
    assert gaps(kept, NURSE, start, end) == ()
    spans = sorted((turn.start, turn.end) for turn in turns(kept, NURSE, start, end))
    worked = sum((until - since for since, until in spans), timedelta(0))
    assert worked == end - start
    assert all(before[1] == after[0] for before, after in pairwise(spans))


@pytest.mark.parametrize(("change", "hours"), [(SPRING, 11), (AUTUMN, 13)])
def test_a_night_of_changing_clocks_is_an_hour_shorter_or_longer(change: date, hours: int) -> None:
    kept = rota(shift(starts="20:00", ends="08:00"))
    start, end = paris(change - timedelta(1), "20:00"), paris(change, "08:00")
    assert end.astimezone(UTC) - start.astimezone(UTC) == timedelta(hours=hours)
    assert gaps(kept, NURSE, start, end) == ()
    twice = (paris(AUTUMN, "02:30"), paris(AUTUMN, "02:30", fold=1))
    assert all(people(kept, at) == (INES,) for at in twice)


def test_a_holiday_is_off_unless_somebody_works_it() -> None:
    noel = paris(date(2026, 12, 25), "10:00")
    usual = shift(on_holidays=OnHolidays.OFF)
    assert people(rota(usual), noel) == ()
    holidays_only = shift(LEA, on_holidays=OnHolidays.ONLY)
    kept = rota(usual, holidays_only)
    assert people(kept, noel) == (LEA,)
    assert people(kept, noel + timedelta(days=1)) == (INES,)


@settings(deadline=None)
@given(day=st.dates(date(2026, 1, 1), date(2035, 12, 31)), region=st.sampled_from(Region))
def test_usual_and_holiday_shifts_share_the_year_between_them(day: date, region: Region) -> None:
    usual = shift(starts="00:00", ends="00:00", on_holidays=OnHolidays.OFF)
    others = shift(LEA, starts="00:00", ends="00:00", on_holidays=OnHolidays.ONLY)
    kept = rota(usual, others, region=region)
    expected = INES if holiday_name(region, day) is None else LEA
    assert people(kept, paris(day, "12:00")) == (expected,)


def test_alsace_and_moselle_have_two_holidays_more() -> None:
    more = set(holidays_of(Region.ALSACE_MOSELLE, 2027)) - set(holidays_of(Region.METROPOLE, 2027))
    assert more == {date(2027, 3, 26), date(2027, 12, 26)}
    assert holiday_name(Region.ALSACE_MOSELLE, date(2027, 3, 26)) == "Vendredi saint"
    usual = shift(on_holidays=OnHolidays.OFF)
    at = paris(date(2027, 3, 26), "10:00")
    assert people(rota(usual), at) == (INES,)
    assert people(rota(usual, region=Region.ALSACE_MOSELLE), at) == ()


@pytest.mark.parametrize(("year", "monday"), [(2026, date(2026, 4, 6)), (2028, date(2028, 4, 17))])
def test_every_year_has_eleven_and_easter_moves(year: int, monday: date) -> None:
    found = holidays_of(Region.METROPOLE, year)
    assert len(found) == 11
    assert found[monday] == "Lundi de Pâques"


def test_leave_without_a_substitute_is_a_gap_from_midnight_to_midnight() -> None:
    day = date(2026, 11, 24)
    nights = shift(starts="20:00", ends="08:00")
    away = Leave(person=INES, first_on=day, last_on=day, substitute=None)
    kept = replace(rota(nights), leaves=(away,))
    assert people(kept, paris(day, "00:00") - timedelta(seconds=1)) == (INES,)
    assert people(kept, paris(day, "00:00")) == ()
    assert people(kept, paris(day, "23:59")) == ()
    assert people(kept, paris(day + timedelta(1), "00:00")) == (INES,)
    assert gaps(kept, NURSE, paris(day, "20:00"), paris(day + timedelta(1), "08:00")) == (
        Gap(start=paris(day, "20:00"), end=paris(day + timedelta(1), "00:00")),
    )


def test_a_substitute_stands_in_and_his_own_substitute_for_him() -> None:
    day = date(2026, 11, 24)
    first = Leave(person=INES, first_on=day, last_on=day, substitute=LEA)
    second = Leave(person=LEA, first_on=day, last_on=day, substitute=PAUL)
    back = Leave(person=PAUL, first_on=day, last_on=day, substitute=INES)
    at = paris(day, "10:00")
    assert people(replace(rota(shift()), leaves=(first,)), at) == (LEA,)
    assert people(replace(rota(shift()), leaves=(first, second)), at) == (PAUL,)
    assert people(replace(rota(shift()), leaves=(first, second, back)), at) == ()


def test_a_swap_moves_one_day_alone_and_whoever_took_it_may_be_away() -> None:
    day = date(2026, 11, 24)
    given_away = Swap(shift=shift().id, day=day, to=LEA)
    kept = replace(rota(shift()), swaps=(given_away,))
    assert people(kept, paris(day, "10:00")) == (LEA,)
    assert people(kept, paris(day + timedelta(1), "10:00")) == (INES,)
    away = Leave(person=LEA, first_on=day, last_on=day, substitute=None)
    assert people(replace(kept, leaves=(away,)), paris(day, "10:00")) == ()
    own_leave = Leave(person=INES, first_on=day, last_on=day, substitute=None)
    assert people(replace(kept, leaves=(own_leave,)), paris(day, "10:00")) == (LEA,)


def test_who_has_left_or_is_about_to_leaves_a_gap() -> None:
    day = date(2026, 11, 24)
    ends = paris(day, "12:00")
    kept = replace(rota(shift()), staff={INES: ends})
    assert people(kept, paris(day, "11:59")) == (INES,)
    assert people(kept, ends) == ()
    assert gaps(kept, NURSE, paris(day, "08:00"), paris(day, "20:00")) == (
        Gap(start=ends, end=paris(day, "20:00")),
    )
    assert people(replace(rota(shift()), staff={}), ends) == ()


@settings(deadline=None)
@given(
    at=st.integers(0, 6 * 1440).map(lambda minutes: FIRST + timedelta(minutes=minutes)),
    hours=st.integers(1, 60),
)
def test_gaps_say_what_on_duty_says(at: datetime, hours: int) -> None:
    """In a gap nobody is on duty, and just before and after it somebody is."""
    kept = rota(shift(ends="13:00"), shift(LEA, starts="22:00", ends="05:30"))
    end = at + timedelta(hours=hours)
    found = gaps(kept, NURSE, at, end)
    second = timedelta(seconds=1)
    for gap in found:
        assert people(kept, gap.start) == ()
        assert people(kept, gap.end - second) == () or gap.end - gap.start < second
        assert gap.start == at or people(kept, gap.start - second) != ()
        assert gap.end == end or people(kept, gap.end) != ()
    assert bool(people(kept, at)) == (not found or found[0].start > at)

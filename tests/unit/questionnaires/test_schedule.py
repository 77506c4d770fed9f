"""When a questionnaire is asked: rhythms, windows, and the nights on which clocks change."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from questionnaires.plans.schedule import (
    Phase,
    Schedule,
    ScheduleError,
    end_of_tomorrow,
    instant_of,
    occasions,
    parse_schedule,
    schedule_json,
)

PARIS, REUNION, GUADELOUPE = map(ZoneInfo, ("Europe/Paris", "Indian/Reunion", "America/Guadeloupe"))
ZONES = st.sampled_from(
    [
        *map(
            ZoneInfo,
            (
                "Europe/Paris",
                "Indian/Reunion",
                "America/Guadeloupe",
                "America/Cayenne",
                "America/Miquelon",
                "Pacific/Noumea",
                "Pacific/Marquesas",
                "Pacific/Apia",
                "Australia/Lord_Howe",
            ),
        )
    ]
)
CLOCKS = st.times().map(lambda at: f"{at.hour:02d}:{at.minute:02d}")
DAYS = st.dates(date(2010, 1, 1), date(2035, 12, 31))


def daily(*times: str, days: int | None = None) -> Phase:
    return Phase(times=times, days=days)


def schedule(*phases: Phase, reminders: tuple[int, ...] = (0, 60)) -> Schedule:
    return Schedule(
        phases=phases,
        opens_minutes_before=120,
        due_minutes_after=180,
        grace_minutes=240,
        reminder_minutes=reminders,
    )


def local_times(
    plan: Schedule,
    zone: ZoneInfo,
    first: date,
    last: date | None,
    span: tuple[datetime, datetime] | None = None,
) -> list[str]:
    after, before = span or (
        datetime.combine(first, time(0), UTC) - timedelta(days=2),
        datetime.combine(last or first + timedelta(days=30), time(0), UTC) + timedelta(days=3),
    )
    found = occasions(plan, zone, first, last, after=after, before=before)
    return [f"{occasion.at.astimezone(zone):%m-%d %H:%M}" for occasion in found]


def test_several_times_a_day_until_the_last_day() -> None:
    plan = schedule(daily("09:00", "13:00", "17:00"))
    assert local_times(plan, PARIS, date(2026, 11, 1), date(2026, 11, 2)) == [
        "11-01 09:00", "11-01 13:00", "11-01 17:00",
        "11-02 09:00", "11-02 13:00", "11-02 17:00",
    ]  # fmt: skip


def test_weekdays_and_every_few_days() -> None:
    mondays = schedule(Phase(times=("10:00",), weekdays=(1,)))
    assert local_times(mondays, PARIS, date(2026, 11, 1), date(2026, 11, 20)) == [
        "11-02 10:00", "11-09 10:00", "11-16 10:00",
    ]  # fmt: skip
    every_third = schedule(Phase(times=("10:00",), every_days=3))
    assert local_times(every_third, PARIS, date(2026, 11, 1), date(2026, 11, 8)) == [
        "11-01 10:00", "11-04 10:00", "11-07 10:00",
    ]  # fmt: skip


def test_an_intro_gives_way_to_a_steady_rhythm_and_single_days_are_asked_once() -> None:
    eased = schedule(daily("09:00", "19:00", days=2), Phase(times=("09:00",), every_days=2))
    assert local_times(eased, PARIS, date(2026, 11, 1), date(2026, 11, 6)) == [
        "11-01 09:00", "11-01 19:00", "11-02 09:00", "11-02 19:00", "11-03 09:00", "11-05 09:00",
    ]  # fmt: skip
    after_discharge = schedule(Phase(times=("10:00",), on_days=(1, 3, 7, 30)))
    assert local_times(after_discharge, PARIS, date(2026, 11, 1), date(2026, 12, 5)) == [
        "11-02 10:00", "11-04 10:00", "11-08 10:00", "12-01 10:00",
    ]  # fmt: skip


def test_a_window_opens_is_due_and_is_missed() -> None:
    (only,) = occasions(
        schedule(daily("09:00")),
        REUNION,
        date(2026, 11, 1),
        date(2026, 11, 1),
        after=datetime(2026, 10, 31, tzinfo=UTC),
        before=datetime(2026, 11, 3, tzinfo=UTC),
    )
    assert only.at == datetime(2026, 11, 1, 5, tzinfo=UTC)
    assert only.opens_at == datetime(2026, 11, 1, 3, tzinfo=UTC)
    assert only.due_at == datetime(2026, 11, 1, 8, tzinfo=UTC)
    assert only.alarm_at == datetime(2026, 11, 1, 12, tzinfo=UTC)
    assert only.remind_at == (only.at, only.at + timedelta(hours=1))


@pytest.mark.promise("R7")
def test_the_night_in_spring_when_two_o_clock_does_not_exist() -> None:
    night = schedule(daily("01:59", "02:00", "02:30", "02:59", "03:00", "09:00"))
    assert local_times(night, PARIS, date(2027, 3, 28), date(2027, 3, 28)) == [
        "03-28 01:59", "03-28 03:00", "03-28 09:00",
    ]  # fmt: skip
    assert instant_of(date(2027, 3, 28), time(2, 30), PARIS) == datetime(
        2027, 3, 28, 1, 0, tzinfo=UTC
    )


@pytest.mark.promise("R7")
def test_the_night_in_autumn_when_two_o_clock_comes_twice() -> None:
    night = schedule(daily("02:30", "03:00"))
    found = occasions(
        night,
        PARIS,
        date(2027, 10, 31),
        date(2027, 10, 31),
        after=datetime(2027, 10, 30, tzinfo=UTC),
        before=datetime(2027, 11, 2, tzinfo=UTC),
    )
    assert [occasion.at for occasion in found] == [
        datetime(2027, 10, 31, 0, 30, tzinfo=UTC),
        datetime(2027, 10, 31, 2, 0, tzinfo=UTC),
    ]


@pytest.mark.promise("R7")
@pytest.mark.parametrize("day", [date(2027, 3, 28), date(2027, 10, 31)])
@pytest.mark.parametrize(("zone", "hours"), [(REUNION, -4), (GUADELOUPE, 4)])
def test_overseas_clocks_never_change(day: date, zone: ZoneInfo, hours: int) -> None:
    meant = datetime.combine(day, time(2, 30), UTC) + timedelta(hours=hours)
    assert instant_of(day, time(2, 30), zone) == meant


def test_a_day_that_was_skipped_whole_is_asked_at_the_next_midnight() -> None:
    apia = ZoneInfo("Pacific/Apia")
    skipped = instant_of(date(2011, 12, 30), time(9), apia)
    assert skipped.astimezone(apia).replace(tzinfo=None) == datetime.combine(
        date(2011, 12, 31), time(0)
    )


@pytest.mark.promise("R7")
@given(day=DAYS, clock=st.times(), zone=ZONES)
def test_an_instant_shows_the_time_that_was_meant_or_the_first_after_it(
    day: date, clock: time, zone: ZoneInfo
) -> None:
    meant = datetime.combine(day, clock.replace(second=0, microsecond=0, fold=0))
    at = instant_of(meant.date(), meant.time(), zone)
    shown = at.astimezone(zone).replace(tzinfo=None, fold=0)
    second = timedelta(seconds=1)
    just_before = (at - second).astimezone(zone).replace(tzinfo=None, fold=0)
    assert shown >= meant
    assert just_before < meant
    if shown > meant:  # skipped: the clocks jumped over it in that very second
        assert shown - just_before > second


@pytest.mark.promise("R7")
@settings(max_examples=150)
@given(
    clocks=st.lists(CLOCKS, min_size=1, max_size=4, unique=True),
    first=DAYS,
    length=st.integers(0, 20),
    every=st.integers(1, 5),
    zone=ZONES,
    cuts=st.lists(st.floats(0, 1), max_size=4),
)
def test_planned_in_pieces_nothing_is_lost_and_nothing_comes_twice(
    clocks: list[str], first: date, length: int, every: int, zone: ZoneInfo, cuts: list[float]
) -> None:
    plan = schedule(Phase(times=tuple(clocks), every_days=every))
    last = first + timedelta(days=length)
    after = datetime.combine(first, time(0), UTC) - timedelta(days=2)
    before = datetime.combine(last, time(0), UTC) + timedelta(days=3)
    whole = occasions(plan, zone, first, last, after=after, before=before)
    assert [o.at for o in whole] == sorted({o.at for o in whole})
    edges = [after, *(after + (before - after) * cut for cut in sorted(cuts)), before]
    tick = timedelta(microseconds=1)
    pieces = [
        occasion
        for start, end in pairwise(edges)
        for occasion in occasions(plan, zone, first, last, after=start - tick, before=end)
        if occasion.at >= start
    ]
    assert pieces == whole
    asked = len(range(0, length + 1, every))
    assert asked <= len(whole) <= asked * len(clocks)


@given(day=DAYS, clock=st.times(), zone=ZONES)
def test_the_end_of_tomorrow_is_a_day_or_two_away(day: date, clock: time, zone: ZoneInfo) -> None:
    at = datetime.combine(day, clock, UTC)
    end = end_of_tomorrow(at, zone)
    assert timedelta(hours=23) <= end - at <= timedelta(hours=49)
    assert (end.astimezone(zone).date() - at.astimezone(zone).date()).days == 2


def test_a_schedule_reads_back_and_refuses_what_makes_no_sense() -> None:
    plan = schedule(daily("09:00", days=7), Phase(times=("09:00",), weekdays=(1, 4)))
    assert parse_schedule(schedule_json(plan)) == plan
    for bad in (
        '{"phases": []}',
        schedule_json(plan).replace("09:00", "25:00"),
        schedule_json(plan).replace('"weekdays":[1,4]', '"weekdays":[8]'),
        schedule_json(plan).replace('"days":7', '"days":null'),
        schedule_json(plan).replace("[0,60]", "[0,420]"),
        schedule_json(plan).replace('"grace', '"graze'),
    ):
        with pytest.raises(ScheduleError):
            parse_schedule(bad)


def test_a_stretch_of_years_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="too long"):
        occasions(
            schedule(daily("09:00")),
            PARIS,
            date(2026, 1, 1),
            None,
            after=datetime(2026, 1, 1, tzinfo=UTC),
            before=datetime(2028, 1, 1, tzinfo=UTC),
        )

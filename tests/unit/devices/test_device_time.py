"""When a measurement was really made, whatever the clock of the device is worth."""

from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

import pytest

from devices.device_time import (
    Basis,
    Coincident,
    Corrected,
    DateTime,
    Stamp,
    coincident_of,
    correct_time,
)

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
WALL = datetime(2026, 11, 22, 10, 30)  # noqa: DTZ001 (NOW on a wall in Paris)
TRUSTED = (Basis.DEVICE_CLOCK, False)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def corrected(
    shown: DateTime | datetime | None,
    *,
    now: datetime = NOW,
    zone: tzinfo = PARIS,
    coincident: Coincident | None = None,
    clock_not_set: bool = False,
    stored: bool = False,
    offset: timedelta | None = timedelta(0),
) -> Corrected:
    stamp = Stamp(
        shown=DateTime.of(shown) if isinstance(shown, datetime) else shown,
        clock_not_set=clock_not_set,
        stored=stored,
        offset=offset,
    )
    return correct_time(stamp, received_at=now, zone=zone, coincident=coincident)


def test_a_set_clock_is_read_in_the_zone_of_the_home() -> None:
    time = corrected(WALL - HOUR)
    assert time == Corrected(at=NOW - HOUR, raw_at=NOW - HOUR, basis=Basis.DEVICE_CLOCK)


@pytest.mark.parametrize("ahead", [3, 5])
def test_a_clock_a_little_ahead_is_believed_but_never_dates_into_the_future(ahead: int) -> None:
    time = corrected(WALL + ahead * MINUTE)
    assert (time.at, time.raw_at) == (NOW, NOW + ahead * MINUTE)
    assert (time.basis, time.fault) == TRUSTED


def test_a_stamp_of_which_nothing_else_is_said_is_live_and_of_a_set_clock() -> None:
    live = correct_time(Stamp(), received_at=NOW, zone=PARIS)
    assert live == Corrected(at=NOW, raw_at=None, basis=Basis.RECEPTION)
    stamped = correct_time(Stamp(shown=DateTime.of(WALL - HOUR)), received_at=NOW, zone=PARIS)
    assert (stamped.at, stamped.basis, stamped.fault) == (NOW - HOUR, *TRUSTED)


def test_a_clock_further_ahead_is_not_believed() -> None:
    time = corrected(WALL + timedelta(minutes=5, seconds=1))
    assert (time.at, time.basis, time.fault) == (NOW, Basis.RECEPTION, True)
    assert time.raw_at == NOW + timedelta(minutes=5, seconds=1)


def test_a_clock_that_was_never_set_is_shown_and_not_believed() -> None:
    time = corrected(DateTime(2017, 1, 1, 1, 34, 19), clock_not_set=True)
    assert (time.at, time.basis, time.fault) == (NOW, Basis.RECEPTION, True)
    assert time.raw_at == datetime(2017, 1, 1, 0, 34, 19, tzinfo=UTC)


@pytest.mark.parametrize(
    "shown",
    [
        DateTime(0, 4, 17, 20, 41, 59),
        DateTime(2026, 0, 17, 0, 0, 0),
        DateTime(2026, 4, 0, 0, 0, 0),
        DateTime(2026, 2, 30, 0, 0, 0),
    ],
    ids=["no year", "no month", "no day", "no such day"],
)
def test_a_date_that_is_not_whole_names_no_instant(shown: DateTime) -> None:
    time = corrected(shown)
    assert time == Corrected(at=NOW, raw_at=None, basis=Basis.RECEPTION, fault=True)
    assert coincident_of(shown, NOW) is None


@pytest.mark.parametrize(
    ("stored", "clock_not_set", "fault"),
    [(False, False, False), (True, False, True), (False, True, True)],
)
def test_without_a_stamp_only_a_live_value_is_simply_now(
    stored: bool, clock_not_set: bool, fault: bool
) -> None:
    time = corrected(None, stored=stored, clock_not_set=clock_not_set)
    assert time == Corrected(at=NOW, raw_at=None, basis=Basis.RECEPTION, fault=fault)


def test_both_clocks_seen_in_one_moment_place_a_stamp_of_a_wrong_clock() -> None:
    wrong = WALL - timedelta(days=200, hours=3)
    seen = Coincident(device=wrong, at=NOW - MINUTE)
    time = corrected(wrong - 2 * HOUR, coincident=seen)
    assert (time.at, time.basis, time.fault) == (NOW - MINUTE - 2 * HOUR, Basis.COINCIDENT, False)
    assert time.raw_at == NOW - timedelta(days=200, hours=5) - HOUR  # summer time then


@pytest.mark.parametrize(("before", "fault"), [(10, False), (11, True)])
def test_a_clock_never_set_places_only_what_is_surely_of_the_same_run(
    before: int, fault: bool
) -> None:
    shown = DateTime(2017, 1, 1, 1, 34, 19)
    seen = coincident_of(shown, NOW)
    assert seen is not None
    wall = shown.on_wall()
    assert wall is not None
    time = corrected(wall - before * MINUTE, clock_not_set=True, coincident=seen)
    assert (time.at, time.basis) == (NOW - before * MINUTE, Basis.COINCIDENT)
    assert time.fault is fault


def test_a_set_clock_may_be_read_far_back() -> None:
    time = corrected(WALL - 11 * MINUTE, coincident=Coincident(device=WALL, at=NOW))
    assert (time.at, time.fault) == (NOW - 11 * MINUTE, False)


@pytest.mark.parametrize(
    ("seconds", "at", "fault"),
    [(300, NOW, False), (301, NOW, True), (-1, NOW - timedelta(seconds=1), False)],
)
def test_a_stamp_later_than_the_clock_can_show_is_of_a_clock_turned_back(
    seconds: int, at: datetime, fault: bool
) -> None:
    stamp = WALL + timedelta(seconds=seconds)
    time = corrected(stamp, coincident=Coincident(device=WALL, at=NOW))
    assert (time.at, time.fault) == (at, fault)
    assert time.basis == (Basis.RECEPTION if fault else Basis.COINCIDENT)
    assert time.raw_at == NOW + timedelta(seconds=seconds)


def test_a_value_after_the_coincident_moment_is_placed_after_it() -> None:
    seen = Coincident(device=WALL - 2 * HOUR, at=NOW - HOUR)
    assert corrected(WALL - HOUR - MINUTE, coincident=seen).at == NOW - MINUTE


@pytest.mark.parametrize(("hour", "utc"), [(9, 0), (23, 1)])
def test_in_the_hour_lived_twice_it_is_the_later_unless_that_is_to_come(
    hour: int, utc: int
) -> None:
    received = datetime(2026, 10, 25, 0, 45, tzinfo=UTC) if hour == 9 else NOW
    stamp = DateTime(2026, 10, 25, 2, 30, 0)
    assert corrected(stamp, now=received).at == datetime(2026, 10, 25, utc, 30, tzinfo=UTC)


def test_the_later_of_two_hours_may_be_this_very_moment() -> None:
    received = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert corrected(DateTime(2026, 10, 25, 2, 30, 0), now=received).at == received


def test_an_hour_that_never_was_is_read_by_the_clock_before() -> None:
    stamp = DateTime(2026, 3, 29, 2, 30, 0)
    assert corrected(stamp).at == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def test_an_offset_moves_the_stamp_and_an_unknown_one_makes_it_worthless() -> None:
    assert corrected(WALL - HOUR, offset=timedelta(minutes=-7)).at == NOW - HOUR - 7 * MINUTE
    time = corrected(WALL, offset=None)
    assert time == Corrected(at=NOW, raw_at=None, basis=Basis.RECEPTION, fault=True)


def test_the_ends_of_the_calendar_raise_nothing() -> None:
    last = DateTime(9999, 12, 31, 23, 59, 59)
    assert corrected(last, offset=HOUR).fault
    assert corrected(last, zone=ZoneInfo("America/Cayenne")).raw_at is None
    far = Coincident(device=datetime(1583, 1, 1), at=NOW)  # noqa: DTZ001
    assert corrected(last, coincident=far).fault
    assert not corrected(DateTime(1582, 1, 1, 0, 0, 0)).fault


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ((1581, 1, 1, 0, 0, 0), "year 1581 outside 1582-9999"),
        ((10000, 1, 1, 0, 0, 0), "year 10000 outside 1582-9999"),
        ((2026, 13, 1, 0, 0, 0), "month 13 outside 0-12"),
        ((2026, -1, 1, 0, 0, 0), "month -1 outside 0-12"),
        ((2026, 1, 32, 0, 0, 0), "day 32 outside 0-31"),
        ((2026, 1, -1, 0, 0, 0), "day -1 outside 0-31"),
        ((2026, 1, 1, 24, 0, 0), "hour 24 outside 0-23"),
        ((2026, 1, 1, -1, 0, 0), "hour -1 outside 0-23"),
        ((2026, 1, 1, 0, 60, 0), "minute 60 outside 0-59"),
        ((2026, 1, 1, 0, -1, 0), "minute -1 outside 0-59"),
        ((2026, 1, 1, 0, 0, 60), "second 60 outside 0-59"),
        ((2026, 1, 1, 0, 0, -1), "second -1 outside 0-59"),
    ],
)
def test_a_part_out_of_its_range_is_refused(parts: tuple[int, ...], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        DateTime(*parts)


def test_the_outermost_parts_are_taken() -> None:
    assert DateTime(9999, 12, 31, 23, 59, 59).on_wall() is not None
    assert DateTime(0, 0, 0, 0, 0, 0).on_wall() is None
    assert DateTime.of(WALL) == DateTime(2026, 11, 22, 10, 30, 0)
    assert coincident_of(DateTime.of(WALL), NOW) == Coincident(device=WALL, at=NOW)

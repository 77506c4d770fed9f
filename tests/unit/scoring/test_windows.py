"""Which values belong to which question, to the millisecond, worked out by hand."""

from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import pytest

from scoring.windows import (
    Ints,
    Questions,
    Samples,
    Windows,
    between,
    every_instant,
    floats_of,
    instant_of,
    ms_of,
    sorted_samples,
    spread_out,
    windows,
)

LATE = 1_764_430_000_000
"""Milliseconds of some day of 2025."""


def ints(*some: int) -> Ints:
    return np.array(some, dtype=np.int64)


def samples(*rows: tuple[int, int, float]) -> Samples:
    person, at, value = zip(*rows, strict=True) if rows else ((), (), ())
    return sorted_samples(ints(*person), ints(*at), np.array(value, dtype=np.float64))


def rows_of(found: Windows) -> list[tuple[int, int]]:
    return list(zip(found.begin.tolist(), found.end.tolist(), strict=True))


def test_an_instant_is_the_whole_milliseconds_since_1970_whatever_its_zone() -> None:
    noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    assert ms_of(noon) == 1_772_366_400_000
    assert ms_of(datetime(2026, 3, 1, 13, tzinfo=timezone(timedelta(hours=1)))) == ms_of(noon)
    assert ms_of(datetime(1970, 1, 1, 0, 0, 0, 1999, tzinfo=UTC)) == 1
    assert ms_of(datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC)) == -1000
    assert instant_of(1_772_366_400_007) == noon + timedelta(milliseconds=7)


def test_what_is_not_known_is_no_number() -> None:
    found = floats_of(one for one in (70, None, True, 0.5))
    np.testing.assert_array_equal(found, np.array([70.0, np.nan, 1.0, 0.5]))
    assert floats_of([]).dtype == np.float64


def test_values_are_put_in_order_and_the_lowest_of_an_instant_stays() -> None:
    found = samples(
        (1, 5, 90.0), (1, 5, 91.0), (0, 9, 97.0), (0, 9, 95.0), (0, 2, 96.0), (1, 4, np.inf)
    )
    assert found.person.tolist() == [0, 0, 1]
    assert found.at.tolist() == [2, 9, 5]
    assert found.value.tolist() == [96.0, 95.0, 90.0]


def test_two_people_at_one_instant_are_two_values() -> None:
    assert samples((0, 5, 90.0), (1, 5, 91.0)).value.tolist() == [90.0, 91.0]
    assert samples((0, 5, 90.0), (0, 6, 90.0)).at.tolist() == [5, 6]


@pytest.mark.parametrize("origin", [-LATE, -7, 0, LATE])
def test_a_window_leaves_its_first_instant_out_and_holds_its_last(origin: int) -> None:
    some = samples(*((0, origin + at, 1.0) for at in (0, 1, 10, 11)))
    asked = Questions(person=ints(0, 0, 0, 0), at=ints(10, 11, 9, 0) + origin)
    found = windows(some, asked, timedelta(milliseconds=10))
    assert rows_of(found) == [(1, 3), (2, 4), (0, 2), (0, 1)]
    assert found.count.tolist() == [2, 2, 2, 1]
    assert len(asked) == 4


def test_a_window_that_begins_before_everything_holds_nobody_elses_values() -> None:
    some = samples((0, 99, 1.0), (1, 0, 2.0), (1, 50, 3.0), (2, 0, 4.0))
    asked = Questions(person=ints(1, 2, 3, 0), at=ints(40, 40, 40, 40))
    assert rows_of(windows(some, asked, timedelta(days=3))) == [(1, 2), (3, 4), (4, 4), (0, 0)]


def test_a_question_before_the_first_value_holds_nothing() -> None:
    some = samples((0, 99, 1.0), (1, LATE, 2.0))
    asked = Questions(person=ints(1, 0, 1), at=ints(5, 5, LATE - 1))
    assert windows(some, asked, timedelta(days=1)).count.tolist() == [0, 0, 0]
    assert windows(samples(), asked, timedelta(days=1)).count.tolist() == [0, 0, 0]
    nobody = Questions(person=ints(), at=ints())
    assert len(windows(some, nobody, timedelta(days=1)).count) == 0


def test_people_seventy_years_apart_in_time_stay_apart() -> None:
    """Sixty-nine years of milliseconds are the room of one person in a key."""
    years = (1 << 41) - 1
    some = samples((0, 0, 1.0), (0, years, 2.0), (1, 0, 3.0), (1, years, 4.0))
    asked = Questions(person=ints(0, 1), at=ints(years, years))
    assert rows_of(windows(some, asked, timedelta(milliseconds=years + 9))) == [(0, 2), (2, 4)]
    assert every_instant([some]).at.tolist() == [0, years, 0, years]


def test_four_million_people_have_room() -> None:
    last = (1 << 22) - 1
    some = samples((0, 0, 1.0), (1, 5, 2.0), (last, 5, 3.0))
    asked = Questions(person=ints(last, 1), at=ints(6, 6))
    assert rows_of(windows(some, asked, timedelta(days=1))) == [(2, 3), (1, 2)]
    assert every_instant([some]).person.tolist() == [0, 1, last]


def test_windows_are_laid_out_value_by_value() -> None:
    question, row = spread_out(Windows(begin=ints(3, 0, 5, 1), end=ints(5, 0, 6, 4)))
    assert question.tolist() == [0, 0, 2, 3, 3, 3]
    assert row.tolist() == [3, 4, 5, 1, 2, 3]
    question, row = spread_out(Windows(begin=ints(), end=ints()))
    assert (len(question), len(row)) == (0, 0)


@pytest.mark.parametrize("origin", [-LATE, 0, LATE])
def test_between_holds_its_first_instant_and_leaves_its_last_out(origin: int) -> None:
    some = samples(*((who, origin + at, 1.0) for who in (0, 1) for at in (0, 10, 20)))
    since, until = ints(0, 1, 10, 20, -5), ints(20, 10, 21, 10, 0)
    found = between(some, ints(0, 1, 1, 0, 1), since + origin, until + origin)
    assert rows_of(found) == [(0, 2), (4, 4), (4, 6), (2, 2), (3, 3)]


def test_between_of_nothing_is_nothing() -> None:
    assert rows_of(between(samples(), ints(0), ints(5), ints(9))) == [(0, 0)]
    assert rows_of(between(samples((0, 3, 1.0)), ints(), ints(), ints())) == []


def test_each_instant_is_asked_about_once_in_order() -> None:
    one, other = samples((0, 5, 1.0), (1, -3, 2.0)), samples((0, 5, 9.0), (0, 1, 8.0))
    found = every_instant([one, other])
    assert found.person.tolist() == [0, 0, 1]
    assert found.at.tolist() == [1, 5, -3]
    assert len(every_instant([samples()])) == 0

"""Trends worked out by hand: each figure, each limit from both sides."""

from datetime import timedelta

import numpy as np
import pytest

from scoring.trends import HOUR_MS, Trend, hours_outside, medians, trend
from scoring.windows import Samples, Windows
from tests.unit.scoring.test_trends import SPAN, Row, arrays, questions


def told(rows: list[Row], at: int = 10 * HOUR_MS) -> Trend:
    return trend(arrays(rows), questions([(0, at)]), SPAN)


def hourly(*values: float) -> list[Row]:
    return [(0, hour * HOUR_MS, value) for hour, value in enumerate(values)]


def test_the_parts_of_a_trend() -> None:
    found = told(hourly(90, 92, 94, 99))
    assert (found.count[0], found.last[0], found.age_h[0]) == (4, 99, 7)
    assert (found.median[0], found.low[0], found.high[0]) == (93, 90, 99)
    # Away from 93: 3, 1, 1, 6; the middle of these is 2.
    assert found.spread[0] == pytest.approx(2 * 1.4826)
    # 99 is within 3 × 2.9652 of 93, so all count as they are: 15.5 × 1.5 … by least squares 2.9.
    assert found.slope[0] == pytest.approx(2.9)


def test_what_is_far_is_pulled_in_to_three_deviations_and_not_left_out() -> None:
    # The middle is 93, away from it: 3, 1, 1, 107: the middle of these is 2, the reach 8.8956.
    reach = 3 * 2 * 1.4826
    high = told(hourly(90, 92, 94, 200))
    values = np.array([90, 92, 94, 93 + reach])
    assert high.slope[0] == pytest.approx(np.polyfit(range(4), values, 1)[0])
    assert high.high[0] == 200, "what was measured is shown as measured"
    low = told(hourly(95, 94, 92, -14))
    values = np.array([95, 94, 92, 93 - 3 * 1.4826 * 1.5])
    assert low.median[0] == 93
    assert low.slope[0] == pytest.approx(np.polyfit(range(4), values, 1)[0])


def test_a_slope_is_of_three_values_and_of_two_instants() -> None:
    assert np.isnan(told(hourly(90, 91)).slope[0])
    assert told(hourly(90, 91, 92)).slope[0] == pytest.approx(1)
    assert told([(0, 0, 90), (0, HOUR_MS // 2, 91), (0, HOUR_MS, 92)]).slope[0] == pytest.approx(2)
    assert told(hourly(90, 90, 90)).slope[0] == 0


ODD = (0, 1_234_567, 2_345_679, 5_000_001, 9_876_543, 12_345_678, 20_000_003)
"""Milliseconds, far from any grid."""


def test_of_what_does_not_change_the_slope_is_nought_to_the_last_bit() -> None:
    assert told([(0, at, 97.0) for at in ODD]).slope[0] == 0


def test_what_the_clock_shows_changes_no_bit() -> None:
    rows = [(0, at, 97.0 - at % 7) for at in ODD]
    slope = told(rows).slope[0]
    for shift in (-1_764_430_000_123, 7, 1_764_430_000_123):
        later = told([(0, at + shift, value) for _, at, value in rows], 10 * HOUR_MS + shift)
        assert later.slope[0] == slope


def test_of_one_instant_there_is_no_slope() -> None:
    same = Samples(
        person=np.zeros(3, dtype=np.int64), at=np.zeros(3, dtype=np.int64), value=np.arange(3.0)
    )
    assert np.isnan(trend(same, questions([(0, 0)]), SPAN).slope[0])


def test_each_question_has_its_own_figures() -> None:
    rows = [*hourly(90, 91, 92), *((1, hour * HOUR_MS, 80.0 - hour) for hour in range(4))]
    found = trend(arrays(rows), questions([(1, 4 * HOUR_MS), (2, 0), (0, 2 * HOUR_MS)]), SPAN)
    assert found.count.tolist() == [4, 0, 3]
    np.testing.assert_allclose(found.slope, [-1, np.nan, 1])
    np.testing.assert_allclose(found.median, [78.5, np.nan, 91])
    np.testing.assert_allclose(found.age_h, [1, np.nan, 0])
    np.testing.assert_allclose(found.low, [77, np.nan, 90])
    np.testing.assert_allclose(found.high, [80, np.nan, 92])


def test_of_nothing_nothing_is_said() -> None:
    found = told([])
    assert found.count.tolist() == [0]
    for name in ("last", "age_h", "median", "low", "high", "spread", "slope"):
        assert np.isnan(getattr(found, name)).tolist() == [True], name
    late = told(hourly(90), at=100 * HOUR_MS)
    assert np.isnan(late.last[0])
    assert np.isnan(late.low[0])


def test_one_value_is_the_lowest_and_the_highest() -> None:
    found = told(hourly(90))
    assert (found.low[0], found.high[0], found.median[0], found.spread[0]) == (90, 90, 90, 0)


def test_a_median_is_the_middle_or_between_the_two() -> None:
    def of(*values: float) -> float:
        count = len(values)
        found = Windows(begin=np.array([0]), end=np.array([count]))
        return float(medians(np.zeros(count, dtype=np.int64), np.array(values), found)[0])

    assert [of(3), of(3, 1), of(5, 1, 3), of(9, 1, 3, 4)] == [3, 2, 3, 3.5]


LIMITS = {"low": 90.0, "high": 100.0}


def outside(rows: list[Row], at: int, holds: timedelta = timedelta(hours=4)) -> float:
    asked = questions([(0, at)])
    return float(hours_outside(arrays(rows), asked, SPAN, **LIMITS, holds=holds)[0])


@pytest.mark.parametrize(
    ("value", "hours"), [(89.9, 2), (90, 0), (95, 0), (100, 0), (100.1, 2), (20, 2)]
)
def test_a_limit_itself_is_within(value: float, hours: float) -> None:
    assert outside(hourly(value), 2 * HOUR_MS) == hours


def test_a_value_holds_until_the_next_or_for_so_long() -> None:
    rows = [(0, 0, 80.0), (0, HOUR_MS, 95.0), (0, 2 * HOUR_MS, 80.0), (0, 8 * HOUR_MS, 80.0)]
    # One hour, nothing, four of six, and one and a half of what is left.
    assert outside(rows, 8 * HOUR_MS + 3 * HOUR_MS // 2) == 1 + 4 + 1.5
    assert outside(rows, 20 * HOUR_MS) == 1 + 4 + 4
    assert outside(rows, 20 * HOUR_MS, timedelta(minutes=30)) == 1.5


def test_without_a_limit_on_a_side_nothing_is_outside_there() -> None:
    rows, asked = arrays(hourly(20, 300)), questions([(0, 2 * HOUR_MS), (5, 0)])
    for limits, hours in (({"low": 90.0}, 1), ({"high": 200.0}, 1), ({}, 0)):
        found = hours_outside(rows, asked, SPAN, **limits, holds=timedelta(hours=9))
        np.testing.assert_array_equal(found, [hours, np.nan])


def test_the_last_of_one_holds_until_his_own_question() -> None:
    rows = [(0, 0, 80.0), (1, 0, 80.0), (1, 3 * HOUR_MS, 80.0)]
    asked = questions([(0, 2 * HOUR_MS), (1, 5 * HOUR_MS)])
    found = hours_outside(arrays(rows), asked, SPAN, low=90, holds=timedelta(hours=9))
    assert found.tolist() == [2, 5]

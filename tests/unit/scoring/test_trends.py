"""Trends of many people at once say what a plain loop over one says; artefacts harm none."""

from datetime import timedelta
from statistics import median

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.trends import HOUR_MS, Trend, hours_outside, trend
from scoring.windows import Questions, Samples, sorted_samples

SPAN = timedelta(hours=24)
Row = tuple[int, int, float]
"""Person, milliseconds, value."""
ROWS = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.integers(0, 40).map(lambda hour: hour * HOUR_MS) | st.integers(0, 40 * HOUR_MS),
        st.floats(40, 100).map(lambda value: round(value, 1)),
    ),
    min_size=0,
    max_size=60,
    unique_by=lambda row: (row[0], row[1]),
)
ASKED = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 50).map(lambda hour: hour * HOUR_MS)),
    min_size=1,
    max_size=8,
)


def arrays(rows: list[Row]) -> Samples:
    person, at, value = zip(*rows, strict=True) if rows else ((), (), ())
    return sorted_samples(
        np.array(person, dtype=np.int64),
        np.array(at, dtype=np.int64),
        np.array(value, dtype=np.float64),
    )


def questions(asked: list[tuple[int, int]]) -> Questions:
    person, at = zip(*asked, strict=True)
    return Questions(person=np.array(person, dtype=np.int64), at=np.array(at, dtype=np.int64))


def plain(rows: list[Row], person: int, at: int) -> dict[str, float]:
    """The same by a loop over one person."""
    ms = int(SPAN.total_seconds() * 1000)
    mine = sorted((t, v) for p, t, v in rows if p == person and at - ms < t <= at)
    if not mine:
        return {"count": 0}
    values = [value for _, value in mine]
    middle = median(values)
    spread = 1.4826 * median([abs(value - middle) for value in values])
    near = [
        min(max(value, middle - 3 * spread), middle + 3 * spread) if spread else value
        for value in values
    ]
    said = {
        "count": len(mine), "last": values[-1], "age_h": (at - mine[-1][0]) / HOUR_MS,
        "median": middle, "low": min(values), "high": max(values), "spread": spread,
    }  # fmt: skip
    if len(mine) >= 3:
        hours = [(t - mine[0][0]) / HOUR_MS for t, _ in mine]
        said["slope"] = float(np.polyfit(hours, near, 1)[0])
    return said


@given(ROWS, ASKED)
def test_many_at_once_say_what_a_loop_says(rows: list[Row], asked: list[tuple[int, int]]) -> None:
    found = trend(arrays(rows), questions(asked), SPAN)
    for place, (person, at) in enumerate(asked):
        for name, value in plain(rows, person, at).items():
            assert getattr(found, name)[place] == pytest.approx(value, rel=1e-6, abs=1e-5), name


@given(ROWS, ASKED, st.integers(-(10**11), 10**11))
def test_a_shift_of_all_clocks_changes_nothing(
    rows: list[Row], asked: list[tuple[int, int]], shift: int
) -> None:
    before = trend(arrays(rows), questions(asked), SPAN)
    moved = [(person, at + shift, value) for person, at, value in rows]
    after = trend(arrays(moved), questions([(person, at + shift) for person, at in asked]), SPAN)
    for name in Trend.__dataclass_fields__:
        np.testing.assert_array_equal(getattr(before, name), getattr(after, name), name)


@given(ROWS, ASKED, st.randoms())
def test_late_data_are_data(
    rows: list[Row], asked: list[tuple[int, int]], chance: np.random.Generator
) -> None:
    shuffled = list(rows)
    chance.shuffle(shuffled)  # type: ignore[arg-type]
    before = trend(arrays(rows), questions(asked), SPAN)
    after = trend(arrays(shuffled), questions(asked), SPAN)
    for name in Trend.__dataclass_fields__:
        np.testing.assert_array_equal(getattr(before, name), getattr(after, name), name)


def test_one_artefact_of_a_probe_moves_no_slope() -> None:
    steady = [(0, hour * HOUR_MS, 96.0 + 0.2 * (hour % 3)) for hour in range(24)]
    spoilt = [*steady[:20], (0, 20 * HOUR_MS, 41.0), *steady[21:]]
    asked = questions([(0, 24 * HOUR_MS)])
    calm, after = trend(arrays(steady), asked, SPAN), trend(arrays(spoilt), asked, SPAN)
    assert abs(after.slope[0] - calm.slope[0]) < 0.01
    assert after.low[0] == 41.0, "what was measured is shown as measured"


DENSE: list[Row] = [
    (person, (hour * 3 + person) * HOUR_MS, float(value))
    for person in range(3)
    for hour, value in enumerate([97, 95, 96, 41, 94, 93, 95, 92, 91, 93, 90][person:])
]
"""Three people with something to say at every hour that is asked about."""


def test_many_at_once_say_what_a_loop_says_where_there_is_much_to_say() -> None:
    asked = [(person, hour * HOUR_MS) for hour in range(1, 40, 2) for person in (2, 0, 1)]
    test_many_at_once_say_what_a_loop_says.hypothesis.inner_test(DENSE, asked)  # type: ignore[attr-defined]


def test_a_slope_needs_three_values_and_is_by_the_hour() -> None:
    rising = [(0, hour * HOUR_MS, 90.0 + hour) for hour in range(6)]
    found = trend(arrays(rising), questions([(0, hour * HOUR_MS) for hour in range(6)]), SPAN)
    assert np.isnan(found.slope[:2]).all()
    np.testing.assert_allclose(found.slope[2:], 1.0)
    assert trend(arrays(DENSE), questions([(0, 24 * HOUR_MS)]), SPAN).slope[0] < -0.09


def test_where_most_values_are_the_same_nothing_is_far() -> None:
    rows = [(0, hour * HOUR_MS, 97.0 if hour < 4 else 90.0) for hour in range(5)]
    found = trend(arrays(rows), questions([(0, 4 * HOUR_MS)]), SPAN)
    assert (found.spread[0], found.slope[0]) == (0, pytest.approx(-1.4))


def test_what_cannot_be_said_is_not_nought() -> None:
    asked = questions([(0, HOUR_MS), (1, HOUR_MS)])
    found = trend(arrays([(0, 0, 97.0)]), asked, SPAN)
    assert found.count.tolist() == [1, 0]
    assert np.isnan(found.slope).all()
    assert np.isnan(found.last[1])
    empty = trend(arrays([]), asked, SPAN)
    assert np.isnan(empty.median).all()


def test_time_below_a_limit_ends_with_a_gap() -> None:
    rows = [(0, 0, 88.0), (0, HOUR_MS, 95.0), (0, 2 * HOUR_MS, 89.0)]
    asked = questions([(0, 20 * HOUR_MS), (1, 20 * HOUR_MS)])
    hours = hours_outside(arrays(rows), asked, SPAN, low=90, holds=timedelta(hours=4))
    assert hours[0] == pytest.approx(1 + 4)
    assert np.isnan(hours[1])


@pytest.mark.parametrize("values", [(90.0, 97.0), (97.0, 90.0), (np.nan, 90.0)])
def test_of_two_values_at_one_instant_the_lowest_stays(values: tuple[float, float]) -> None:
    both = sorted_samples(np.array([0, 0]), np.array([0, 0]), np.array(values))
    assert both.value.tolist() == [90.0]
    others = sorted_samples(np.array([1, 0]), np.array([0, 0]), np.array(values))
    assert len(others.value) == np.isfinite(values).sum()

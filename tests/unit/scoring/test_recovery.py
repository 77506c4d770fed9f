"""Recovery, adherence and the own baseline say what a plain loop says of each person."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from random import Random
from statistics import median
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.adherence import Adherence, Slots, adherence
from scoring.baseline import (
    Baseline,
    Saturation,
    SaturationFound,
    SaturationInput,
    own_baseline,
    score_saturation,
    spo2_fallen,
)
from scoring.recovery import Recovery, recovery
from scoring.refusal import Incomplete, Refused
from scoring.trends import HOUR_MS
from scoring.windows import Questions
from tests.unit.scoring.test_trends import Row, arrays, questions

DAY = timedelta(days=1)
DAY_MS = 24 * HOUR_MS
NAN = float("nan")
ROWS = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.integers(0, 40).map(lambda hour: hour * HOUR_MS),
        st.sampled_from([85.0, 90.0, 91.5, 94.0, 94.5, 97.0, 98.0]),
    ),
    max_size=40,
    unique_by=lambda row: (row[0], row[1]),
)
ASKED = st.lists(
    st.tuples(st.integers(0, 3), st.integers(-2, 44).map(lambda hour: hour * HOUR_MS)),
    min_size=1,
    max_size=6,
)
SLOTS = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.integers(0, 40).map(lambda hour: hour * HOUR_MS),
        st.integers(1, 6).map(lambda hours: hours * HOUR_MS),
    ),
    max_size=12,
)


def same(first: Any, second: Any) -> None:
    for field in fields(first):
        np.testing.assert_array_equal(
            getattr(first, field.name), getattr(second, field.name), field.name
        )


def plain_recovery(rows: list[Row], person: int, at: int, steady: int) -> tuple[int, float, float]:
    after = sorted((t, v) for p, t, v in rows if p == person and at < t <= at + DAY_MS)
    for place in range(len(after) - steady + 1):
        if all(94 <= value <= 97 for _, value in after[place : place + steady]):
            earliest = after[place - 1][0] if place else at
            return len(after), (earliest - at) / HOUR_MS, (after[place][0] - at) / HOUR_MS
    return len(after), NAN, NAN


@given(ROWS, ASKED, st.integers(1, 3))
def test_recovery_is_what_a_loop_says(
    rows: list[Row], asked: list[tuple[int, int]], steady: int
) -> None:
    found = recovery(arrays(rows), questions(asked), DAY, low=94, high=97, steady=steady)
    for place, (person, at) in enumerate(asked):
        said = tuple(getattr(found, field.name)[place] for field in fields(Recovery))
        assert said == pytest.approx(plain_recovery(rows, person, at, steady), nan_ok=True)


def test_one_good_value_is_not_back_and_a_gap_is_said() -> None:
    rows = [(0, HOUR_MS, 88.0), (0, 2 * HOUR_MS, 96.0), (0, 3 * HOUR_MS, 89.0),
            (0, 9 * HOUR_MS, 95.0), (0, 10 * HOUR_MS, 96.0)]  # fmt: skip
    asked = questions([(0, 0), (0, 5 * HOUR_MS)])
    found = recovery(arrays(rows), asked, DAY, low=94)
    assert (found.earliest_h[0], found.latest_h[0]) == (3, 9)
    assert (found.earliest_h[1], found.latest_h[1]) == (0, 4)
    own = recovery(arrays(rows), asked, DAY, low=np.array([96.0, NAN]), steady=1)
    assert own.latest_h[0] == 2
    assert np.isnan(own.latest_h[1])
    edges = recovery(arrays(rows), asked, DAY, low=96, high=96, steady=1)
    assert (edges.earliest_h[0], edges.latest_h[0]) == (1, 2)
    alone = recovery(arrays([(0, HOUR_MS, 97.0)]), questions([(0, 0)]), DAY, low=94, steady=1)
    assert (alone.earliest_h[0], alone.latest_h[0]) == (0, 1), "back at once, not after itself"
    again = questions([(0, 0), (0, 30 * 60_000)])
    both = recovery(arrays([(0, HOUR_MS, 97.0)]), again, DAY, low=94, steady=1)
    assert both.earliest_h.tolist() == [0, 0]
    high = recovery(arrays(rows), asked, DAY, high=88.5, steady=1)
    assert high.latest_h[0] == 1


@given(ROWS, SLOTS, ASKED)
def test_adherence_is_what_a_loop_says(
    rows: list[Row], slots: list[tuple[int, int, int]], asked: list[tuple[int, int]]
) -> None:
    found = adherence(arrays(rows), of(slots), questions(asked), DAY)
    for place, (person, at) in enumerate(asked):
        closed = [
            (p, opens, opens + lasts)
            for p, opens, lasts in slots
            if p == person and at - DAY_MS < opens + lasts <= at
        ]
        filled = [
            any(p == who and opens <= t < closes for p, t, _ in rows)
            for who, opens, closes in closed
        ]
        assert (found.expected[place], found.received[place]) == (len(closed), sum(filled))
        share = sum(filled) / len(closed) if closed else NAN
        assert found.share[place] == pytest.approx(share, nan_ok=True)


def of(slots: list[tuple[int, int, int]]) -> Slots:
    columns = np.array(slots, dtype=np.int64).reshape(-1, 3).T
    return Slots(person=columns[0], opens=columns[1], closes=columns[1] + columns[2])


def test_a_slot_is_from_its_opening_to_before_its_close_and_counts_when_it_closes() -> None:
    slots, asked = of([(0, HOUR_MS, HOUR_MS)]), questions([(0, 2 * HOUR_MS), (0, 2 * HOUR_MS - 1)])
    for at, filled in [(HOUR_MS - 1, 0), (HOUR_MS, 1), (2 * HOUR_MS - 1, 1), (2 * HOUR_MS, 0)]:
        found = adherence(arrays([(0, at, 97.0)]), slots, asked, DAY)
        assert found.expected.tolist() == [1, 0]
        assert found.received.tolist() == [filled, 0]
    twice = arrays([(0, HOUR_MS, 97.0), (0, HOUR_MS + 1, 97.0)])
    assert adherence(twice, slots, asked, DAY).share[0] == 1


@given(ROWS, ASKED, st.integers(1, 4))
def test_the_baseline_is_the_median_of_the_others(
    rows: list[Row], asked: list[tuple[int, int]], least: int
) -> None:
    found = own_baseline(arrays(rows), questions(asked), DAY, least)
    for place, (person, at) in enumerate(asked):
        mine = [v for _, v in sorted((t, v) for p, t, v in rows if p == person
                                     and at - DAY_MS < t <= at)]  # fmt: skip
        last, before = (mine[-1], mine[:-1]) if mine else (NAN, [])
        usual = median(before) if len(before) >= least else NAN
        said = [getattr(found, field.name)[place] for field in fields(Baseline)]
        assert said == pytest.approx([last, usual, len(before), usual - last], nan_ok=True)


@given(ROWS, SLOTS, ASKED, st.integers(-(10**11), 10**11), st.randoms(use_true_random=False))
def test_neither_the_clock_nor_the_order_of_arrival_matters(
    rows: list[Row],
    slots: list[tuple[int, int, int]],
    asked: list[tuple[int, int]],
    shift: int,
    chance: Random,
) -> None:
    moved = [(person, at + shift, value) for person, at, value in rows]
    late = [(person, at + shift, lasts) for person, at, lasts in slots]
    chance.shuffle(moved)
    chance.shuffle(late)
    first, second = arrays(rows), arrays(moved)
    now, then = questions(asked), questions([(person, at + shift) for person, at in asked])
    same(own_baseline(first, now), own_baseline(second, then))
    same(recovery(first, now, DAY, low=94), recovery(second, then, DAY, low=94))
    same(adherence(first, of(slots), now, DAY), adherence(second, of(late), then, DAY))


def test_of_nobody_nothing_is_said() -> None:
    none = np.array([], dtype=np.int64)
    for asked in (questions([(0, 0)]), Questions(person=none, at=none)):
        assert np.isnan(own_baseline(arrays([]), asked).usual).all()
        assert np.isnan(recovery(arrays([]), asked, DAY).latest_h).all()
        assert isinstance(adherence(arrays([]), of([]), asked, DAY), Adherence)
        assert np.isnan(adherence(arrays([]), of([]), asked, DAY).share).all()


def test_three_points_below_the_own_median_of_the_week() -> None:
    week = [(0, day * DAY_MS, 98.0) for day in range(7)]
    asked = questions([(0, 7 * DAY_MS)])
    for value, fallen in [(95.0, 1), (95.4, 1), (95.5, 0), (96.0, 0)]:
        found = own_baseline(arrays([*week, (0, 7 * DAY_MS, value)]), asked)
        assert (found.usual[0], found.before[0]) == (98, 6), "eight days ago is not in the week"
        assert found.fall[0] == 98 - value
        assert spo2_fallen(found)[0] == fallen
    few = own_baseline(arrays([*week[:2], (0, 2 * DAY_MS, 80.0)]), asked)
    assert np.isnan(spo2_fallen(few)[0])
    enough = own_baseline(arrays([*week[1:4], (0, 7 * DAY_MS, 80.0)]), asked)
    assert spo2_fallen(enough)[0] == 1


NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
READINGS = st.lists(
    st.builds(
        Saturation,
        at=st.integers(0, 20).map(lambda half: NOON - timedelta(hours=12 * half)),
        percent=st.floats(30, 100),
    ),
    max_size=20,
)


@given(READINGS, st.timedeltas(-900 * DAY, 900 * DAY), st.randoms(use_true_random=False))
def test_one_person_is_judged_as_many_are(
    readings: list[Saturation], shift: timedelta, chance: Random
) -> None:
    found = score_saturation(SaturationInput(readings=tuple(readings)))
    moved = [replace(one, at=one.at + shift) for one in readings]
    chance.shuffle(moved)
    assert score_saturation(SaturationInput(readings=tuple(moved))) == found
    if not readings:
        assert found == Incomplete(missing=("readings",))
        return
    assert isinstance(found, SaturationFound)
    newest = max(one.at for one in readings)
    assert found.last == min(one.percent for one in readings if one.at == newest)
    assert (found.fallen is None) == (found.usual is None) == (found.before < 3)


def test_what_cannot_be_judged_is_refused() -> None:
    good = Saturation(at=NOON, percent=97)
    for percent in (29.9, 100.1, NAN):
        wrong = SaturationInput(readings=(good, replace(good, percent=percent)))
        assert score_saturation(wrong) == Refused(
            reason=f"readings: {percent:g} is outside 30 to 100"
        )
    assert isinstance(
        score_saturation(SaturationInput(readings=(replace(good, percent=30.0),))), SaturationFound
    )
    naive = SaturationInput(readings=(replace(good, at=NOON.replace(tzinfo=None)),))
    assert score_saturation(naive) == Refused(reason="readings: a time without its zone")

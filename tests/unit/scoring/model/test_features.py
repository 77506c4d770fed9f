"""The features are what a plain loop finds, in any order, at any hour, of nobody and of many."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.vitals import VITALS, Vital
from scoring.model.features import (
    DAY,
    HIGHER,
    HOUR_MS,
    LONG,
    SHORT,
    SIDES,
    SLOPE,
    Given,
    direction,
    features,
    known_points,
    points_series,
)
from scoring.windows import Questions, Samples, sorted_samples

SERIES = st.lists(st.tuples(st.integers(0, 60 * 4), st.integers(0, 40)), max_size=24)
LOWEST = {
    Vital.SPO2: 70,
    Vital.RESPIRATORY_RATE: 6,
    Vital.PULSE: 40,
    Vital.TEMPERATURE: 34,
    Vital.SYSTOLIC: 80,
    Vital.DIASTOLIC: 45,
}
STEP = {Vital.TEMPERATURE: 0.15, Vital.SPO2: 0.75, Vital.PULSE: 3.0, Vital.SYSTOLIC: 4.0}
ASKED_AT = 60 * HOUR_MS


def person(series: dict[Vital, list[tuple[int, int]]], *, shift: int = 0) -> Given:
    """Return one person with values on a grid of quarters of an hour."""
    samples = {}
    for vital, lowest in LOWEST.items():
        some = series.get(vital, [])
        samples[vital] = sorted_samples(
            np.zeros(len(some), dtype=np.int64),
            np.array([q * HOUR_MS // 4 + shift for q, _ in some], dtype=np.int64),
            np.array([lowest + STEP.get(vital, 1.0) * step for _, step in some], dtype=float),
        )
    one = np.zeros(1, dtype=np.int64)
    asked = Questions(person=one, at=one + ASKED_AT + shift)
    nothing = np.array([np.nan])
    return Given(samples=samples, asked=asked, age=nothing, male=nothing, oxygen=nothing)


people = st.fixed_dictionaries({vital: SERIES for vital in LOWEST}).map(person)


def plainly(samples: Samples, at: int, span: timedelta) -> list[tuple[float, float]]:
    """Return (hours before, value) of a window, one by one."""
    ms = span / timedelta(milliseconds=1)
    pairs = zip(samples.at.tolist(), samples.value.tolist(), strict=True)
    return [((t - at) / HOUR_MS, v) for t, v in pairs if at - ms < t <= at]


def slope(pairs: list[tuple[float, float]]) -> float:
    if len(pairs) < 3:
        return float("nan")
    return float(np.polyfit([t for t, _ in pairs], [v for _, v in pairs], 1)[0])


@given(who=people)
def test_the_features_are_what_a_plain_loop_finds(who: Given) -> None:
    found = {name: float(values[0]) for name, values in features(who).items()}
    at = int(who.asked.at[0])
    for side in SIDES:
        samples = who.samples[side.vital]
        worse = max if side.worse == HIGHER else min
        middle = side.middle

        def held(span: timedelta, samples: Samples = samples) -> list[tuple[float, float]]:
            pairs = plainly(samples, at, span)
            return [(t, v if middle is None else worse(v, middle)) for t, v in pairs]  # noqa: B023

        day, long = [v for _, v in held(DAY)], [v for _, v in held(LONG)]
        short = [v for _, v in held(SHORT)]
        nan = float("nan")
        wanted = {
            "last": day[-1] if day else nan,
            "worst_day": worse(day) if day else nan,
            "worst_long": worse(long) if long else nan,
            "mean_day": float(np.mean(day)) if day else nan,
            "mean_short": float(np.mean(short)) if short else nan,
            "mean_long": float(np.mean(long)) if long else nan,
            "change": day[-1] - float(np.mean(long[:-1])) if day and long[:-1] else nan,
            "slope": slope(held(SLOPE)),
        }
        for name, value in wanted.items():
            assert found[f"{side.name}_{name}"] == pytest.approx(value, nan_ok=True, abs=1e-6), name


@given(who=people, shift=st.integers(-(10**12), 10**12))
def test_a_shift_of_all_clocks_changes_nothing(who: Given, shift: int) -> None:
    moved = replace(
        who,
        samples={v: replace(s, at=s.at + shift) for v, s in who.samples.items()},
        asked=replace(who.asked, at=who.asked.at + shift),
    )
    after = features(moved)
    for name, values in features(who).items():
        assert after[name] == pytest.approx(values, nan_ok=True), name


@given(who=people, vital=st.sampled_from(list(LOWEST)), up=st.booleans(), by=st.integers(1, 40))
def test_a_worse_newest_value_moves_no_feature_the_good_way(
    who: Given, vital: Vital, up: bool, by: int
) -> None:
    samples = who.samples[vital]
    sides = {side.worse: side for side in SIDES if side.vital is vital}
    side = sides.get(1 if up else -1)
    newest = max((int(one.at[-1]) for one in who.samples.values() if len(one.at)), default=0)
    if side is None or not len(samples.value) or samples.at[-1] < newest:
        return
    before = samples.value[-1]
    # Between a vital's two bad sides there is a middle, and a way to it is not a worse one.
    if side.middle is not None and (before - side.middle) * side.worse < 0:
        return
    # From 220 mmHg on NEWS2 gives three points: a lower pressure is not a worse one there.
    if vital is Vital.SYSTOLIC and before >= 220:
        return
    value = samples.value.copy()
    value[-1] = before + side.worse * by
    if not VITALS[vital].lowest <= value[-1] <= VITALS[vital].highest:
        return
    worse = replace(who, samples={**who.samples, vital: replace(samples, value=value)})
    then, now = features(who), features(worse)
    for name, values in then.items():
        moved = (now[name] - values) * direction(name)
        assert not (moved < -1e-6).any(), name
        assert np.array_equal(np.isnan(now[name]), np.isnan(values)), name


def test_many_people_are_each_answered_as_if_alone() -> None:
    rng = np.random.default_rng(3)
    alone = [
        person({v: [(int(q), int(s)) for q, s in rng.integers(0, 40, (6, 2))] for v in LOWEST})
        for _ in range(20)
    ]
    together = Given(
        samples={
            vital: Samples(
                person=np.concatenate(
                    [np.full(len(one.samples[vital].at), n) for n, one in enumerate(alone)]
                ),
                at=np.concatenate([one.samples[vital].at for one in alone]),
                value=np.concatenate([one.samples[vital].value for one in alone]),
            )
            for vital in LOWEST
        },
        asked=Questions(
            person=np.arange(20, dtype=np.int64), at=np.full(20, ASKED_AT, dtype=np.int64)
        ),
        age=np.full(20, np.nan),
        male=np.full(20, np.nan),
        oxygen=np.full(20, np.nan),
    )
    found = features(together)
    for n, one in enumerate(alone):
        for name, values in features(one).items():
            np.testing.assert_array_equal(found[name][n], values[0], err_msg=name)


def test_the_points_are_those_of_what_is_known() -> None:
    who = person({Vital.SPO2: [(230, 24)], Vital.PULSE: [(231, 20)]})
    points, known = known_points(who.samples, who.asked)
    assert (points[0], known[0]) == (3.0 + 1.0, 2.0)  # SpO2 88 %: 3; pulse 100: 1
    series = points_series(who.samples)
    assert series.value.tolist() == [3.0, 4.0]


def test_of_nobody_there_is_nothing() -> None:
    nobody = person({})
    assert all(np.isnan(v[0]) or v[0] == 0 for v in features(nobody).values())
    none = replace(nobody, asked=Questions(person=nobody.asked.person[:0], at=nobody.asked.at[:0]))
    none = replace(none, age=none.age[:0], male=none.male[:0], oxygen=none.oxygen[:0])
    assert {len(values) for values in features(none).values()} == {0}

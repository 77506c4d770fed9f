"""Drift is seen where there is one, and not where there is none; of too few nothing is said."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.model.drift import (
    Standing,
    judge_calibration,
    judge_drift,
    moved_at,
    spread_of,
    stability_index,
    worse,
)

RANDOM = np.random.default_rng(1)
PEOPLE = np.arange(1000, dtype=np.int64)
THEN = RANDOM.normal(96, 2, 5000)


def test_the_same_people_are_no_drift_and_others_are() -> None:
    reference = spread_of(THEN)
    same = stability_index(reference, np.random.default_rng(2).normal(96, 2, 2000))
    moved = stability_index(reference, np.random.default_rng(2).normal(94, 2, 2000))
    assert same is not None
    assert moved is not None
    assert same < 0.02
    assert moved > 0.25


def test_the_index_is_what_its_definition_says() -> None:
    reference = spread_of(np.repeat([1.0, 2.0], 50), bins=2)
    assert reference.limits == (1.5,)
    assert reference.shares == (0.5, 0.5)
    index = stability_index(reference, np.repeat([1.0, 2.0], (50, 150)))
    assert index == pytest.approx((0.25 - 0.5) * np.log(0.5) + (0.75 - 0.5) * np.log(1.5))


def test_a_value_that_stays_away_is_a_drift() -> None:
    some = THEN[:1000].copy()
    some[::2] = np.nan
    index = stability_index(spread_of(THEN), some)
    assert index is not None
    assert index > 0.25


def test_of_too_few_nothing_is_said() -> None:
    assert stability_index(spread_of(THEN), THEN[:199]) is None
    assert judge_drift({"spo2": spread_of(THEN)}, {"spo2": THEN[:10]}).standing is Standing.UNKNOWN


def test_one_input_that_is_another_one_takes_the_model_back() -> None:
    reference = {"spo2": spread_of(THEN), "pulse": spread_of(THEN)}
    found = judge_drift(reference, {"spo2": THEN - 5, "pulse": THEN})
    assert list(found.indices) == ["spo2", "pulse"]
    assert found.standing is Standing.RULES_ONLY
    assert judge_drift(reference, {"spo2": THEN, "pulse": THEN}).standing is Standing.KEPT
    slightly = np.random.default_rng(3).normal(95.2, 2, 5000)
    assert judge_drift(reference, {"spo2": slightly, "pulse": THEN}).standing is Standing.WATCHED


def test_a_mean_that_moved_is_found_near_where_it_moved() -> None:
    random = np.random.default_rng(4)
    still = random.binomial(1, 0.1, 400).astype(float)
    assert moved_at(still.tolist()) is None
    moved = np.concatenate((still, random.binomial(1, 0.5, 100)))
    found = moved_at(moved.tolist())
    assert found is not None
    assert 380 <= found <= 420
    assert moved_at([0.0] * 9) is None


@given(seed=st.integers(0, 10_000))
def test_chance_alone_seldom_moves_a_mean(seed: int) -> None:
    assert moved_at(np.random.default_rng(seed).random(60).tolist()) is None


def test_as_much_must_come_true_as_was_foreseen() -> None:
    risk = np.full(1000, 0.1)
    for events, standing in (
        (100, Standing.KEPT),
        (118, Standing.KEPT),
        (125, Standing.WATCHED),
        (201, Standing.RULES_ONLY),
        (49, Standing.RULES_ONLY),
    ):
        came = (np.arange(1000) < events).astype(float)
        assert judge_calibration(PEOPLE, risk, came).standing is standing, events
    assert judge_calibration(PEOPLE[:50], risk[:50], np.zeros(50)).standing is Standing.UNKNOWN


def test_of_several_standings_the_gravest_counts() -> None:
    assert worse(Standing.KEPT, Standing.RULES_ONLY, Standing.UNKNOWN) is Standing.RULES_ONLY
    assert worse(Standing.UNKNOWN, Standing.KEPT) is Standing.KEPT
    assert worse() is Standing.UNKNOWN


def test_hours_of_one_person_are_one_voice() -> None:
    """Twenty-four people with forty hours each: three of them are struck at every hour."""
    person = np.repeat(np.arange(24, dtype=np.int64), 40)
    came = (person < 3).astype(float)
    risk = np.full(960, 0.2)
    assert judge_calibration(person, risk, came).standing is Standing.KEPT
    alone = np.arange(960, dtype=np.int64)
    assert judge_calibration(alone, risk, came).standing is Standing.WATCHED

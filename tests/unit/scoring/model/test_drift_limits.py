"""Drift and calibration at each of their limits, with figures worked out by hand."""

from math import log

import numpy as np
import pytest

from scoring.model.drift import (
    Drift,
    Spread,
    Standing,
    inputs,
    judge_calibration,
    judge_drift,
    moved_at,
    once_each,
    spread_from,
    spread_of,
    stability_index,
    worse,
)
from scoring.model.features import HOUR_MS, SIDES, Given
from scoring.windows import Floats, Questions, sorted_samples

HALVES = Spread(limits=(1.5,), shares=(0.5, 0.5), missing=0.0)
NAN = float("nan")


def of(*counts: int, people: int = 1000) -> Floats:
    """Return so many ones, the rest of them twos, then missing ones."""
    ones, missing = counts
    return np.repeat([1.0, 2.0, NAN], (ones, people - ones - missing, missing))


def index(ones: float) -> float:
    """Return the index of halves that became `ones` and the rest."""
    return (ones - 0.5) * log(ones / 0.5) + (0.5 - ones) * log((1 - ones) / 0.5)


def test_a_spread_has_bins_of_equal_shares() -> None:
    found = spread_of(np.append(np.arange(1.0, 11.0), [NAN, NAN]), bins=5)
    assert found.limits == pytest.approx((2.8, 4.6, 6.4, 8.2))
    assert found.shares == pytest.approx((2 / 12,) * 5)
    assert found.missing == pytest.approx(2 / 12)
    assert len(spread_of(np.arange(1000.0)).shares) == 10


def test_a_limit_belongs_to_the_bin_below_and_equal_limits_are_one() -> None:
    assert spread_of(np.array([1.0, 2.0, 3.0]), bins=2) == Spread(
        limits=(2.0,), shares=(2 / 3, 1 / 3), missing=0.0
    )
    assert spread_of(np.repeat([0.0, 1.0], (9, 1))).limits == pytest.approx((0.0, 0.1))


def test_one_value_is_a_spread_of_its_own() -> None:
    assert spread_of(np.array([5.0])) == Spread(limits=(5.0,), shares=(1.0, 0.0), missing=0.0)


def test_of_nothing_all_is_missing() -> None:
    assert spread_of(np.array([NAN])) == Spread(limits=(), shares=(0.0,), missing=1.0)
    assert spread_of(np.array([])) == Spread(limits=(), shares=(0.0,), missing=1.0)


def test_a_spread_is_read_from_a_card() -> None:
    written = {"limits": [1.5], "shares": [0.5, 0.5], "missing": 0.0}
    assert spread_from(written) == HALVES


def test_two_hundred_people_are_enough() -> None:
    assert stability_index(HALVES, of(99, 0, people=199)) is None
    assert stability_index(HALVES, of(100, 0, people=200)) == pytest.approx(0)


def test_the_index_is_of_shares_and_of_the_missing() -> None:
    assert stability_index(HALVES, of(700, 0)) == pytest.approx(index(0.7))
    gone = stability_index(HALVES, of(400, 200))
    wanted = 2 * (0.4 - 0.5) * log(0.8) + (0.2 - 1e-4) * log(0.2 / 1e-4)
    assert gone == pytest.approx(wanted)
    none = stability_index(HALVES, of(1000, 0))
    assert none == pytest.approx(0.5 * log(2) + (1e-4 - 0.5) * log(1e-4 / 0.5))


@pytest.mark.parametrize(
    ("ones", "standing"),
    [
        (500, Standing.KEPT),
        (655, Standing.KEPT),  # 0.0994
        (656, Standing.WATCHED),  # 0.1007
        (739, Standing.WATCHED),  # 0.2488
        (740, Standing.RULES_ONLY),  # 0.2510
        (261, Standing.WATCHED),
        (260, Standing.RULES_ONLY),
    ],
)
def test_the_standing_at_its_limits(ones: int, standing: Standing) -> None:
    found = judge_drift({"spo2": HALVES}, {"spo2": of(ones, 0)})
    assert found.indices == {"spo2": pytest.approx(index(ones / 1000))}
    assert found.standing is standing


def test_an_index_of_the_limit_itself_is_over_it(monkeypatch: pytest.MonkeyPatch) -> None:
    at = stability_index(HALVES, of(700, 0))
    for name, standing in (("WATCHED", Standing.WATCHED), ("OUT", Standing.RULES_ONLY)):
        monkeypatch.setattr(f"scoring.model.drift.{name}", at)
        assert judge_drift({"a": HALVES}, {"a": of(700, 0)}).standing is standing


def test_the_worst_input_comes_first_and_decides() -> None:
    values = {"a": of(500, 0), "b": of(800, 0), "c": of(660, 0), "d": of(9, 0, people=10)}
    found = judge_drift(dict.fromkeys("abcd", HALVES), values)
    assert list(found.indices) == ["b", "c", "a"]
    assert found.standing is Standing.RULES_ONLY
    few = judge_drift({"d": HALVES}, {"d": of(9, 0, people=10)})
    assert few == Drift(indices={}, standing=Standing.UNKNOWN)
    assert judge_drift({}, {}).standing is Standing.UNKNOWN


def two_people() -> Given:
    person, at = np.array([0, 0, 1, 1]), np.array([0, HOUR_MS, 0, HOUR_MS])
    samples = {
        side.vital: sorted_samples(person, at, np.array([90.0, 91.0, 92.0, 93.0]) + side.vital)
        for side in SIDES
    }
    asked = Questions(person=person, at=np.array([0, 24, 0, 25]) * HOUR_MS)
    return Given(
        samples=samples,
        asked=asked,
        age=np.array([50.0, 50.0, 60.0, 61.0]),
        male=np.zeros(4),
        oxygen=np.array([0.0, 1.0, 1.0, 0.0]),
    )


def test_what_is_watched_is_the_newest_value_of_a_day_and_who_is_asked_about() -> None:
    found = inputs(two_people(), np.array([0.1, 0.2, 0.3, 0.4]))
    assert list(found) == [
        "spo2", "respiratory_rate", "pulse", "temperature", "systolic", "diastolic",
        "age", "oxygen", "risk",
    ]  # fmt: skip
    np.testing.assert_array_equal(found["spo2"], [91, 92, 93, NAN])
    assert found["risk"].tolist() == [0.1, 0.2, 0.3, 0.4]


def test_each_person_is_one_voice_at_his_last_question() -> None:
    found = once_each(two_people(), np.array([0.1, 0.2, 0.3, 0.4]))
    assert found["risk"].tolist() == [0.2, 0.4]
    assert found["age"].tolist() == [50, 61]
    assert found["oxygen"].tolist() == [1, 0]


def test_a_mean_that_moves_is_dated_to_its_value() -> None:
    assert moved_at([0.0] * 100 + [1.0] * 100) == 100
    assert moved_at([1.0] * 30 + [0.0] * 100) == 30
    assert moved_at([0.5] * 200) is None
    assert moved_at([0.0] * 10 + [1.0] * 10) is None, "of twenty values chance may do as much"


def test_a_side_has_five_values_at_the_least() -> None:
    assert moved_at([0.0] * 4 + [9.0] * 5) is None
    assert moved_at([0.0] * 5 + [9.0] * 5) is None
    assert [moved_at([0.0] * 5000 + [1.0] * n) for n in (6, 7)] == [None, 5000]
    # Beyond what the bound is for, to see the cut alone: the fifth from the end.
    assert [moved_at([0.0] * 5000 + [1e6] * n) for n in (4, 5, 6)] == [4999, 5000, 5000]
    assert [moved_at([1e6] * n + [0.0] * 5000) for n in (4, 5, 6)] == [5, 5, 6]


@pytest.mark.parametrize(("length", "found"), [(50, None), (52, 26), (60, 30)])
def test_how_long_it_takes_to_see_a_whole_step(length: int, found: int | None) -> None:
    half = length // 2
    assert moved_at([0.0] * half + [1.0] * (length - half)) == found


PEOPLE = np.arange(1000, dtype=np.int64)


def follow(events: int, foreseen: float, people: int = 1000) -> Standing:
    came = (np.arange(people) < events).astype(float)
    found = judge_calibration(PEOPLE[:people], np.full(people, foreseen / people), came)
    assert (found.questions, found.came_true) == (people, events)
    assert found.foreseen == pytest.approx(foreseen)
    return found.standing


@pytest.mark.parametrize(
    ("events", "foreseen", "standing"),
    [
        (19, 19.9, Standing.UNKNOWN),
        (0, 19.9, Standing.UNKNOWN),
        (0, 20.1, Standing.RULES_ONLY),
        (20, 20, Standing.KEPT),
        (20, 1, Standing.RULES_ONLY),
        (19, 1, Standing.UNKNOWN),
        (200, 100.1, Standing.WATCHED),
        (201, 100.1, Standing.RULES_ONLY),
        (100, 199.9, Standing.WATCHED),
        (99, 199.9, Standing.RULES_ONLY),
    ],
)
def test_calibration_at_its_limits(events: int, foreseen: float, standing: Standing) -> None:
    assert follow(events, foreseen) is standing


def test_the_interval_is_of_ninety_five_per_cent() -> None:
    # Of 1,000 people with 10 % each: 1.96 × √(1000 × 0.1 × 0.9) = 18.6, wider with more events.
    assert [follow(n, 100) for n in (83, 82, 120, 121)] == [
        Standing.KEPT, Standing.WATCHED, Standing.KEPT, Standing.WATCHED
    ]  # fmt: skip


def test_at_the_very_limits_what_comes_true_is_still_within() -> None:
    sure = (PEOPLE[:40] < 20).astype(float)
    assert judge_calibration(PEOPLE[:40], sure, sure).standing is Standing.KEPT
    assert follow(100, 200, people=800) is Standing.WATCHED
    assert follow(200, 100, people=800) is Standing.WATCHED


def test_the_events_of_one_person_are_one_event() -> None:
    person = np.zeros(100, dtype=np.int64)
    found = judge_calibration(person, np.full(100, 0.5), np.ones(100))
    assert (found.standing, found.came_true) == (Standing.UNKNOWN, 100)


def test_the_gravest_standing_counts() -> None:
    order = [Standing.UNKNOWN, Standing.KEPT, Standing.WATCHED, Standing.RULES_ONLY]
    assert [str(one) for one in order] == ["unknown", "kept", "watched", "rules_only"]
    for place, one in enumerate(order):
        for other in order[: place + 1]:
            assert worse(one, other) is worse(other, one) is one

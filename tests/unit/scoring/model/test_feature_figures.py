"""The features of one person worked out by hand, and which way each is worse."""

import numpy as np
import pytest

from core.vitals import Vital
from scoring.model.features import (
    DAY,
    HOUR_MS,
    SIDES,
    Given,
    Side,
    direction,
    features,
    known_points,
    latest,
    points_series,
    worst,
)
from scoring.windows import Floats, Questions, Samples, Windows, sorted_samples

NAN = float("nan")
ASKED_AT = 100 * HOUR_MS
VITALS = tuple(dict.fromkeys(side.vital for side in SIDES))


def series(*pairs: tuple[float, float]) -> Samples:
    """Return values of one person by hours before the question."""
    at = [ASKED_AT - round(hours * HOUR_MS) for hours, _ in pairs]
    return sorted_samples(
        np.zeros(len(at), dtype=np.int64),
        np.array(at, dtype=np.int64),
        np.array([value for _, value in pairs], dtype=np.float64),
    )


def given(
    known: dict[Vital, Samples], *, age: float = 70, male: float = 1, oxygen: float = 0
) -> Given:
    return Given(
        samples={vital: known.get(vital, series()) for vital in VITALS},
        asked=Questions(person=np.array([0]), at=np.array([ASKED_AT])),
        age=np.array([age]),
        male=np.array([male]),
        oxygen=np.array([oxygen]),
    )


def of(vital: Vital, name: str, *pairs: tuple[float, float]) -> dict[str, float]:
    found = features(given({vital: series(*pairs)}))
    return {
        key.removeprefix(f"{name}_"): float(value[0])
        for key, value in found.items()
        if key.startswith(name)
    }


SATURATIONS = ((47.9, 99.0), (30.0, 98.0), (23.9, 90.0), (11.0, 96.0), (8.0, 93.0), (5.0, 94.0))


def test_the_features_of_a_vital_with_one_bad_side() -> None:
    found = of(Vital.SPO2, "spo2_low", *SATURATIONS)
    assert found.pop("slope") == pytest.approx((94 - 96) / 6)
    assert found == {
        "last": 94,
        "worst_day": 90,
        "worst_long": 90,
        "mean_day": (90 + 96 + 93 + 94) / 4,
        "mean_short": 94,
        "mean_long": 95,
        "change": pytest.approx(94 - (99 + 98 + 90 + 96 + 93) / 5),
    }


def test_the_windows_end_after_their_hours() -> None:
    hours = (48, 24, 12, 6)
    past = of(Vital.SPO2, "spo2_low", *((hour, 50.0 + hour) for hour in hours), (0, 90.0))
    assert past["mean_long"] == pytest.approx((90 + 74 + 62 + 56) / 4)
    assert past["mean_day"] == pytest.approx((90 + 62 + 56) / 3)
    assert past["mean_short"] == 90
    assert np.isnan(past["slope"]), "of two values within twelve hours there is no slope"
    within = of(Vital.SPO2, "spo2_low", (11.9, 80.0), (6, 85.0), (0, 90.0))
    assert within["slope"] == pytest.approx(10 / 11.9, rel=1e-3)
    old = of(Vital.SPO2, "spo2_low", (24, 80.0))
    assert np.isnan(old["last"])
    assert old["worst_long"] == 80


def test_a_vital_with_two_bad_sides_is_two_series_that_meet() -> None:
    pulses = ((20.0, 50.0), (10.0, 100.0), (5.0, 55.0), (0.0, 90.0))
    high, low = (of(Vital.PULSE, f"pulse_{side}", *pulses) for side in ("high", "low"))
    assert (high["last"], high["worst_day"], high["mean_day"]) == (
        90,
        100,
        (60 + 100 + 60 + 90) / 4,
    )
    assert (low["last"], low["worst_day"], low["mean_day"]) == (60, 50, (50 + 60 + 55 + 60) / 4)
    assert high["change"] == pytest.approx(90 - 220 / 3)


@pytest.mark.parametrize(
    ("spread_s", "slope"), [(1.7, False), (1.8, False), (1.85, False), (2.6, True), (60, True)]
)
def test_within_seconds_there_is_no_slope(spread_s: float, slope: bool) -> None:
    """Three values a span apart: 2 × span² must pass 12.96 s², a millionth of an hour squared."""
    hour = spread_s / 3600
    found = of(Vital.SPO2, "spo2_low", (2 * hour, 97.0), (hour, 96.0), (0, 95.0))
    assert np.isnan(found["slope"]) != slope


def test_what_is_known_of_the_person() -> None:
    known = {Vital.PULSE: series((0, 110.0)), Vital.SYSTOLIC: series((0, 100.0))}
    found = features(given(known, age=81, male=0, oxygen=1))
    told = {name: float(found[name][0]) for name in ("shock_index", "oxygen", "age", "male")}
    assert told == {"shock_index": 1.1, "oxygen": 1, "age": 81, "male": 0}
    assert features(given(known, oxygen=NAN))["oxygen"][0] == 0
    assert len(found) == 10 * 8 + 4
    assert found["points_last"][0] == 1 + 2


def test_the_names_and_the_way_each_is_worse() -> None:
    assert [side.name for side in SIDES] == [
        "spo2_low", "respiratory_rate_high", "respiratory_rate_low", "pulse_high", "pulse_low",
        "temperature_high", "temperature_low", "systolic_low", "diastolic_low",
    ]  # fmt: skip
    assert [side.middle for side in SIDES] == [None, 12, 12, 60, 60, 37, 37, None, None]
    assert [direction(side.name + "_last") for side in SIDES] == [-1, 1, -1, 1, -1, 1, -1, -1, -1]
    others = ("points_last", "shock_index", "oxygen", "age", "male")
    assert [direction(name) for name in others] == [1, 1, 1, 1, 0]
    assert Side(Vital.WEIGHT, 1, None).name == "weight_high"


def test_points_are_of_what_is_known_within_a_day() -> None:
    known = {
        Vital.SPO2: series((0, 91.0)),
        Vital.RESPIRATORY_RATE: series((1, 25.0)),
        Vital.PULSE: series((23.9, 131.0)),
        Vital.TEMPERATURE: series((24, 35.0)),
        Vital.SYSTOLIC: series((2, 120.0)),
    }
    points, count = known_points(given(known).samples, given(known).asked)
    assert (points.tolist(), count.tolist()) == ([9], [4])
    found = points_series(given(known).samples)
    assert found.value.tolist() == [3, 6, 6, 9, 9], "35.0, then 131, then 120, then 25, then 91"
    assert found.person.tolist() == [0] * 5


def floats(*some: float) -> Floats:
    return np.array(some, dtype=np.float64)


def test_the_worst_of_each_window() -> None:
    found = Windows(begin=np.array([0, 1, 3, 2]), end=np.array([2, 3, 3, 4]))
    value = floats(5, 1, 9, 7)
    np.testing.assert_array_equal(worst(value, found, 1), [5, 9, NAN, 9])
    np.testing.assert_array_equal(worst(value, found, -1), [1, 1, NAN, 7])
    none = Windows(begin=np.array([0, 2]), end=np.array([0, 2]))
    np.testing.assert_array_equal(worst(value, none, 1), [NAN, NAN])


def test_the_newest_of_each_window() -> None:
    some = series((30, 80.0), (3, 90.0), (1, 95.0))
    asked = Questions(person=np.array([0, 0, 1]), at=ASKED_AT - np.array([0, 2, 0]) * HOUR_MS)
    np.testing.assert_array_equal(latest(some, asked, DAY), [95, 90, NAN])

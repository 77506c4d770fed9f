"""One person's features are the same bit for bit, whoever is asked about in the same breath."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.vitals import Vital
from scoring.edge.model_file import SHIPPED, load_model
from scoring.model.argument import Risk
from scoring.model.features import FURTHEST, HOUR_MS, SLOPE, Given, features
from scoring.model.heads import Heads
from scoring.model.risk import argue, risks
from scoring.windows import Floats, Questions, Samples, sorted_samples

USUAL = {
    Vital.SPO2: (95, 4),
    Vital.RESPIRATORY_RATE: (18, 6),
    Vital.PULSE: (85, 20),
    Vital.TEMPERATURE: (37.1, 0.9),
    Vital.SYSTOLIC: (125, 20),
    Vital.DIASTOLIC: (70, 12),
}
"""Mean and standard deviation."""
LONG_AGO = 1_764_430_000_123
"""Milliseconds since 1970 of some day of 2025: no origin of time may be a help."""


def crowd(people: int, seed: int, *, measures: int = 9, digits: int = 15) -> Given:
    """Return people with values at odd instants of two days, with many digits."""
    random = np.random.default_rng(seed)
    person = np.repeat(np.arange(people, dtype=np.int64), measures)
    samples = {
        vital: sorted_samples(
            person,
            LONG_AGO + random.integers(0, 48 * HOUR_MS, len(person)),
            np.round(random.normal(mean, spread, len(person)), digits),
        )
        for vital, (mean, spread) in USUAL.items()
    }
    whoever = np.arange(people, dtype=np.int64)
    asked = Questions(person=whoever, at=np.full(people, LONG_AGO + 48 * HOUR_MS))
    some: Floats = np.full(people, 60.0)
    return Given(samples=samples, asked=asked, age=some, male=some * 0, oxygen=some * 0)


def only(everybody: Given, number: int) -> Given:
    """Return one of them, as if nobody else were there."""
    samples = {}
    for vital, some in everybody.samples.items():
        mine = some.person == number
        samples[vital] = Samples(person=some.person[mine], at=some.at[mine], value=some.value[mine])
    row = slice(number, number + 1)
    return replace(
        everybody,
        samples=samples,
        asked=Questions(person=everybody.asked.person[row], at=everybody.asked.at[row]),
        age=everybody.age[row],
        male=everybody.male[row],
        oxygen=everybody.oxygen[row],
    )


@settings(max_examples=25)
@given(seed=st.integers(0, 10_000), people=st.integers(2, 60), measures=st.integers(1, 12))
def test_the_features_of_one_do_not_depend_on_the_others(
    seed: int, people: int, measures: int
) -> None:
    everybody = crowd(people, seed, measures=measures)
    together = features(everybody)
    for number in {0, people // 2, people - 1}:
        for name, alone in features(only(everybody, number)).items():
            np.testing.assert_array_equal(together[name][number], alone[0], err_msg=name)


def test_the_risk_of_one_does_not_depend_on_the_others() -> None:
    heads = load_model(SHIPPED)
    assert isinstance(heads, Heads)
    everybody = crowd(300, 0, digits=0)
    together = risks(heads, everybody)
    for number in (0, 7, 30, 299):
        alone = risks(heads, only(everybody, number))
        assert together[number] == alone[0], "the same to the last bit"
        argued = argue(heads, only(everybody, number))
        assert isinstance(argued, Risk)
        assert argued.risk == alone[0], "and where what-ifs are asked with it"


def test_what_was_long_before_the_windows_changes_no_bit() -> None:
    """Somebody followed for a year is judged by the same two days as on the third day."""
    now = crowd(1, 9)
    before = features(now)
    then = np.arange(365, dtype=np.int64) * 24 * HOUR_MS + LONG_AGO - 366 * 24 * HOUR_MS
    for vital, (mean, _) in USUAL.items():
        some = now.samples[vital]
        longer = Samples(
            person=np.zeros(365 + len(some.at), dtype=np.int64),
            at=np.concatenate((then, some.at)),
            value=np.concatenate((mean + np.sin(then), some.value)),
        )
        followed = replace(now, samples={**now.samples, vital: longer})
        after = features(followed)
        for name, values in before.items():
            np.testing.assert_array_equal(after[name], values, err_msg=name)


def alone(vital: Vital, at: list[int], value: list[float]) -> dict[str, float]:
    """Return the features of one person, asked at his last value, with nothing else measured."""
    nothing = crowd(1, 1, measures=0)
    zeros = np.zeros(len(at), dtype=np.int64)
    mine = Samples(person=zeros, at=np.array(at), value=np.array(value))
    asked = Questions(person=zeros[:1], at=np.array(at[-1:]))
    found = features(replace(nothing, samples={**nothing.samples, vital: mine}, asked=asked))
    return {name: float(values[0]) for name, values in found.items()}


def test_sums_are_exact_in_thousandths_and_hundredths_of_a_second() -> None:
    at = [LONG_AGO + hour * HOUR_MS for hour in range(5)]
    found = alone(Vital.TEMPERATURE, at, [37.1, 37.2, 37.3, 37.4, 37.5])
    assert found["temperature_high_mean_long"] == 37.3
    assert found["temperature_high_slope"] == pytest.approx(0.1, rel=1e-12)
    assert found["temperature_high_change"] == 37.5 - 37.25
    assert alone(Vital.TEMPERATURE, at[:1], [38.0004])["temperature_high_mean_day"] == 38.0
    assert alone(Vital.TEMPERATURE, at[:1], [38.0006])["temperature_high_mean_day"] == 38.001


def test_a_device_that_speaks_ten_times_a_second_is_summed_right() -> None:
    """Twelve hours of it: the squares of the times no longer fit into what a float keeps."""
    count = int(SLOPE / timedelta(milliseconds=100))
    at = LONG_AGO + np.arange(count) * 100
    value = 90.0 + 10.0 * np.arange(count) / count
    found = alone(Vital.SPO2, at.tolist(), value.tolist())
    assert found["spo2_low_slope"] == pytest.approx(10 / 12, rel=1e-6)
    assert found["spo2_low_mean_long"] == pytest.approx(95, abs=1e-3)


def test_a_value_that_no_vital_has_is_held_at_a_bound() -> None:
    at = [LONG_AGO, LONG_AGO + HOUR_MS, LONG_AGO + 2 * HOUR_MS]
    found = alone(Vital.SYSTOLIC, at, [1e300, FURTHEST, FURTHEST + 0.5])
    assert found["systolic_low_mean_day"] == FURTHEST == 1000
    assert alone(Vital.SYSTOLIC, at, [-1e300, -1000, -2000])["systolic_low_mean_day"] == -1000

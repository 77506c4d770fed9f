"""The three targets at each of their limits, of people written by hand."""

from dataclasses import replace

import numpy as np
import pytest

from core.vitals import Vital
from scoring.model.cohort import Bools, Cohort
from scoring.model.targets import FIRST, TARGETS, desaturates, deteriorates, turns_septic
from tests.unit.scoring.model.test_targets import ILL, one

SIX = {Vital.RESPIRATORY_RATE: 26.0, Vital.PULSE: 115.0, Vital.SPO2: 95.0}
"""NEWS2 3 + 2 + 1 = 6."""
FOUR = {Vital.RESPIRATORY_RATE: 22.0, Vital.PULSE: 115.0}
FIVE = {Vital.RESPIRATORY_RATE: 26.0, Vital.PULSE: 115.0}


def where(some: Bools) -> list[int]:
    return np.flatnonzero(some).tolist()


def test_the_first_is_what_is_shown() -> None:
    assert (FIRST, *TARGETS) == ("deterioration", "deterioration", "sepsis", "desaturation")
    assert [TARGETS[name] for name in TARGETS] == [deteriorates, turns_septic, desaturates]


def test_six_is_no_event_and_seven_is_one() -> None:
    assert not deteriorates(one(30, {15: SIX})).event.any()
    assert where(deteriorates(one(30, {15: ILL})).event) == list(range(3, 15))


def test_who_has_four_is_asked_about_and_who_has_five_is_not() -> None:
    found = deteriorates(one(30, {3: FOUR, 5: FIVE}))
    assert (found.news2[3], found.news2[5], found.news2[6]) == (4, 5, 0)
    assert where(found.asked) == [0, 1, 2, 3, 4, *range(6, 18)]


def test_two_points_of_oxygen_count_on_both_sides() -> None:
    three = {Vital.RESPIRATORY_RATE: 26.0}
    found = deteriorates(one(30, {3: three, 15: FIVE}, fio2={0: 0.4}))
    assert (found.news2[0], found.news2[3]) == (2, 5)
    assert not found.asked[3]
    assert where(found.event) == list(range(4, 15)), "5 and 2 of oxygen, of all but the one at 5"
    air = deteriorates(one(30, {15: FIVE}, fio2={0: 0.21}))
    assert air.news2[0] == 0
    assert not air.event.any()


def test_twelve_hours_must_be_left_to_the_millisecond() -> None:
    cohort = one(14, {})
    assert where(deteriorates(cohort).asked) == [0, 1]
    shorter = cohort.at.copy()
    shorter[-1] -= 1
    assert where(deteriorates(replace(cohort, at=shorter)).asked) == [0]
    for target in TARGETS.values():
        assert where(target(cohort).asked) == [0, 1]


def test_the_event_of_the_very_twelfth_hour_counts_and_the_question_itself_does_not() -> None:
    cohort = one(30, {15: ILL})
    later = cohort.at.copy()
    later[15] += 1
    assert where(deteriorates(replace(cohort, at=later)).event) == list(range(4, 15))


@pytest.mark.parametrize(("age", "asked"), [(15.9, False), (16.0, True), (np.nan, True)])
def test_children_are_not_asked_about(age: float, asked: bool) -> None:
    cohort = replace(one(20, {}), age=np.full(20, age))
    assert [bool(target(cohort).asked[0]) for target in TARGETS.values()] == [asked] * 3


def test_points_ahead_are_of_instants_at_which_all_is_known() -> None:
    cohort = one(30, {15: ILL})
    cohort.values[Vital.TEMPERATURE][:] = np.nan
    cohort.values[Vital.TEMPERATURE][0] = 37.0
    # A value stands for a day: until hour 23 all five are known, at hour 24 no more.
    found = deteriorates(cohort)
    assert where(found.asked) == [*range(15), 16, 17]
    assert np.isnan(found.news2[24])
    cohort = one(60, {40: ILL})
    cohort.values[Vital.TEMPERATURE][1:] = np.nan
    assert not deteriorates(cohort).event.any(), "at hour 40 the temperature is not known"


def test_who_has_the_label_is_not_asked_and_who_has_none_is() -> None:
    found = turns_septic(one(30, {}, septic=[15]))
    assert where(found.event) == list(range(3, 15))
    assert where(found.asked) == [*range(15), 16, 17]
    unknown = one(30, {})
    unknown.sepsis[:] = np.nan
    assert not turns_septic(unknown).asked.any()
    cohort = one(30, {}, septic=[15])
    cohort.values[Vital.PULSE][:5] = np.nan
    assert where(turns_septic(cohort).event) == list(range(5, 15)), "without NEWS2 nobody is asked"


def test_ninety_is_not_low_and_what_is_low_now_is_not_foreseen() -> None:
    twice = {20: {Vital.SPO2: 89.9}, 21: {Vital.SPO2: 89.9}}
    found = desaturates(one(40, twice))
    assert where(found.event) == list(range(9, 20))
    assert not found.asked[20]
    assert not found.asked[21]
    ninety = {20: {Vital.SPO2: 90.0}, 21: {Vital.SPO2: 89.0}}
    found = desaturates(one(40, ninety))
    assert not found.event.any()
    assert found.asked[20]
    apart = {20: {Vital.SPO2: 89.0}, 22: {Vital.SPO2: 89.0}}
    assert not desaturates(one(40, apart)).event.any()


def test_a_saturation_stands_for_a_day() -> None:
    cohort = one(50, {49: {Vital.SPO2: 97.0}})
    cohort.values[Vital.SPO2][1:] = np.nan
    cohort.values[Vital.SPO2][36] = 97.0
    assert where(desaturates(cohort).asked) == list(range(24, 24)), "nothing ahead, or nothing now"
    cohort.values[Vital.SPO2][12] = 97.0
    assert where(desaturates(cohort).asked) == [*range(12), *range(24, 36)]


def test_the_last_low_value_of_one_and_the_first_of_another_are_not_two_running() -> None:
    low = {Vital.SPO2: 80.0}
    first, second = one(20, {19: low}), one(20, {0: low, 15: low, 16: low})
    both = Cohort(
        person=np.repeat(np.array([0, 1], dtype=np.int64), 20),
        at=np.concatenate((first.at, second.at)),
        values={v: np.concatenate((first.values[v], second.values[v])) for v in first.values},
        fio2=np.full(40, np.nan),
        age=np.full(40, 60.0),
        male=np.ones(40),
        sepsis=np.zeros(40),
    )
    assert where(desaturates(both).event) == [24, 25, 26, 27], "of the second alone"


def test_of_nobody_nobody_is_asked() -> None:
    nobody = one(0, {})
    for target in TARGETS.values():
        assert [len(target(nobody).asked), len(target(nobody).event)] == [0, 0]

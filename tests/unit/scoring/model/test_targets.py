"""What is to be foreseen, hour by hour, of people written by hand."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

import numpy as np

from core.vitals import Vital
from scoring.model.cohort import Cohort, kept_every
from scoring.model.features import HOUR_MS
from scoring.model.targets import desaturates, deteriorates, turns_septic
from tests.wards import WELL

ILL = {Vital.RESPIRATORY_RATE: 26.0, Vital.PULSE: 125.0, Vital.SPO2: 92.0}
"""NEWS2 3 + 2 + 2 = 7."""


def one(
    hours: int,
    at: Mapping[int, Mapping[Vital, float]],
    *,
    fio2: Mapping[int, float] | None = None,
    septic: Sequence[int] = (),
) -> Cohort:
    """Return one person, well but for what is said of some hours."""
    values = {vital: np.full(hours, value) for vital, value in WELL.items()}
    for hour, changed in at.items():
        for vital, value in changed.items():
            values[vital][hour] = value
    oxygen = np.full(hours, np.nan)
    for hour, fraction in (fio2 or {}).items():
        oxygen[hour] = fraction
    return Cohort(
        person=np.zeros(hours, dtype=np.int64),
        at=np.arange(hours, dtype=np.int64) * HOUR_MS,
        values=values,
        fio2=oxygen,
        age=np.full(hours, 60.0),
        male=np.ones(hours),
        sepsis=np.array([float(hour in septic) for hour in range(hours)]),
    )


def test_seven_within_twelve_hours_is_an_event_and_not_a_minute_later() -> None:
    found = deteriorates(one(40, {20: ILL}))
    events = np.flatnonzero(found.event).tolist()
    assert events == list(range(8, 20))
    # At hour 20 NEWS2 is 7: nothing is left to foresee; from hour 28 on no twelve hours are left.
    assert np.flatnonzero(found.asked).tolist() == [*range(20), *range(21, 28)]


def test_nobody_is_asked_about_whose_vitals_are_not_all_known() -> None:
    cohort = one(30, {20: ILL})
    cohort.values[Vital.TEMPERATURE][:5] = np.nan
    assert np.flatnonzero(deteriorates(cohort).asked).tolist()[0] == 5


def test_charting_oxygen_makes_no_event() -> None:
    worse = {Vital.RESPIRATORY_RATE: 26.0, Vital.PULSE: 125.0}  # 5, and 7 with oxygen
    charted_later = deteriorates(one(40, {20: worse}, fio2={20: 0.4}))
    assert not charted_later.event.any()
    on_oxygen = deteriorates(one(40, {20: worse}, fio2={0: 0.4, 18: 0.4}))
    assert np.flatnonzero(on_oxygen.event).tolist() == list(range(8, 20))
    assert on_oxygen.news2[8] == 2


def test_low_saturation_counts_only_when_it_lasts() -> None:
    assert not desaturates(one(40, {20: {Vital.SPO2: 85.0}})).event.any()
    twice = desaturates(one(40, {20: {Vital.SPO2: 85.0}, 21: {Vital.SPO2: 86.0}}))
    assert np.flatnonzero(twice.event).tolist() == list(range(9, 20))


def test_sepsis_is_foreseen_of_those_without_it() -> None:
    found = turns_septic(one(40, {}, septic=range(20, 40)))
    assert np.flatnonzero(found.event).tolist() == list(range(8, 20))
    assert not found.asked[20:].any()


def test_of_two_people_none_is_judged_by_the_other() -> None:
    first, second = one(20, {}), one(20, {3: ILL})
    both = Cohort(
        person=np.repeat(np.array([0, 1], dtype=np.int64), 20),
        at=np.concatenate((first.at, second.at)),
        values={v: np.concatenate((first.values[v], second.values[v])) for v in WELL},
        fio2=np.full(40, np.nan),
        age=np.full(40, 60.0),
        male=np.ones(40),
        sepsis=np.zeros(40),
    )
    assert np.flatnonzero(deteriorates(both).event).tolist() == [20, 21, 22]
    kept = kept_every(both, timedelta(hours=8))
    assert np.flatnonzero(kept).tolist() == [0, 8, 16, 20, 28, 36]

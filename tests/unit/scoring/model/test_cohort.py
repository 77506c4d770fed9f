"""Rows of people: what is given of them, who is kept, oxygen and how long it stands."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from core.vitals import Vital
from scoring.model.cohort import (
    Cohort,
    first_of_each,
    hours_between,
    kept_every,
    part,
    without,
    without_oxygen,
)
from scoring.model.features import HOUR_MS
from scoring.windows import Questions

NAN = float("nan")


def cohort(person: list[int], hours: list[float], fio2: list[float] | None = None) -> Cohort:
    count, row = len(person), np.arange(len(person), dtype=np.float64)
    return Cohort(
        person=np.array(person, dtype=np.int64),
        at=np.array([round(hour * HOUR_MS) for hour in hours], dtype=np.int64),
        values={
            Vital.SPO2: np.float64(90) + row,
            Vital.PULSE: np.where(row % 2 == 1, 70 + row, NAN),
        },
        fio2=np.full(count, NAN) if fio2 is None else np.array(fio2),
        age=np.float64(40) + row,
        male=row % 2,
        sepsis=row % 3,
    )


def kept(hours: list[float], every: float, person: list[int] | None = None) -> list[int]:
    some = cohort(person or [0] * len(hours), hours)
    return np.flatnonzero(kept_every(some, timedelta(hours=every))).tolist()


def test_rows_are_questions_and_what_was_charted_samples() -> None:
    some = cohort([0, 0, 1], [0, 1, 0])
    assert len(some) == 3
    assert (some.people, cohort([], []).people) == (2, 0)
    assert some.asked.person.tolist() == [0, 0, 1]
    assert some.asked.at.tolist() == [0, HOUR_MS, 0]
    assert some.samples[Vital.SPO2].value.tolist() == [90, 91, 92]
    assert some.samples[Vital.PULSE].value.tolist() == [71]


@pytest.mark.parametrize(
    ("fraction", "on"), [(0.2, 0), (0.21, 0), (0.22, 1), (0.4, 1), (1.0, 1), (NAN, 0)]
)
def test_more_oxygen_than_in_air_is_oxygen(fraction: float, on: float) -> None:
    assert cohort([0], [0], [fraction]).oxygen.tolist() == [on]


def test_a_fraction_stands_for_a_day_and_the_newest_counts() -> None:
    some = cohort([0, 0, 0, 1], [0, 23.9, 24, 5], [0.4, NAN, NAN, NAN])
    assert some.oxygen.tolist() == [1, 1, 0, 0]
    some = cohort([0, 0, 0], [0, 1, 2], [0.4, 0.21, NAN])
    assert some.oxygen.tolist() == [1, 0, 0]
    later = Questions(person=np.array([0, 0]), at=np.array([HOUR_MS // 2, 25 * HOUR_MS]))
    assert some.oxygen_at(later).tolist() == [1, 0]


def test_what_is_given_at_some_rows() -> None:
    some = cohort([0, 0, 1], [0, 1, 0], [0.4, NAN, NAN])
    rows = np.array([False, True, True])
    given = some.given(rows)
    assert given.asked.person.tolist() == [0, 1]
    assert given.asked.at.tolist() == [HOUR_MS, 0]
    assert (given.age.tolist(), given.male.tolist()) == ([41, 42], [1, 0])
    assert given.oxygen.tolist() == [1, 0]
    assert given.samples[Vital.SPO2].value.tolist() == [90, 91, 92]
    seen = some.given(rows, seen=part(some, rows))
    assert seen.samples[Vital.SPO2].value.tolist() == [91, 92]
    assert seen.oxygen.tolist() == [1, 0], "a home knows whether oxygen is on"


def test_a_part_is_of_all_columns() -> None:
    some = part(cohort([0, 0, 1], [0, 1, 2], [0.3, 0.4, 0.5]), np.array([True, False, True]))
    assert some.person.tolist() == [0, 1]
    assert some.at.tolist() == [0, 2 * HOUR_MS]
    assert some.values[Vital.SPO2].tolist() == [90, 92]
    assert some.fio2.tolist() == [0.3, 0.5]
    assert (some.age.tolist(), some.male.tolist()) == ([40, 42], [0, 0])
    assert some.sepsis.tolist() == [0, 2]


def test_of_somebody_measured_hourly_a_row_is_kept_each_span() -> None:
    assert kept(list(range(18)), 8) == [0, 8, 16]
    assert kept([0, 1, 2, 7.99, 8, 15.9, 16], 8) == [0, 4, 6]


def test_of_somebody_measured_so_often_already_every_row_is_kept() -> None:
    assert kept([0, 8, 15.5, 24, 31], 8) == [0, 1, 2, 3, 4]
    assert kept([0, 6, 12, 18], 8) == [0, 1, 2, 3], "a quarter of a span may be lacking"
    assert kept([0, 6, 12, 17.99], 8) == [0, 1, 2]
    assert kept([0, 5.99, 11.98, 17.97], 8) == [0, 2], "more than a quarter may not"


def test_each_person_begins_anew() -> None:
    hours = [0.0, 1, 2, 1, 2, 3]
    assert kept(hours, 2, [0, 0, 0, 1, 1, 1]) == [0, 2, 3, 5]
    assert kept([5], 8) == [0]
    assert kept([], 8) == []
    assert kept([-3, -2, -1, 0], 2) == [0, 2]


def test_the_first_rows_and_the_hours_between() -> None:
    some = cohort([0, 0, 1, 2, 2], [0, 1.5, 9, 3, 4])
    assert first_of_each(some).tolist() == [True, False, True, True, False]
    assert first_of_each(cohort([], [])).tolist() == []
    assert hours_between(some.person, some.at).tolist() == [1.5, 1]


def test_a_vital_or_the_oxygen_is_taken_away() -> None:
    some = cohort([0, 0], [0, 1], [0.4, 0.5])
    gone = without(some, Vital.SPO2)
    assert np.isnan(gone.values[Vital.SPO2]).tolist() == [True, True]
    assert gone.values[Vital.PULSE] is some.values[Vital.PULSE]
    bare = without_oxygen(some, np.array([True, False]))
    np.testing.assert_array_equal(bare.fio2, [NAN, 0.5])
    assert replace(bare, fio2=some.fio2) == some

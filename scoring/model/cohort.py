"""Many people with what was charted of them: the model is made from some and judged on others.

Pure. One row is one instant of one person. Hours are only a clock: neither how long somebody lies
in a ward nor how many times a value was taken is ever a feature, for both are habits of a house.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from core.vitals import Vital
from scoring.model.features import HOUR_MS, Given, latest
from scoring.windows import Floats, Ints, Questions, Samples, sorted_samples

Bools = NDArray[np.bool_]
HELD = timedelta(hours=24)
"""How long a charted oxygen fraction stands. Source: proposed, as for the vitals."""
ROOM_AIR = 0.21
"""The fraction of oxygen in air."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cohort:
    """Rows in order of person and time: `person` is a code from 0 on, `at` milliseconds.

    `values` by vital in the units of core.vitals, `fio2` a fraction, `age` in years, `male` 1 or 0,
    `sepsis` 1 where the source says so; NaN is not charted.
    """

    person: Ints
    at: Ints
    values: Mapping[Vital, Floats]
    fio2: Floats
    age: Floats
    male: Floats
    sepsis: Floats

    def __len__(self) -> int:
        return len(self.person)

    @property
    def people(self) -> int:
        """How many people there may be: one more than the highest code."""
        return int(self.person.max(initial=-1)) + 1

    @property
    def asked(self) -> Questions:
        """A question at each row."""
        return Questions(person=self.person, at=self.at)

    @property
    def samples(self) -> dict[Vital, Samples]:
        """What was charted, by vital."""
        return {
            vital: sorted_samples(self.person, self.at, value)
            for vital, value in self.values.items()
        }

    @property
    def oxygen(self) -> Floats:
        """1 where more oxygen than in air was charted within a day, else 0.

        Where nothing is charted the person is taken to breathe air, which charts do not say.
        """
        return self.oxygen_at(self.asked)

    def oxygen_at(self, asked: Questions) -> Floats:
        """Return the same at other instants."""
        charted = sorted_samples(self.person, self.at, self.fio2)
        return (latest(charted, asked, HELD) > ROOM_AIR).astype(float)

    def given(self, rows: Bools, *, seen: "Cohort | None" = None) -> Given:
        """Return what the model is given at some rows, of what is `seen` (all, by default).

        Oxygen is what all rows say: a home knows whether it is on, however seldom it measures.
        """
        source = self if seen is None else seen
        return Given(
            samples=source.samples,
            asked=Questions(person=self.person[rows], at=self.at[rows]),
            age=self.age[rows],
            male=self.male[rows],
            oxygen=self.oxygen[rows],
        )


def part(cohort: Cohort, rows: Bools) -> Cohort:
    """Return the cohort of some rows."""
    return Cohort(
        person=cohort.person[rows],
        at=cohort.at[rows],
        values={vital: value[rows] for vital, value in cohort.values.items()},
        fio2=cohort.fio2[rows],
        age=cohort.age[rows],
        male=cohort.male[rows],
        sepsis=cohort.sepsis[rows],
    )


def kept_every(cohort: Cohort, every: timedelta) -> Bools:
    """Tell which rows are left when a person is measured only so often.

    The next row kept is the first that comes a span after the last kept; a quarter of a span may be
    lacking, so that of somebody measured so often already, give or take, every row is kept.
    """
    least = np.int64(0.75 * (every / timedelta(milliseconds=1)))
    span = np.int64(every / timedelta(milliseconds=1))
    first = first_of_each(cohort)
    steps = hours_between(cohort.person, cohort.at)
    if not len(steps) or np.median(steps) * HOUR_MS < least:
        least = span
    kept, until = first.copy(), 0
    for row, at in enumerate(cohort.at.tolist()):
        if first[row] or at >= until:
            kept[row], until = True, at + least
    return kept


def hours_between(person: Ints, at: Ints) -> Floats:
    """Return the hours between each two rows of one person that follow each other."""
    steps: Floats = np.diff(at)[person[1:] == person[:-1]] / HOUR_MS
    return steps


def first_of_each(cohort: Cohort) -> Bools:
    """Tell which rows are the first of their person."""
    first: Bools = np.concatenate(([True], cohort.person[1:] != cohort.person[:-1]))
    return first[: len(cohort)]


def without(cohort: Cohort, vital: Vital) -> Cohort:
    """Return the cohort with a vital never charted."""
    nothing = np.full(len(cohort), np.nan)
    return replace(cohort, values={**cohort.values, vital: nothing})


def without_oxygen(cohort: Cohort, rows: Bools) -> Cohort:
    """Return the cohort with the oxygen of some rows not charted."""
    return replace(cohort, fio2=np.where(rows, np.nan, cohort.fio2))

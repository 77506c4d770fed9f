"""What the model is to foresee, and of whom it is asked. Pure.

Three targets, each within twelve hours and each only where twelve hours are left, so that nobody
counts as well because he went home. The points of NEWS2 are those of the five measured vitals and
of oxygen as it is at the question: consciousness is not in the data and taken as alert, and when
oxygen was charted first is a habit of the house, so its two points stand on both sides or on none.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import numpy as np

from core.vitals import Vital
from scoring.model.cohort import Bools, Cohort
from scoring.model.features import (
    HIGHER,
    OF_POINTS,
    Given,
    known_points,
    latest,
    points_series,
    worst,
)
from scoring.news2 import HIGH_FROM, LOWEST_AGE, OXYGEN_POINTS
from scoring.windows import Floats, Questions, Samples, sorted_samples, windows

AHEAD: Final = timedelta(hours=12)
"""Source: the task set for the model; a shift of a monitoring centre."""
CALM: Final = 4
"""NEWS2 up to which somebody is asked about: below the urgent response (RCP 2017, chart 2)."""
LOW_SPO2: Final = 90.0
"""Percent; below it in two values running is sustained. Source: the task set for the model."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Of each row: whether it is asked about, whether it came true, NEWS2 now (of six parts)."""

    asked: Bools
    event: Bools
    news2: Floats


def deteriorates(cohort: Cohort) -> Target:
    """NEWS2 of 7 or more within twelve hours, of those at 4 or less with all five vitals known."""
    given = cohort.given(np.ones(len(cohort), dtype=bool))
    return deteriorates_of(given, _time_left(cohort))


def deteriorates_of(given: Given, time_left: Bools) -> Target:
    """Return the same of single questions; `time_left` tells after which twelve hours are known."""
    now = _news2_of(given)
    ahead = _worst_ahead(_known_series(given.samples), given.asked) + OXYGEN_POINTS * given.oxygen
    asked = time_left & (now <= CALM) & np.isfinite(ahead)
    return Target(asked=asked, event=asked & (ahead >= HIGH_FROM), news2=now)


def turns_septic(cohort: Cohort) -> Target:
    """The sepsis label of the source set within twelve hours, of those without it now.

    The source sets it from six hours before the onset on.
    """
    now = _news2(cohort)
    label = sorted_samples(cohort.person, cohort.at, cohort.sepsis)
    ahead = _worst_ahead(label, cohort.asked)
    asked = _time_left(cohort) & (cohort.sepsis == 0) & np.isfinite(ahead) & np.isfinite(now)
    return Target(asked=asked, event=asked & (ahead > 0), news2=now)


def desaturates(cohort: Cohort) -> Target:
    """SpO2 under 90 % in two values running within twelve hours, of those not under it now."""
    now = _news2(cohort)
    spo2 = cohort.samples[Vital.SPO2]
    last = latest(spo2, cohort.asked, timedelta(hours=24))
    ahead = _worst_ahead(_twice_low(spo2), cohort.asked)
    asked = _time_left(cohort) & (last >= LOW_SPO2) & np.isfinite(ahead) & np.isfinite(now)
    return Target(asked=asked, event=asked & (ahead > 0), news2=now)


TARGETS: Final[dict[str, Callable[[Cohort], Target]]] = {
    "deterioration": deteriorates,
    "sepsis": turns_septic,
    "desaturation": desaturates,
}
"""By name; the first is what is shown."""
FIRST: Final = next(iter(TARGETS))


def _news2(cohort: Cohort) -> Floats:
    return _news2_of(cohort.given(np.ones(len(cohort), dtype=bool)))


def _news2_of(given: Given) -> Floats:
    points, known = known_points(given.samples, given.asked)
    whole = (known == len(OF_POINTS)) & ~(given.age < LOWEST_AGE)
    return np.where(whole, points + OXYGEN_POINTS * given.oxygen, np.nan)


def _known_series(samples: Mapping[Vital, Samples]) -> Samples:
    """Return the points at each instant at which all five vitals are known."""
    series = points_series(samples)
    _, known = known_points(samples, Questions(person=series.person, at=series.at))
    whole = known == len(OF_POINTS)
    return Samples(person=series.person[whole], at=series.at[whole], value=series.value[whole])


def _worst_ahead(series: Samples, asked: Questions) -> Floats:
    later = Questions(
        person=asked.person, at=asked.at + np.int64(AHEAD / timedelta(milliseconds=1))
    )
    return worst(series.value, windows(series, later, AHEAD), HIGHER)


def _twice_low(spo2: Samples) -> Samples:
    low = spo2.value < LOW_SPO2
    same = np.concatenate(([False], spo2.person[1:] == spo2.person[:-1]))[: len(low)]
    before = np.concatenate(([False], low[:-1]))[: len(low)]
    return Samples(person=spo2.person, at=spo2.at, value=(low & same & before).astype(float))


def _time_left(cohort: Cohort) -> Bools:
    last = np.full(cohort.people, np.iinfo(np.int64).min)
    np.maximum.at(last, cohort.person, cohort.at)
    left: Bools = last[cohort.person] - cohort.at >= AHEAD / timedelta(milliseconds=1)
    return left

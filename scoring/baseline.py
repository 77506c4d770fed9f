"""A reading against one's own baseline: the median of those before it, itself left out. Pure.

Somebody who lives with 91 % is not worse at 90 %, and somebody who lives with 99 % is at 95 %:
three points below the own median are looked at, beside the limits that hold for all.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import numpy as np

from core.vitals import VITALS, Vital
from scoring.refusal import Incomplete, Refused
from scoring.trends import medians
from scoring.windows import (
    Floats,
    Ints,
    Questions,
    Samples,
    Windows,
    sorted_samples,
    spread_out,
    windows,
)

FALL_POINTS: Final = 3.0
"""% of saturation below one's own median. Source: proposed, the default profile for COVID at home
(alerts/profiles/covid-home-1.json)."""
SPAN: Final = timedelta(days=7)
"""The time before the reading under test. Source: proposed."""
LEAST_READINGS: Final = 3
"""Without these there is no baseline. Source: proposed."""
HALF: Final = 0.5
"""What is judged is what is shown, rounded half up. Source: docs/clinical/home-state.md."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """Of each question: the reading under test, the median and number of those before it.

    `usual` is NaN with fewer than `least` of them; `fall` is how far the reading is below it.
    """

    last: Floats
    usual: Floats
    before: Ints
    fall: Floats


def own_baseline(
    samples: Samples, asked: Questions, span: timedelta = SPAN, least: int = LEAST_READINGS
) -> Baseline:
    """Compare the newest reading of the `span` before each question with the others of it."""
    found = windows(samples, asked, span)
    some = found.count > 0
    others = Windows(begin=found.begin, end=found.end - some)
    question, row = spread_out(others)
    middle = medians(question, samples.value[row], others)
    usual = np.where(others.count >= least, middle, np.nan)
    newest = np.append(samples.value, np.nan)[np.where(some, found.end - 1, -1)]
    return Baseline(last=newest, usual=usual, before=others.count, fall=usual - newest)


def spo2_fallen(found: Baseline) -> Floats:
    """Return 1 where a saturation as shown is 3 points or more below the own median, else 0."""
    shown = np.floor(found.last + HALF)
    fallen = found.usual - shown >= FALL_POINTS
    return np.where(np.isnan(found.fall), np.nan, fallen)


@dataclass(frozen=True, slots=True, kw_only=True)
class Saturation:
    """A saturation in %; `at` carries a zone."""

    at: datetime
    percent: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SaturationInput:
    """Some saturations of one person in any order; the newest is the one under test."""

    readings: tuple[Saturation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SaturationFound:
    """The newest reading, the median of the 7 days before it, and whether it fell by 3 points.

    `usual` and `fallen` are None without 3 readings before: not known, which is not « no ».
    """

    last: float
    usual: float | None
    before: int
    fallen: bool | None


def score_saturation(given: SaturationInput) -> SaturationFound | Incomplete | Refused:
    """Judge the newest of some saturations by the person's own median of those before it."""
    readings, info = given.readings, VITALS[Vital.SPO2]
    if not readings:
        return Incomplete(missing=("readings",))
    if any(one.at.tzinfo is None for one in readings):
        return Refused(reason="readings: a time without its zone")
    wrong = [one.percent for one in readings if not info.lowest <= one.percent <= info.highest]
    if wrong:
        return Refused(
            reason=f"readings: {wrong[0]:g} is outside {info.lowest:g} to {info.highest:g}"
        )
    first = min(one.at for one in readings)
    at = np.array([(one.at - first) // timedelta(milliseconds=1) for one in readings])
    alone = np.zeros(len(at), dtype=np.int64)
    samples = sorted_samples(alone, at, np.array([one.percent for one in readings]))
    found = own_baseline(samples, Questions(person=alone[:1], at=samples.at[-1:]))
    known = not np.isnan(found.usual.item())
    return SaturationFound(
        last=found.last.item(),
        usual=found.usual.item() if known else None,
        before=found.before.item(),
        fallen=bool(spo2_fallen(found).item()) if known else None,
    )

"""What a patient's values say to a model at many instants of a past period. Pure.

What the model is given is put together by the very function that does it for a live line.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from operator import attrgetter
from typing import Final

import numpy as np

from alerts.risk_input import GIVEN, OXYGEN_HELD, WINDOW, Asked, age_at, male_of, oxygen_of
from scoring.model.features import Given
from scoring.model.targets import AHEAD
from scoring.observation import TO_VERIFY, UNUSABLE, Reading
from scoring.windows import Ints, Questions, floats_of, ms_of, sorted_samples

AFTERWARDS: Final = 2 * AHEAD
"""How far ahead what came true is looked for: a value twelve hours later or more must be known."""


def asked_at_each(
    readings: Iterable[Reading],
    flows: Iterable[tuple[datetime, float]],
    born: date | None,
    sex: str | None,
    at: Sequence[datetime],
) -> list[Asked]:
    """Return what is known of one patient at each instant, with the readings of its window.

    `flows`: litres of oxygen a minute, as answered and when.
    """
    ordered = sorted(readings, key=attrgetter("measured_at"))
    times = [one.measured_at for one in ordered]
    answered = sorted(flows)
    return [
        Asked(
            asked_at=each,
            readings=ordered[bisect_right(times, each - WINDOW) : bisect_right(times, each)],
            age=age_at(born, each) if born else None,
            male=male_of(sex or ""),
            oxygen=oxygen_of(_flow(answered, each)),
        )
        for each in at
    ]


def _flow(answered: Sequence[tuple[datetime, float]], at: datetime) -> float | None:
    known = [flow for when, flow in answered if at - OXYGEN_HELD <= when <= at]
    return known[-1] if known else None


def course_of(readings: Iterable[Reading], asked: Sequence[Asked]) -> Given:
    """Return one patient's whole course, what came after each instant too: for what came true."""
    counted = [one for one in readings if not one.quality & (UNUSABLE | TO_VERIFY)]
    samples = {}
    for vital in GIVEN:
        mine = [one for one in counted if one.vital is vital]
        samples[vital] = sorted_samples(
            np.zeros(len(mine), dtype=np.int64),
            _times([one.measured_at for one in mine]),
            np.array([one.value for one in mine], dtype=np.float64),
        )
    return Given(
        samples=samples,
        asked=Questions(
            person=np.zeros(len(asked), dtype=np.int64), at=_times([one.asked_at for one in asked])
        ),
        age=floats_of(one.age for one in asked),
        male=floats_of(one.male for one in asked),
        oxygen=floats_of(one.oxygen for one in asked),
    )


def _times(at: Sequence[datetime]) -> Ints:
    return np.array([ms_of(each) for each in at], dtype=np.int64)

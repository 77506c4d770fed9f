"""What a version says of one patient at many instants, and what came true of it. Pure.

The same features and the same target as where the model was made; one call for all instants of a
patient, for a year of three questions a day is a thousand of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import numpy as np

from alerts.rescoring_given import AFTERWARDS, course_of
from alerts.risk_input import Asked, given_of, inputs_of
from alerts.risk_line import OXYGEN, Silence
from core.vitals import VITALS, Vital
from scoring.model.cohort import ROOM_AIR, Bools, Cohort
from scoring.model.features import DAY, OF_POINTS, Given, latest
from scoring.model.heads import Heads
from scoring.model.risk import NEEDED, band_of, risks
from scoring.model.targets import AHEAD, deteriorates
from scoring.news2 import LOWEST_AGE
from scoring.observation import Reading
from scoring.windows import Ints, every_instant

ON_OXYGEN: Final = 0.3
"""A fraction above that of air: how much more, the target does not ask."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """A line: the risk (0 to 1) and its band, or why nothing is said; what it was said from.

    `came_true` is None where the target does not ask or twelve hours are not known.
    """

    at: datetime
    risk: float | None
    band: str | None
    silence: str | None
    missing: tuple[str, ...]
    inputs: dict[str, Any]
    came_true: bool | None


def score(heads: Heads, asked: Sequence[Asked], readings: Sequence[Reading]) -> list[Scored]:
    """Return a line for each instant of one patient; they are in order.

    `readings` are all of his, later ones too: what is asked holds those of its window, so that no
    risk is made of what came later, and what came true is.
    """
    if not asked:
        return []
    given = given_of(asked)
    risk = risks(heads, given)
    newest = {vital: latest(one, given.asked, DAY) for vital, one in given.samples.items()}
    truth = came_true(course_of(readings, asked))
    return [
        _line(
            heads, one, {v: float(some[row]) for v, some in newest.items()}, risk[row], truth[row]
        )
        for row, one in enumerate(asked)
    ]


def _line(
    heads: Heads, asked: Asked, newest: dict[Vital, float], risk: float, truth: bool | None
) -> Scored:
    """Return a line as the live one says it, without its argument."""
    said = bool(np.isfinite(risk))
    child = asked.age is not None and asked.age < LOWEST_AGE
    unknown = [VITALS[v].slug for v, one in newest.items() if np.isnan(one)]
    needed = [VITALS[v].slug for v in NEEDED]
    lacking = unknown if said else [slug for slug in needed if slug in unknown]
    return Scored(
        at=asked.asked_at,
        risk=float(risk) if said else None,
        band=str(band_of(heads, float(risk))) if said else None,
        silence=None if said else Silence.TOO_YOUNG.value if child else Silence.MISSING.value,
        missing=() if child else (*lacking, *([OXYGEN] if asked.oxygen is None else [])),
        inputs=inputs_of(asked),
        came_true=truth,
    )


def came_true(given: Given) -> list[bool | None]:
    """Return of each question whether NEWS2 came to 7 within twelve hours; None where not asked.

    Not asked where NEWS2 is above 4 or unknown, or nothing was measured from twelve hours later to
    AFTERWARDS: nobody counts as well because he stopped measuring, nor because he began anew.
    """
    cohort, mine = _cohort(given)
    found = deteriorates(cohort)
    left = _time_left(given)
    return [
        bool(event) if asked else None
        for asked, event in zip(found.asked[mine] & left, found.event[mine], strict=True)
    ]


def _time_left(given: Given) -> Bools:
    """Return of each question whether a value of NEWS2 lies between AHEAD and AFTERWARDS later."""
    at = np.sort(np.concatenate([given.samples[vital].at for vital in OF_POINTS.values()]))
    millisecond = timedelta(milliseconds=1)
    before = np.searchsorted(at, given.asked.at + AHEAD // millisecond, side="left")
    until = np.searchsorted(at, given.asked.at + AFTERWARDS // millisecond, side="right")
    left: Bools = until > before
    return left


def _cohort(given: Given) -> tuple[Cohort, Ints]:
    """Return one patient's chart with a row at each value and question, and the latter's."""
    measured = every_instant(list(given.samples.values()))
    rows = np.unique(np.concatenate((measured.at, given.asked.at)))
    mine = np.searchsorted(rows, given.asked.at)
    values = {}
    for vital, one in given.samples.items():
        values[vital] = np.full(len(rows), np.nan)
        values[vital][np.searchsorted(rows, one.at)] = one.value
    fio2 = np.full(len(rows), np.nan)
    fio2[mine] = np.where(given.oxygen == 1, ON_OXYGEN, ROOM_AIR)
    age = np.full(len(rows), np.nan)
    age[mine] = given.age
    nothing = np.full(len(rows), np.nan)
    cohort = Cohort(
        person=np.zeros(len(rows), dtype=np.int64),
        at=rows,
        values=values,
        fio2=fio2,
        age=age,
        male=nothing,
        sepsis=nothing,
    )
    return cohort, mine

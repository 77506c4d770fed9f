"""What a version says of one patient at many instants, and what came true of it. Pure.

The same features and the same target as where the model was made; one call for all instants of a
patient, for a year of three questions a day is a thousand of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import numpy as np

from core.vitals import VITALS, Vital
from scoring.model.cohort import ROOM_AIR, Cohort
from scoring.model.features import DAY, OF_POINTS, Given, latest
from scoring.model.heads import Heads
from scoring.model.risk import NEEDED, band_of, risks
from scoring.model.targets import AHEAD, deteriorates
from scoring.news2 import LOWEST_AGE
from scoring.windows import Floats, Ints, Samples, every_instant

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
    inputs: dict[str, object]
    came_true: bool | None


def score(heads: Heads, given: Given, at: Sequence[datetime]) -> list[Scored]:
    """Return a line for each instant; `given.asked` holds the same ones, of one patient, in order.

    The samples go on after each instant: a window ends at its question, so that no risk is made of
    what came later, and what came true is.
    """
    if not at:
        return []
    risk = risks(heads, given)
    newest = {vital: latest(given.samples[vital], given.asked, DAY) for vital in given.samples}
    truth = came_true(given)
    return [
        _line(heads, given, newest, row, when, float(risk[row]), truth[row])
        for row, when in enumerate(at)
    ]


def _line(
    heads: Heads,
    given: Given,
    newest: dict[Vital, Floats],
    row: int,
    at: datetime,
    risk: float,
    truth: bool | None,
) -> Scored:
    known = {VITALS[v].slug: float(some[row]) for v, some in newest.items()}
    said = bool(np.isfinite(risk))
    child = bool(given.age[row] < LOWEST_AGE)
    return Scored(
        at=at,
        risk=risk if said else None,
        band=str(band_of(heads, risk)) if said else None,
        silence=None if said else "too_young" if child else "missing",
        missing=tuple(
            VITALS[v].slug for v in (newest if said else NEEDED) if np.isnan(known[VITALS[v].slug])
        ),
        inputs={
            "newest": {slug: round(one, 2) for slug, one in known.items() if np.isfinite(one)},
            "age": _number(given.age[row]),
            "male": _number(given.male[row]),
            "oxygen": _number(given.oxygen[row]),
        },
        came_true=truth,
    )


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def came_true(given: Given) -> list[bool | None]:
    """Return of each question whether NEWS2 came to 7 within twelve hours; None where not asked.

    Not asked where NEWS2 is above 4 or unknown, or nothing was measured twelve hours later or more:
    nobody counts as well because he stopped measuring.
    """
    cohort, mine = _cohort(given)
    found = deteriorates(cohort)
    last = max((int(one.at[-1]) for one in _of_points(given) if len(one.at)), default=0)
    left = last - cohort.at[mine] >= AHEAD / timedelta(milliseconds=1)
    return [
        bool(event) if asked else None
        for asked, event in zip(found.asked[mine] & left, found.event[mine], strict=True)
    ]


def _of_points(given: Given) -> list[Samples]:
    return [given.samples[vital] for vital in OF_POINTS.values()]


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

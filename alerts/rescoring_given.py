"""What a patient's values say to a model at many instants of a past period. Pure."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Final

import numpy as np

from core.vitals import Vital
from scoring.model.features import LONG, SIDES, Given
from scoring.model.targets import AHEAD
from scoring.windows import Floats, Questions, sorted_samples

WINDOW: Final = LONG
"""How far back a question looks."""
AFTERWARDS: Final = 2 * AHEAD
"""How far ahead what came true is looked for: a value twelve hours later or more must be known."""
VITALS_GIVEN: Final = tuple(dict.fromkeys(side.vital for side in SIDES))
YEAR: Final = timedelta(days=365.2425)
Value = tuple[Vital, float, datetime]


def given_at(
    values: Iterable[Value], born: date | None, sex: str | None, at: Sequence[datetime]
) -> Given:
    """Return what is known of one patient at each of the instants, which are in order.

    Oxygen is not recorded at home and nothing is assumed for it: NaN.
    """
    count, found = len(at), list(values)
    asked = Questions(person=np.zeros(count, dtype=np.int64), at=_ms(at))
    samples = {}
    for vital in VITALS_GIVEN:
        mine = [(value, when) for each, value, when in found if each is vital]
        samples[vital] = sorted_samples(
            np.zeros(len(mine), dtype=np.int64),
            _ms([when for _, when in mine]),
            np.array([value for value, _ in mine], dtype=np.float64),
        )
    male = {"male": 1.0, "female": 0.0}.get(sex or "", np.nan)
    return Given(
        samples=samples,
        asked=asked,
        age=_ages(born, at),
        male=np.full(count, male),
        oxygen=np.full(count, np.nan),
    )


def _ms(at: Sequence[datetime]) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    return np.array([round(each.timestamp() * 1000) for each in at], dtype=np.int64)


def _ages(born: date | None, at: Sequence[datetime]) -> Floats:
    if born is None:
        return np.full(len(at), np.nan)
    return np.array([(each.date() - born) // YEAR for each in at], dtype=np.float64)

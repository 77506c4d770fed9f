"""How long a vital took to come back within a band after an instant, for many at once. Pure.

Back is not one value within, which an artefact may be, but some in a row (`steady`). When it came
back lies between two measurements; both ends are given, for a gap may hide hours.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import numpy as np

from scoring.trends import HOUR_MS
from scoring.windows import Floats, Ints, Questions, Samples, spread_out, windows

STEADY: Final = 2
"""Values in a row within the band before one is back. Source: proposed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """Of each question: values after it, and hours until back, at the earliest and the latest.

    The earliest is the value before the first of those within, or the instant asked about. NaN: not
    back, as far as was measured.
    """

    count: Ints
    earliest_h: Floats
    latest_h: Floats


def recovery(
    samples: Samples,
    asked: Questions,
    span: timedelta,
    *,
    low: float | Floats = -np.inf,
    high: float | Floats = np.inf,
    steady: int = STEADY,
) -> Recovery:
    """Look at the `span` after each question; `low` and `high` one for all or one for each.

    A limit that is not known (NaN) is never kept. Back to a baseline is a band around it.
    """
    count = len(asked)
    after = Questions(person=asked.person, at=asked.at + np.int64(span / timedelta(milliseconds=1)))
    found = windows(samples, after, span)
    question, row = spread_out(found)
    at, value = samples.at[row], samples.value[row]
    lowest, highest = (np.broadcast_to(np.asarray(one, float), (count,)) for one in (low, high))
    back = (value >= lowest[question]) & (value <= highest[question])
    held = back.copy()
    for later in range(1, steady):
        held[:-later] &= back[later:] & (question[later:] == question[:-later])
        held[-later:] = False
    nobody = len(at)
    first = np.full(count, nobody, dtype=np.int64)
    np.minimum.at(first, question[held], np.flatnonzero(held))
    some = first < nobody
    mine, since = first[some], asked.at[some]
    before = mine - 1
    real = (before >= 0) & (question[before] == np.flatnonzero(some))
    earliest, latest = np.full(count, np.nan), np.full(count, np.nan)
    earliest[some] = np.where(real, at[before] - since, 0) / HOUR_MS
    latest[some] = (at[mine] - since) / HOUR_MS
    return Recovery(count=found.count, earliest_h=earliest, latest_h=latest)

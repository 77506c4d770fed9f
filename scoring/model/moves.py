"""Since when the mean of what the model says, or is given, is another one. Pure."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from scoring.model.drift import FEWEST, TOLERATED, Standing, moved_at
from scoring.windows import Floats, Questions, instant_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """Since when the mean of an input's newest values is another one, from what to what."""

    at: datetime
    before: float
    after: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """Since when the mean risk is another one, from what to what."""

    at: datetime
    before: float
    after: float
    standing: Standing


def judge_move(asked: Questions, risk: Floats) -> Moved | None:
    """Return since when the mean risk is another one (ADWIN over the lines in order of time).

    One that doubled or halved takes the model back; of too few people nothing is said.
    """
    found = _shift(asked, risk, 0, 1)
    if found is None:
        return None
    standing = standing_of_move(found.before, found.after)
    return Moved(at=found.at, before=found.before, after=found.after, standing=standing)


def shift_of(asked: Questions, values: Floats) -> Shift | None:
    """Return the same of an input, whose unit is its own; it is told, and takes nothing back.

    ADWIN is given its place between the lowest and the highest value seen; NaN is left out.
    """
    known = np.isfinite(values)
    if not known.any():
        return None
    values, asked = values[known], Questions(person=asked.person[known], at=asked.at[known])
    return _shift(asked, values, float(values.min()), float(values.max()))


def _shift(asked: Questions, values: Floats, lowest: float, highest: float) -> Shift | None:
    if len(np.unique(asked.person)) < FEWEST or lowest == highest:
        return None
    order = np.argsort(asked.at, kind="stable")
    values = values[order]
    cut = moved_at(((values - lowest) / (highest - lowest)).tolist())
    if cut is None:
        return None
    before, after = float(values[:cut].mean()), float(values[cut:].mean())
    return Shift(at=instant_of(int(asked.at[order][cut])), before=before, after=after)


def standing_of_move(before: float, after: float) -> Standing:
    """Return what follows from a mean risk that is another one."""
    doubled = after >= before * TOLERATED
    halved = after <= before / TOLERATED
    return Standing.RULES_ONLY if doubled or halved else Standing.WATCHED

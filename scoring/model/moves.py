"""Since when the mean of what the model says is another one. Pure."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import numpy as np

from scoring.model.drift import FEWEST, TOLERATED, Standing, moved_at
from scoring.windows import Floats, Questions

_MS: Final = timedelta(milliseconds=1)
_EPOCH: Final = datetime.fromtimestamp(0, UTC)


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
    if len(np.unique(asked.person)) < FEWEST:
        return None
    order = np.argsort(asked.at, kind="stable")
    risk = risk[order]
    cut = moved_at(risk.tolist())
    if cut is None:
        return None
    before, after = float(risk[:cut].mean()), float(risk[cut:].mean())
    at = _EPOCH + int(asked.at[order][cut]) * _MS
    return Moved(at=at, before=before, after=after, standing=standing_of_move(before, after))


def standing_of_move(before: float, after: float) -> Standing:
    """Return what follows from a mean risk that is another one."""
    doubled = after >= before * TOLERATED
    halved = after <= before / TOLERATED
    return Standing.RULES_ONLY if doubled or halved else Standing.WATCHED

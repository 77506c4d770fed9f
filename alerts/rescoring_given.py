"""What a patient's values say to a model at many instants of a past period. Pure."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Final, Protocol

import numpy as np

from scoring.model.cohort import HELD
from scoring.model.features import LONG, SIDES, Given, latest
from scoring.model.targets import AHEAD
from scoring.observation import UNUSABLE
from scoring.windows import Floats, Ints, Questions, Samples, sorted_samples

WINDOW: Final = LONG
"""How far back a question looks."""
AFTERWARDS: Final = 2 * AHEAD
"""How far ahead what came true is looked for: a value twelve hours later or more must be known."""
VITALS_GIVEN: Final = tuple(dict.fromkeys(side.vital for side in SIDES))
YEAR: Final = timedelta(days=365.2425)


class Measured(Protocol):
    """One value in its vital's unit."""

    @property
    def vital(self) -> int: ...
    @property
    def at(self) -> datetime: ...
    @property
    def value(self) -> float: ...
    @property
    def quality(self) -> int: ...


class Flow(Protocol):
    """Litres of oxygen a minute."""

    @property
    def at(self) -> datetime: ...
    @property
    def flow_l_min(self) -> float: ...


class Person(Protocol):
    """Whose values they are."""

    @property
    def birth_date(self) -> date | None: ...
    @property
    def sex(self) -> str | None: ...


def given_at(
    measured: Iterable[Measured], oxygen: Iterable[Flow], person: Person, at: Sequence[datetime]
) -> Given:
    """Return what is known of one patient at each of the instants, which are in order.

    Oxygen is what was answered last within a day, NaN where nothing was: nothing is assumed for it.
    """
    count = len(at)
    asked = Questions(person=np.zeros(count, dtype=np.int64), at=_ms(at))
    usable = [one for one in measured if not one.quality & UNUSABLE]
    samples = {
        vital: _series([(one.at, one.value) for one in usable if one.vital == vital])
        for vital in VITALS_GIVEN
    }
    flow = latest(_series([(one.at, one.flow_l_min) for one in oxygen]), asked, HELD)
    return Given(
        samples=samples,
        asked=asked,
        age=_ages(person.birth_date, at),
        male=np.full(count, {"male": 1.0, "female": 0.0}.get(person.sex or "", np.nan)),
        oxygen=np.where(np.isnan(flow), np.nan, (flow > 0).astype(np.float64)),
    )


def _series(values: Sequence[tuple[datetime, float]]) -> Samples:
    return sorted_samples(
        np.zeros(len(values), dtype=np.int64),
        _ms([when for when, _ in values]),
        np.array([value for _, value in values], dtype=np.float64),
    )


def _ms(at: Sequence[datetime]) -> Ints:
    return np.array([round(each.timestamp() * 1000) for each in at], dtype=np.int64)


def _ages(born: date | None, at: Sequence[datetime]) -> Floats:
    if born is None:
        return np.full(len(at), np.nan)
    return np.array([(each.date() - born) // YEAR for each in at], dtype=np.float64)

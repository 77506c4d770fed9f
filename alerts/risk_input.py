"""What the model is given of a patient at an instant: measures, age, sex, oxygen. Pure.

The same for a live line and for a run over the past. What a device or its clock doubts is left out,
as it is from the newest values: the model cannot ask for a check, a rule can.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import numpy as np

from core.vitals import VITALS, Vital
from identity.people import age_years
from scoring.model.features import DAY, LONG, SIDES, Given
from scoring.observation import TO_VERIFY, UNUSABLE, Reading
from scoring.windows import Questions, Samples, floats_of, ms_of, sorted_samples

WINDOW: Final = LONG + DAY
"""How far back is read: the longest look of a feature, and a day for which a value stands."""
OXYGEN_HELD: Final = timedelta(hours=36)
"""How long an answered oxygen flow stands. Source: proposed; it is asked once a day, and the next
answer may come some hours later in its day."""
GIVEN: Final[tuple[Vital, ...]] = tuple(dict.fromkeys(side.vital for side in SIDES))
"""The vitals a model is given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One person at one instant: `readings` of any time, `age` in whole years; None: not known.

    `spo2_scale` of NEWS2 as prescribed decides what may be said, not what the model is given.
    """

    asked_at: datetime
    readings: Sequence[Reading]
    age: int | None
    male: bool | None
    oxygen: bool | None
    spo2_scale: int | None = None


def given_of(asked: Sequence[Asked]) -> Given:
    """Return what the model is given, a question each, in the same order.

    Of the readings those of the window that count: nothing measured after the instant asked about.
    """
    counted = [counting(one) for one in asked]
    return Given(
        samples={vital: _samples(counted, vital) for vital in GIVEN},
        asked=Questions(
            person=np.arange(len(asked), dtype=np.int64),
            at=np.array([ms_of(one.asked_at) for one in asked], dtype=np.int64),
        ),
        age=floats_of(one.age for one in asked),
        male=floats_of(one.male for one in asked),
        oxygen=floats_of(one.oxygen for one in asked),
    )


def counting(one: Asked) -> list[Reading]:
    """Return the readings the model may see, in the order of their time."""
    since = one.asked_at - WINDOW
    kept = (
        reading
        for reading in one.readings
        if reading.vital in GIVEN
        and not reading.quality & (UNUSABLE | TO_VERIFY)
        and since < reading.measured_at <= one.asked_at
    )
    return sorted(kept, key=lambda reading: (reading.measured_at, reading.vital, reading.value))


def inputs_of(one: Asked) -> dict[str, Any]:
    """Return what makes a line checkable: of each vital how many, the newest and its time."""
    found: dict[str, Any] = {"age": one.age, "male": one.male, "oxygen": one.oxygen}
    for reading in counting(one):
        slug = VITALS[reading.vital].slug
        count = found[slug]["count"] + 1 if slug in found else 1
        at = reading.measured_at.isoformat()
        found[slug] = {"count": count, "value": reading.value, "at": at}
    return found


def age_at(birth_date: date, at: datetime) -> int:
    """Return the whole years of a person on the day of an instant (UTC)."""
    return age_years(birth_date, at.astimezone(UTC).date())


def male_of(sex: str) -> bool | None:
    """Return whether a person is a man; None where the identity does not say."""
    return {"male": True, "female": False}.get(sex)


def oxygen_of(flow_l_min: float | None) -> bool | None:
    """Return whether somebody breathes oxygen by the flow he answered; None: not answered."""
    return None if flow_l_min is None else flow_l_min > 0


def _samples(counted: Sequence[Sequence[Reading]], vital: Vital) -> Samples:
    some = [
        (person, ms_of(reading.measured_at), reading.value)
        for person, readings in enumerate(counted)
        for reading in readings
        if reading.vital is vital
    ]
    return sorted_samples(
        np.array([person for person, _, _ in some], dtype=np.int64),
        np.array([at for _, at, _ in some], dtype=np.int64),
        np.array([value for _, _, value in some], dtype=np.float64),
    )

"""An invented ward: people who lie there for two days, some of whom get worse hour by hour."""

import numpy as np

from core.vitals import Vital
from scoring.model.cohort import Cohort
from scoring.model.features import HOUR_MS

HOURS = 48
WELL = {
    Vital.SPO2: 97.0,
    Vital.RESPIRATORY_RATE: 16.0,
    Vital.PULSE: 75.0,
    Vital.TEMPERATURE: 37.0,
    Vital.SYSTOLIC: 120.0,
    Vital.DIASTOLIC: 70.0,
}
"""Of somebody whose NEWS2 is nought."""
USUAL = {
    Vital.SPO2: (96.5, 1.0, -11.0),
    Vital.RESPIRATORY_RATE: (16.0, 1.5, 11.0),
    Vital.PULSE: (78.0, 6.0, 35.0),
    Vital.TEMPERATURE: (36.9, 0.2, 1.2),
    Vital.SYSTOLIC: (125.0, 8.0, -30.0),
    Vital.DIASTOLIC: (72.0, 5.0, -12.0),
}
"""Mean, standard deviation and what the worst adds, of each vital."""


def ward(people: int, seed: int, *, hours: int = HOURS) -> Cohort:
    """Return a ward of so many people, a row each hour; a third of them gets worse at some hour."""
    random = np.random.default_rng(seed)
    person = np.repeat(np.arange(people, dtype=np.int64), hours)
    hour = np.tile(np.arange(hours), people)
    begins = np.where(
        random.random(people) < 1 / 3, random.integers(6, max(hours, 7), people), 10 * hours
    )
    worse = np.clip((hour - begins[person]) / 16, 0, 1)
    values = {}
    for vital, (mean, spread, worst) in USUAL.items():
        own = random.normal(mean, spread, people)[person]
        value = own + random.normal(0, spread / 2, len(person)) + worst * worse
        value = np.minimum(value, 100) if vital is Vital.SPO2 else value
        charted = random.random(len(person)) < (0.4 if vital is Vital.TEMPERATURE else 0.95)
        values[vital] = np.where(charted, np.round(value, 1), np.nan)
    return Cohort(
        person=person,
        at=hour.astype(np.int64) * HOUR_MS,
        values=values,
        fio2=np.where((random.random(people) < 0.2)[person] & (hour % 6 == 0), 0.4, np.nan),
        age=random.integers(18, 90, people).astype(float)[person],
        male=random.integers(0, 2, people).astype(float)[person],
        sepsis=(worse > 0.6).astype(float),
    )

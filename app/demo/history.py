"""A day of hand-held measurements for everybody, so that no chart is empty. Pure, seeded."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

from app.demo.territory import PATIENTS, DemoPatient
from app.recording import PlacedValue
from core.vitals import Vital

_EVERY = timedelta(minutes=20)
_SPAN = timedelta(hours=24)


def history(now: datetime, seed: int = 2026) -> list[tuple[int, PlacedValue]]:
    """Return (place of the patient, value) of the last 24 h in event-time order."""
    noise = random.Random(seed)
    rows = [
        (place, value)
        for place, person in enumerate(PATIENTS)
        for value in _of_one(person, now, noise)
    ]
    return sorted(rows, key=lambda row: (row[1].measured_at, row[0], row[1].vital))


def _of_one(person: DemoPatient, now: datetime, noise: random.Random) -> Iterator[PlacedValue]:
    at = now - _SPAN
    while at < now - timedelta(minutes=5):
        yield _value(person, Vital.SPO2, min(100, person.spo2 + noise.choice((-1, 0, 0, 0, 1))), at)
        yield _value(person, Vital.PULSE, person.pulse + noise.randint(-4, 4), at)
        if at.minute < _EVERY.seconds // 60:
            yield _value(person, Vital.TEMPERATURE, 36.7 + noise.randint(-3, 3) / 10, at)
            yield _value(person, Vital.RESPIRATORY_RATE, 15 + noise.randint(-2, 2), at)
        at += _EVERY


def _value(person: DemoPatient, vital: Vital, value: float, at: datetime) -> PlacedValue:
    return PlacedValue(
        patient=person.birth_name, vital=vital, value=round(value, 1), measured_at=at
    )

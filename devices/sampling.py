"""Continuous oximetry as stretches: one item for up to ten seconds of values.

No value is left out and none is averaged: a one-second fall inside a stretch must be seen. A
stretch ends early when a value has moved far from its first (a fall of SpO2 should not wait for
its tenth second), when what is held against the values changes, when a frame comes out of step,
or when the connection ends. A value the stretch cannot carry (a fraction) travels as a spot.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core.vitals import Quality, Vital
from devices.measurement import Observation, Sampled, Spot

PERIOD_MS = 1000
LONGEST_STRETCH = 10
# Transport only, not a clinical threshold: it decides when values leave, never which.
EARLY_DEPARTURE_CHANGE = {Vital.SPO2: 3, Vital.PULSE: 15}
GREATEST_SAMPLE = 32767


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A stretch still growing."""

    device: str
    vital: Vital
    start: datetime
    values: tuple[int | None, ...]
    quality: Quality


def extend(stretch: Stretch | None, spot: Spot) -> tuple[Stretch | None, tuple[Observation, ...]]:
    """Add a live value; return the stretch still growing and what is ready to leave."""
    if not _fits(spot):
        return None, (*finish(stretch), spot)
    if stretch is None or not _continues(stretch, spot):
        done = finish(stretch)
        fresh = _begin(spot)
        return fresh, done
    longer = replace(stretch, values=(*stretch.values, _sample(spot)))
    if len(longer.values) >= LONGEST_STRETCH or _moved(longer):
        return None, finish(longer)
    return longer, ()


def finish(stretch: Stretch | None) -> tuple[Observation, ...]:
    """Return what a stretch holds, to leave now."""
    if stretch is None:
        return ()
    return (
        Sampled(
            device=stretch.device,
            vital=stretch.vital,
            start=stretch.start,
            period_ms=PERIOD_MS,
            values=stretch.values,
            quality=stretch.quality,
        ),
    )


def _begin(spot: Spot) -> Stretch:
    return Stretch(
        device=spot.device,
        vital=spot.vital,
        start=spot.measured_at,
        values=(_sample(spot),),
        quality=spot.quality,
    )


def _fits(spot: Spot) -> bool:
    value = spot.value
    return value is None or (value % 1 == 0 and abs(value) <= GREATEST_SAMPLE)


def _sample(spot: Spot) -> int | None:
    return None if spot.value is None else int(spot.value)


def _continues(stretch: Stretch, spot: Spot) -> bool:
    expected = stretch.start + timedelta(milliseconds=PERIOD_MS * len(stretch.values))
    step = abs(spot.measured_at - expected)
    return spot.quality == stretch.quality and step <= timedelta(milliseconds=PERIOD_MS // 2)


def _moved(stretch: Stretch) -> bool:
    first, last = stretch.values[0], stretch.values[-1]
    if first is None or last is None:
        return False
    return abs(last - first) >= EARLY_DEPARTURE_CHANGE.get(stretch.vital, GREATEST_SAMPLE)

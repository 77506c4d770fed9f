"""Continuous oximetry as stretches: one item for up to ten seconds of values.

No value is left out and none is averaged: a one-second fall inside a stretch must be seen. A
stretch leaves early when its newest value is far from the last one sent, or the first of a
connection (a fall of SpO2 should not wait for the tenth second), when what is held against the
values changes, when a frame comes out of step, or when the connection ends. A value the stretch
cannot carry (a fraction) travels as a spot.
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
    """Values still waiting for more."""

    device: str
    vital: Vital
    start: datetime
    values: tuple[int | None, ...]
    quality: Quality


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """One vital sign of one connection: what waits, and the last number that was sent."""

    waiting: Stretch | None = None
    last_sent: float | None = None


def extend(stream: Stream, spot: Spot) -> tuple[Stream, tuple[Observation, ...]]:
    """Add a live value; return the stream with what still waits, and what leaves now."""
    if not _fits(spot):
        return Stream(last_sent=spot.value), (*finish(stream), spot)
    leaving: tuple[Observation, ...] = ()
    if stream.waiting is None or not _continues(stream.waiting, spot):
        leaving = finish(stream)
        stream = Stream(waiting=_begin(spot), last_sent=_last_number(stream))
    else:
        values = (*stream.waiting.values, _sample(spot))
        stream = replace(stream, waiting=replace(stream.waiting, values=values))
    if _must_leave(stream, spot):
        leaving = (*leaving, *finish(stream))
        stream = Stream(last_sent=_last_number(stream))
    return stream, leaving


def finish(stream: Stream) -> tuple[Observation, ...]:
    """Return what waits, to leave now."""
    stretch = stream.waiting
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


def _must_leave(stream: Stream, spot: Spot) -> bool:
    if stream.waiting is not None and len(stream.waiting.values) >= LONGEST_STRETCH:
        return True
    if spot.value is None:
        return False
    far = EARLY_DEPARTURE_CHANGE.get(spot.vital, GREATEST_SAMPLE)
    return stream.last_sent is None or abs(spot.value - stream.last_sent) >= far


def _last_number(stream: Stream) -> float | None:
    """Return the last number that will have been sent once `stream` is finished."""
    values = () if stream.waiting is None else stream.waiting.values
    return next((value for value in reversed(values) if value is not None), stream.last_sent)

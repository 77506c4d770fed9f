"""The physiology of a virtual patient: SpO2 and pulse as a pure function of seconds.

A trace is a baseline, a seeded noise, and segments that move the patient somewhere else, hold
there, or take the sensor off. The same trace at the same second always gives the same vitals.
"""

import random
from dataclasses import dataclass, replace
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Vitals:
    """What the sensor would show."""

    spo2_percent: float
    pulse_per_minute: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """From `start_seconds` on, move to `target` over `over_seconds`, and stay there."""

    start_seconds: float
    over_seconds: float
    target: Vitals


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropout:
    """No signal (the values are not numbers) from `start_seconds` for `for_seconds`."""

    start_seconds: float
    for_seconds: float
    kind: Literal["not_a_number", "silence"] = "not_a_number"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """A virtual patient; `noise` is the greatest deviation of SpO2 in points."""

    baseline: Vitals
    noise: float = 0.6
    seed: int = 0
    drifts: tuple[Drift, ...] = ()
    dropouts: tuple[Dropout, ...] = ()


def vitals_at(trace: Trace, seconds: float) -> Vitals | Literal["silence"] | None:
    """Return the vitals `seconds` after the start; None for no number, "silence" for no frame."""
    for dropout in trace.dropouts:
        if dropout.start_seconds <= seconds < dropout.start_seconds + dropout.for_seconds:
            return "silence" if dropout.kind == "silence" else None
    level = trace.baseline
    for drift in sorted(trace.drifts, key=lambda drift: drift.start_seconds):
        level = _towards(level, drift, seconds)
    wobble = random.Random(f"{trace.seed}:{int(seconds)}")
    return Vitals(
        spo2_percent=min(100.0, level.spo2_percent + wobble.uniform(-1, 1) * trace.noise),
        pulse_per_minute=level.pulse_per_minute + wobble.uniform(-1, 1) * trace.noise * 3,
    )


def deteriorating(
    trace: Trace,
    *,
    at_seconds: float,
    over_seconds: float,
    spo2_percent: float,
    pulse_per_minute: float,
) -> Trace:
    """Return `trace` with one more drift."""
    target = Vitals(spo2_percent=spo2_percent, pulse_per_minute=pulse_per_minute)
    drift = Drift(start_seconds=at_seconds, over_seconds=over_seconds, target=target)
    return replace(trace, drifts=(*trace.drifts, drift))


def dropping_out(
    trace: Trace, *, at_seconds: float, for_seconds: float, kind: Literal["not_a_number", "silence"]
) -> Trace:
    """Return `trace` with one more dropout."""
    dropout = Dropout(start_seconds=at_seconds, for_seconds=for_seconds, kind=kind)
    return replace(trace, dropouts=(*trace.dropouts, dropout))


def _towards(level: Vitals, drift: Drift, seconds: float) -> Vitals:
    if seconds < drift.start_seconds:
        return level
    share = 1.0
    if drift.over_seconds > 0:
        share = min(1.0, (seconds - drift.start_seconds) / drift.over_seconds)
    return Vitals(
        spo2_percent=level.spo2_percent + share * (drift.target.spo2_percent - level.spo2_percent),
        pulse_per_minute=level.pulse_per_minute
        + share * (drift.target.pulse_per_minute - level.pulse_per_minute),
    )

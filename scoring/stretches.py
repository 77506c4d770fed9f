"""Sampled stretches of many people opened into values, each with the time it stands for. Pure.

A value stands for its own period at the longest and never past the next one: two stretches that
overlap count no instant twice, and a gap between two counts as nothing at all.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.vitals import VITALS, Vital
from scoring.observation import TO_VERIFY, UNUSABLE
from scoring.windows import Floats, Ints, Samples

DOUBTED: Final = int(UNUSABLE | TO_VERIFY)
"""A stretch with any of these flags says nothing here. Source: scoring/observation.py."""
NEAR: Final = 1.5
"""Two values further apart than this many periods have a gap between them. Source: proposed, half a
period is the jitter of a device's clock."""
SPIKE: Final = 4.0
"""A single value this far from both its neighbours, which agree with each other better than that,
is an artefact. Source: proposed; a person's saturation does not fall four points and come back
within a period of a second or two."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """One sampled stretch: samples in the vital's unit, None where none was given."""

    person: int
    start_ms: int
    period_ms: int
    quality: int
    samples: Sequence[float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretches:
    """Many stretches as columns; `value` has the samples of all, `count` of each, NaN for none."""

    person: Ints
    start: Ints
    period: Ints
    quality: Ints
    count: Ints
    value: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampled:
    """Values in order of person and time; `period` and what each stands for, in milliseconds."""

    samples: Samples
    period: Ints
    lasts: Ints


def join_stretches(stretches: Iterable[Stretch]) -> Stretches:
    """Lay stretches out as columns."""
    rows = list(stretches)
    values = [
        np.nan if sample is None else sample for stretch in rows for sample in stretch.samples
    ]
    numbers = np.array(
        [(one.person, one.start_ms, one.period_ms, one.quality, len(one.samples)) for one in rows],
        dtype=np.int64,
    ).reshape(-1, 5)
    person, start, period, quality, count = numbers.T
    return Stretches(
        person=person,
        start=start,
        period=period,
        quality=quality,
        count=count,
        value=np.array(values, dtype=np.float64),
    )


def open_stretches(given: Stretches, vital: Vital) -> Sampled:
    """Open stretches of one vital: no doubted stretch, no impossible value, no spike.

    The order of arrival changes nothing: of two values of one instant the lowest stays.
    """
    row = np.repeat(np.arange(len(given.count), dtype=np.int64), given.count)
    begin = np.concatenate(([0], np.cumsum(given.count)))[:-1]
    place = np.arange(len(row), dtype=np.int64) - begin[row]
    person, period = given.person[row], given.period[row]
    at, value, info = given.start[row] + place * period, given.value, VITALS[vital]
    kept = (value >= info.lowest) & (value <= info.highest) & (given.quality[row] & DOUBTED == 0)
    order = np.lexsort((period[kept], value[kept], at[kept], person[kept]))
    person, at, value, period = (part[kept][order] for part in (person, at, value, period))
    first = np.ones(len(at), dtype=bool)
    first[1:] = (person[1:] != person[:-1]) | (at[1:] != at[:-1])
    person, at, value, period = (part[first] for part in (person, at, value, period))
    same = person[1:] == person[:-1]
    lasts = period.copy()
    lasts[:-1] = np.where(same, np.minimum(period[:-1], np.diff(at)), period[:-1])
    calm = _without_spikes(value, follows(person, at, period))
    return Sampled(samples=Samples(person=person, at=at, value=calm), period=period, lasts=lasts)


def follows(person: Ints, at: Ints, period: Ints) -> NDArray[np.bool_]:
    """Tell of each value whether it comes without a gap after the one before it."""
    near = np.zeros(len(at), dtype=bool)
    near[1:] = (person[1:] == person[:-1]) & (np.diff(at) <= NEAR * period[:-1])
    return near


def _without_spikes(value: Floats, near: NDArray[np.bool_]) -> Floats:
    """Put the nearer neighbour in place of a value that stands alone between two that agree."""
    if len(value) < 3:
        return value
    before, here, after = value[:-2], value[1:-1], value[2:]
    far = np.minimum(np.abs(here - before), np.abs(here - after)) >= SPIKE
    one_side = (here > before) == (here > after)
    agree = np.abs(before - after) < SPIKE
    spike = far & one_side & agree & near[1:-1] & near[2:]
    # In 88 97 88 97 each value is far from both its neighbours, and none of them is the odd one.
    alone = spike.copy()
    alone[1:] &= ~spike[:-1]
    alone[:-1] &= ~spike[1:]
    odd = np.flatnonzero(alone) + 1
    calm = value.copy()
    calm[odd] = np.median([value[odd - 1], value[odd], value[odd + 1]], axis=0)
    return calm

"""What the model is given of a person: what a home can measure, and which way each is worse. Pure.

The same function for one person and for a hundred thousand. A vital with two bad sides is laid out
as two series that meet at a middle, so that each feature has one direction in which it is worse and
the model can be held to it: a worse value of the newest measurement never lowers the risk. What is
not known is NaN.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import numpy as np

from core.vitals import Vital
from scoring.news2_many import UNKNOWN, news2_points
from scoring.windows import Floats, Ints, Questions, Samples, Windows, every_instant, windows

DAY: Final = timedelta(hours=24)
"""A value stands for its vital this long. Source: proposed; NEWS2 of a stable person is taken
twelve-hourly at the least (RCP 2017, chart 4), and at home once a day."""
SHORT: Final = timedelta(hours=6)
LONG: Final = timedelta(hours=48)
SLOPE: Final = timedelta(hours=12)
HOUR_MS: Final = 3_600_000
PARTS: Final = 1000
"""Sums are of thousandths of a vital's unit. Source: proposed, below what any device resolves."""
TICK_MS: Final = 10
"""Slopes are over hundredths of a second. Source: proposed, below what any clock is right to."""
TICKS_AN_HOUR: Final = HOUR_MS // TICK_MS
FURTHEST: Final = 1000.0
"""No value counts for more than this in a sum. Source: proposed, beyond all of core.vitals."""

HIGHER, LOWER = 1, -1


@dataclass(frozen=True, slots=True)
class Side:
    """One bad side of a vital: which way is worse, and from which value on it is looked at."""

    vital: Vital
    worse: int
    middle: float | None
    """In the vital's unit, the middle of what NEWS2 gives no point for (proposed); None: all."""

    @property
    def name(self) -> str:
        """The name its features begin with."""
        slug = self.vital.name.lower()
        return f"{slug}_{'high' if self.worse == HIGHER else 'low'}"


SIDES: Final = (
    Side(Vital.SPO2, LOWER, None),
    Side(Vital.RESPIRATORY_RATE, HIGHER, 12),
    Side(Vital.RESPIRATORY_RATE, LOWER, 12),
    Side(Vital.PULSE, HIGHER, 60),
    Side(Vital.PULSE, LOWER, 60),
    Side(Vital.TEMPERATURE, HIGHER, 37),
    Side(Vital.TEMPERATURE, LOWER, 37),
    Side(Vital.SYSTOLIC, LOWER, None),
    Side(Vital.DIASTOLIC, LOWER, None),
)
OF_POINTS: Final = {
    "respiratory_rate": Vital.RESPIRATORY_RATE,
    "spo2": Vital.SPO2,
    "systolic": Vital.SYSTOLIC,
    "pulse": Vital.PULSE,
    "temperature": Vital.TEMPERATURE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What is known: samples by vital, and of each question age, sex and oxygen.

    `age` in years; `male` and `oxygen` are 1 or 0, NaN where it is not known.
    """

    samples: Mapping[Vital, Samples]
    asked: Questions
    age: Floats
    male: Floats
    oxygen: Floats


def features(given: Given) -> dict[str, Floats]:
    """Return the features by name, a place for each question, NaN where nothing can be said."""
    found: dict[str, Floats] = {}
    for side in SIDES:
        series = _one_side(given.samples[side.vital], side)
        found |= _stats(side.name, series, given.asked, side.worse)
    found |= _stats("points", points_series(given.samples), given.asked, HIGHER)
    found["shock_index"] = found["pulse_high_last"] / found["systolic_low_last"]
    found["oxygen"] = np.where(given.oxygen == 1, 1.0, 0.0)
    found["age"] = given.age
    found["male"] = given.male
    return found


def direction(name: str) -> int:
    """Return 1 where higher is worse, -1 where lower is, 0 where neither is said."""
    if name == "male":
        return 0
    return LOWER if any(name.startswith(s.name) for s in SIDES if s.worse == LOWER) else HIGHER


def latest(samples: Samples, asked: Questions, span: timedelta) -> Floats:
    """Return the newest value of the `span` before each question, or NaN."""
    return _latest(samples, windows(samples, asked, span))


def known_points(samples: Mapping[Vital, Samples], asked: Questions) -> tuple[Floats, Floats]:
    """Return the NEWS2 points of the five measured vitals at each question, and how many are known.

    Never shown: a part of a total is no NEWS2. Oxygen and consciousness are not in it.
    """
    count = len(asked)
    values = {name: latest(samples[vital], asked, DAY) for name, vital in OF_POINTS.items()}
    constant = {"alert": np.ones(count), "spo2_scale": np.ones(count)}
    points = news2_points({**values, **constant, "supplemental_oxygen": np.zeros(count)})
    parts = np.stack([points[name] for name in OF_POINTS])
    known = parts != UNKNOWN
    return np.where(known, parts, 0).sum(axis=0).astype(float), known.sum(axis=0).astype(float)


def points_series(samples: Mapping[Vital, Samples]) -> Samples:
    """Return the points of the measured vitals as a series of its own, at each instant measured."""
    instants = every_instant([samples[vital] for vital in OF_POINTS.values()])
    points, _ = known_points(samples, instants)
    return Samples(person=instants.person, at=instants.at, value=points)


def _one_side(samples: Samples, side: Side) -> Samples:
    if side.middle is None:
        return samples
    worse = np.maximum if side.worse == HIGHER else np.minimum
    return Samples(
        person=samples.person, at=samples.at, value=worse(samples.value, np.float64(side.middle))
    )


def _stats(name: str, series: Samples, asked: Questions, worse: int) -> dict[str, Floats]:
    day, short = windows(series, asked, DAY), windows(series, asked, SHORT)
    long, recent = windows(series, asked, LONG), windows(series, asked, SLOPE)
    sums = _sums(series)
    last = _latest(series, day)
    before = Windows(begin=long.begin, end=np.maximum(long.end - 1, long.begin))
    return {
        f"{name}_last": last,
        f"{name}_worst_day": worst(series.value, day, worse),
        f"{name}_worst_long": worst(series.value, long, worse),
        f"{name}_mean_day": _mean(sums, day),
        f"{name}_mean_short": _mean(sums, short),
        f"{name}_mean_long": _mean(sums, long),
        f"{name}_change": last - _mean(sums, before),
        f"{name}_slope": _slope(sums, recent, asked),
    }


def _latest(series: Samples, found: Windows) -> Floats:
    result = np.full(len(found.begin), np.nan)
    some = found.count > 0
    result[some] = series.value[found.end[some] - 1]
    return result


def worst(value: Floats, found: Windows, worse: int) -> Floats:
    """Return the highest (worse 1) or lowest (-1) value of each window, or NaN."""
    some = found.count > 0
    result = np.full(len(some), np.nan)
    if not some.any():
        return result
    take = np.maximum if worse == HIGHER else np.minimum
    padded = np.concatenate((value, [0.0]))
    pairs = np.stack((found.begin[some], found.end[some]), axis=1).ravel()
    result[some] = take.reduceat(padded, pairs)[::2]
    return result


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """Running sums of a series, one longer than it: thousandths of its unit, ticks, products.

    In whole numbers, where the order and the company of what is added change nothing: the same
    person has the same features alone and among others. They wrap round past 2^63, and so do their
    differences, which are right wherever the sum of one window fits: see `_slope`.
    """

    value: Ints
    tick: Ints
    both: Ints
    square: Ints


def _sums(series: Samples) -> Sums:
    tick = series.at // TICK_MS
    held = np.clip(series.value, -FURTHEST, FURTHEST)
    value = np.rint(held * PARTS).astype(np.int64)
    return Sums(
        value=_running(value),
        tick=_running(tick),
        both=_running(tick * value),
        square=_running(tick * tick),
    )


def _running(values: Ints) -> Ints:
    return np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(values)))


def _over(sums: Ints, found: Windows) -> Ints:
    return sums[found.end] - sums[found.begin]


def _mean(sums: Sums, found: Windows) -> Floats:
    some = found.count > 0
    whole = np.where(some, found.count, 1) * PARTS
    return np.where(some, _over(sums.value, found) / whole, np.nan)


def _slope(sums: Sums, found: Windows, asked: Questions) -> Floats:
    """Return the slope per hour by least squares; NaN of fewer than three values.

    Ticks are counted back from the question, so that no sum of a window comes near 2^63: at eleven
    values a second, and none beyond FURTHEST, the squares of twelve hours are the first to.
    """
    count, origin = found.count, asked.at // TICK_MS
    tick, value = _over(sums.tick, found), _over(sums.value, found)
    both = (_over(sums.both, found) - origin * value).astype(float)
    square = (_over(sums.square, found) - origin * (2 * tick - count * origin)).astype(float)
    since = (tick - count * origin).astype(float)
    number = np.maximum(count, 1)
    above = (both - since * value / number) / (TICKS_AN_HOUR * PARTS)
    below = (square - since * since / number) / TICKS_AN_HOUR**2
    enough = (count >= 3) & (below > 1e-6)
    return np.where(enough, above / np.where(enough, below, 1.0), np.nan)

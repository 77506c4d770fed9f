"""How a vital has gone: last value, own baseline, slope, variability, time out of a band. Pure.

The same functions for one person and for a hundred thousand: arrays in, arrays out, a place for
each question. What cannot be said is NaN, never nought. Robust by construction: a value far from
the median of its window is pulled in before anything is fitted to it, so that one artefact of a
probe moves no slope; late values are values, at the time they were measured.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import numpy as np

from scoring.windows import Floats, Ints, Questions, Samples, Windows, spread_out, windows

FAR: Final = 3.0
"""A value further from the median than this many robust standard deviations is pulled in.
Source: proposed; the usual bound of Hampel's identifier."""
TO_SIGMA: Final = 1.4826
"""From the median absolute deviation to the standard deviation. Source: 1 / 0.6745, the
upper quartile of a normal distribution."""
LEAST_OF_A_SLOPE: Final = 3
"""Values without which there is no slope. Source: proposed."""
HOUR_MS: Final = 3_600_000
"""Source: milliseconds in an hour."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """Of each question, in the vital's unit; NaN where nothing can be said.

    `last` is the newest value, `age_h` its age in hours; `median` the own baseline of the window;
    `low`, `high` as measured; `spread` the robust standard deviation; `slope` per hour.
    """

    count: Ints
    last: Floats
    age_h: Floats
    median: Floats
    low: Floats
    high: Floats
    spread: Floats
    slope: Floats


def trend(samples: Samples, asked: Questions, span: timedelta) -> Trend:
    """Return the trend of one vital over the `span` before each question."""
    found = windows(samples, asked, span)
    question, row = spread_out(found)
    value, at = samples.value[row], samples.at[row]
    median = medians(question, value, found)
    spread = TO_SIGMA * medians(question, np.abs(value - median[question]), found)
    reach = FAR * spread[question]
    middle = median[question]
    # Where most values are the same the spread is nought: then nothing is far.
    near = np.where(reach > 0, np.clip(value, middle - reach, middle + reach), value)
    some = found.count > 0
    newest = np.where(some, found.end - 1, 0)
    nothing = np.full(len(asked), np.nan)
    return Trend(
        count=found.count,
        last=np.where(some, _take(samples.value, newest), np.nan),
        age_h=np.where(some, (asked.at - _take(samples.at, newest)) / HOUR_MS, np.nan),
        median=median,
        low=_reduce(np.minimum, value, found, nothing),
        high=_reduce(np.maximum, value, found, nothing),
        spread=spread,
        slope=_slope(question, at, near, found),
    )


def hours_outside(
    samples: Samples,
    asked: Questions,
    span: timedelta,
    *,
    low: float = -np.inf,
    high: float = np.inf,
    holds: timedelta,
) -> Floats:
    """Return how many hours of each window a vital was below `low` or above `high`.

    A value holds until the next one, or for `holds` at the longest: a gap says nothing.
    """
    found = windows(samples, asked, span)
    question, row = spread_out(found)
    at, value = samples.at[row], samples.value[row]
    ends = asked.at[question]
    following = np.empty_like(at)
    following[:-1], following[-1:] = at[1:], ends[-1:]
    final = np.empty(len(question), dtype=bool)
    final[:-1], final[-1:] = question[1:] != question[:-1], True
    following = np.where(final, ends, following)
    longest = np.int64(holds / timedelta(milliseconds=1))
    lasted = np.minimum(following - at, longest)
    out = (value < low) | (value > high)
    hours = np.bincount(question, weights=np.where(out, lasted, 0), minlength=len(asked)) / HOUR_MS
    return np.where(found.count > 0, hours, np.nan)


def _take(values: Floats | Ints, row: Ints) -> Floats:
    """Return values by row; of nothing at all a nought that is not looked at."""
    if not len(values):
        return np.zeros(len(row))
    return values[row].astype(np.float64)


def medians(question: Ints, value: Floats, found: Windows) -> Floats:
    """Return the median of each window, NaN of an empty one."""
    order = np.lexsort((value, question))
    ordered, count = value[order], found.count
    begin = np.concatenate(([0], np.cumsum(count)[:-1]))
    middle = np.full(len(count), np.nan)
    some = count > 0
    low = begin[some] + (count[some] - 1) // 2
    high = begin[some] + count[some] // 2
    middle[some] = (ordered[low] + ordered[high]) / 2
    return middle


def _reduce(take: np.ufunc, value: Floats, found: Windows, nothing: Floats) -> Floats:
    some = found.count > 0
    if not some.any():
        return nothing
    count = found.count[some]
    starts = np.concatenate(([0], np.cumsum(count)[:-1]))
    result = nothing.copy()
    result[some] = take.reduceat(value, starts)
    return result


def _slope(question: Ints, at: Ints, value: Floats, found: Windows) -> Floats:
    """Return the slope per hour by least squares; NaN of too few values or of one instant."""
    count = len(found.count)
    number = np.maximum(found.count, 1)
    first = np.zeros(count, dtype=np.int64)
    some = found.count > 0
    starts = np.concatenate(([0], np.cumsum(found.count)[:-1]))
    first[some] = at[starts[some]] if len(at) else 0
    hours = (at - first[question]) / HOUR_MS
    hours -= (np.bincount(question, weights=hours, minlength=count) / number)[question]
    level = (np.bincount(question, weights=value, minlength=count) / number)[question]
    above = np.bincount(question, weights=hours * (value - level), minlength=count)
    below = np.bincount(question, weights=hours * hours, minlength=count)
    enough = (found.count >= LEAST_OF_A_SLOPE) & (below > 0)
    return np.where(enough, above / np.where(enough, below, 1.0), np.nan)

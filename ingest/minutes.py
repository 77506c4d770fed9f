"""Summaries of a sampled stretch, one per minute."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from statistics import median

from core.vitals import VITALS, Quality, Vital, quality_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Minute:
    """The samples within one minute, in the vital's unit; `count` says how many are summarised."""

    minute_at: datetime
    low: float
    median: float
    high: float
    count: int
    quality: Quality


def sample_times(start: datetime, period_ms: int, count: int) -> tuple[datetime, datetime]:
    """Return when the first and the last of `count` samples were taken."""
    return start, start + timedelta(milliseconds=period_ms * (count - 1))


def summarise_minutes(
    vital: Vital, start: datetime, period_ms: int, samples: Sequence[int | None], quality: Quality
) -> tuple[Minute, ...]:
    """Summarise a stretch of samples scaled by 10^decimals; a minute without any has no summary.

    Implausible samples are left out of a minute that has plausible ones, and the minute says so.
    """
    scale = 10 ** VITALS[vital].decimals
    measured = _measured(start, period_ms, samples)
    return tuple(
        _summarise(vital, minute, [sample / scale for _, sample in group], quality)
        for minute, group in groupby(measured, key=lambda at_sample: at_sample[0])
    )


def stretch_quality(vital: Vital, samples: Sequence[int | None], quality: Quality) -> Quality:
    """Add IMPLAUSIBLE when not one sample is plausible, INVALID when there is no sample at all."""
    scale = 10 ** VITALS[vital].decimals
    values = [sample / scale for sample in samples if sample is not None]
    if not values:
        return quality | Quality.INVALID
    if any(_plausible(vital, value) for value in values):
        return quality
    return quality | Quality.IMPLAUSIBLE


def _measured(
    start: datetime, period_ms: int, samples: Sequence[int | None]
) -> Iterator[tuple[datetime, int]]:
    for index, sample in enumerate(samples):
        if sample is not None:
            at = start + timedelta(milliseconds=period_ms * index)
            yield at.replace(second=0, microsecond=0), sample


def _summarise(vital: Vital, minute: datetime, values: list[float], quality: Quality) -> Minute:
    plausible = [value for value in values if _plausible(vital, value)]
    if len(plausible) < len(values):
        quality |= Quality.IMPLAUSIBLE
    summarised = plausible or values
    return Minute(
        minute_at=minute,
        low=min(summarised),
        median=median(summarised),
        high=max(summarised),
        count=len(summarised),
        quality=quality,
    )


def _plausible(vital: Vital, value: float) -> bool:
    return not quality_of(vital, value, Quality(0))

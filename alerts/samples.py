"""A sampled stretch opened into single readings or points. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from alerts.rows import ReadingRow, StretchRow
from core.vitals import VITALS, Quality, Vital
from scoring.observation import Reading


@dataclass(frozen=True, slots=True)
class ChartRow:
    """A point of a chart, of any vital."""

    vital: int
    at: datetime
    value: float
    low: float
    high: float
    quality: int


def open_stretch(row: StretchRow) -> Iterator[Reading]:
    """Yield one reading a sample, in the vital's unit, leaving out where none was given."""
    vital = Vital(row.vital)
    scale = 10 ** VITALS[vital].decimals
    period = timedelta(milliseconds=row.period_ms)
    for index, sample in enumerate(row.samples):
        if sample is not None:
            yield Reading(
                reading_id=row.reading_id,
                vital=vital,
                value=sample / scale,
                measured_at=row.start_at + index * period,
                quality=Quality(row.quality),
            )


def all_readings(spots: Iterable[ReadingRow], stretches: Iterable[StretchRow]) -> list[Reading]:
    """Return every single reading of both kinds, each once, in event-time order."""
    opened = [
        Reading(
            reading_id=spot.reading_id,
            vital=Vital(spot.vital),
            value=spot.value,
            measured_at=spot.measured_at,
            quality=Quality(spot.quality),
        )
        for spot in spots
    ]
    for stretch in stretches:
        opened.extend(open_stretch(stretch))
    return sorted(set(opened), key=_order)


def _order(reading: Reading) -> tuple[datetime, int, int]:
    return reading.measured_at, reading.vital, reading.reading_id

"""The geometry of a small chart of one vital: pure numbers that a template draws as SVG.

Coordinates are SVG units, origin at the top left. A gap in the data is a gap in the line.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final, assert_never

from alerts.chart import ChartPoint, Series
from core.vitals import VITALS, Quality, Vital
from scoring.item import BOUND_SIGNS, Bound, MeasuredItem
from scoring.observation import TO_VERIFY, UNUSABLE

LEFT: Final = 40
RIGHT: Final = 548
TOP: Final = 10
BOTTOM: Final = 172
"""The field of the chart within a picture of 560 by 200, so that a phone can still read it."""
SHOWN_RANGE: Final = {Vital.SPO2: (86.0, 100.0), Vital.PULSE: (30.0, 140.0)}
"""The least range of the axis, widened to hold every value: equal pictures can be compared."""
TICK_STEP: Final = {Vital.SPO2: 2, Vital.PULSE: 20}
LONGEST_STEP: Final = timedelta(minutes=45)
"""Two points further apart than this, and than three usual steps, are not joined."""
MOST_DOTS: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """Values that are orange or red; `limit` is the number that begins it."""

    level: str
    y: float
    height: float
    sign: str
    limit: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """One value drawn on its own; `doubtful`: device or clock doubts."""

    x: float
    y: float
    doubtful: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """Everything a template needs to draw one vital; `raised_x` marks when the alert began.

    `unit` is the msgid of the unit as shown.
    """

    vital: str
    unit: str
    decimals: int
    bands: tuple[Band, ...]
    lines: tuple[str, ...]
    dots: tuple[Dot, ...]
    y_ticks: tuple[tuple[float, int], ...]
    x_ticks: tuple[tuple[float, datetime], ...]
    last: ChartPoint | None
    last_x: float
    last_y: float
    raised_x: float | None
    lowest: float | None
    highest: float | None


def draw(
    series: Series,
    item: MeasuredItem | None,
    *,
    start: datetime,
    end: datetime,
    raised_at: datetime | None,
) -> Figure:
    """Lay out the points of one vital between two instants, over its limits."""
    points = [p for p in series.points if start <= p.at <= end and not p.quality & UNUSABLE]
    low, high = _range(series.vital, points)

    def x_of(at: datetime) -> float:
        return round(LEFT + (at - start) / (end - start) * (RIGHT - LEFT), 1)

    def y_of(value: float) -> float:
        inside = min(max(value, low), high)
        return round(BOTTOM - (inside - low) / (high - low) * (BOTTOM - TOP), 1)

    placed = [(p, x_of(p.at), y_of(p.value)) for p in points]
    last = placed[-1] if placed else None
    step = TICK_STEP.get(series.vital, 10)
    ticks = [v for v in range(int(low), int(high) + 1) if v % step == 0]
    marked = raised_at is not None and start <= raised_at <= end
    return Figure(
        vital=VITALS[series.vital].slug,
        unit=VITALS[series.vital].unit_shown,
        decimals=VITALS[series.vital].decimals,
        bands=tuple(_bands(item, low, high, y_of)) if item else (),
        lines=tuple(_lines(placed)),
        dots=tuple(_dots(placed)),
        y_ticks=tuple((y_of(value), value) for value in ticks),
        x_ticks=tuple((x_of(at), at) for at in _hours(start, end)),
        last=last[0] if last else None,
        last_x=last[1] if last else 0,
        last_y=last[2] if last else 0,
        raised_x=x_of(raised_at) if raised_at and marked else None,
        lowest=min((p.value for p in points), default=None),
        highest=max((p.value for p in points), default=None),
    )


_Placed = tuple[ChartPoint, float, float]


def _range(vital: Vital, points: Sequence[ChartPoint]) -> tuple[float, float]:
    low, high = SHOWN_RANGE.get(vital, (0.0, 100.0))
    values = [point.value for point in points]
    margin = 1 if vital is Vital.SPO2 else 5
    low = min([low, *(value - margin for value in values)])
    high = max([high, *values])
    return low, high


def _bands(
    item: MeasuredItem, low: float, high: float, y_of: Callable[[float], float]
) -> list[Band]:
    """Return orange bands first and red ones over them; half a step wider than the limit."""
    half = 0.5 / 10 ** VITALS[item.vital].decimals
    bands: list[Band] = []
    for limit in sorted(item.limits, key=lambda limit: limit.level):
        match limit.bound:
            case Bound.AT_MOST:
                bottom, top = low, limit.value + half
            case Bound.BELOW:
                bottom, top = low, limit.value - half
            case Bound.AT_LEAST:
                bottom, top = limit.value - half, high
            case (
                Bound.FALL_FROM_USUAL
                | Bound.RISE_FROM_USUAL
                | Bound.FALL_WITHIN
                | Bound.RISE_WITHIN
            ):
                continue
            case _:
                assert_never(limit.bound)
        if bottom < high and top > low:
            upper = y_of(top)
            bands.append(
                Band(
                    level=limit.level.code,
                    y=upper,
                    height=round(y_of(bottom) - upper, 1),
                    sign=BOUND_SIGNS[limit.bound],
                    limit=limit.value,
                )
            )
    return bands


def _lines(placed: Sequence[_Placed]) -> list[str]:
    steps = sorted(b[0].at - a[0].at for a, b in pairwise(placed))
    usual = steps[len(steps) // 2] if steps else timedelta(0)
    longest = max(LONGEST_STEP, usual * 3)
    runs: list[list[_Placed]] = []
    for point in placed:
        if runs and point[0].at - runs[-1][-1][0].at <= longest:
            runs[-1].append(point)
        else:
            runs.append([point])
    return [" ".join(f"{x},{y}" for _, x, y in run) for run in runs if len(run) > 1]


def _dots(placed: Sequence[_Placed]) -> list[Dot]:
    sparse = len(placed) <= MOST_DOTS
    doubts = TO_VERIFY | Quality.LOW_PERFUSION
    return [
        Dot(x=x, y=y, doubtful=bool(point.quality & doubts))
        for point, x, y in placed
        if sparse or point.quality & doubts
    ]


def _hours(start: datetime, end: datetime) -> list[datetime]:
    """Return about six round hours between two instants."""
    step = timedelta(hours=max(1, round((end - start) / timedelta(hours=6))))
    at = start.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    hours = []
    while at <= end:
        hours.append(at)
        at += step
    return hours


def hourly(series: Series) -> list[ChartPoint]:
    """Return the lowest point of each hour, latest first: the table behind the picture."""
    lowest: dict[datetime, ChartPoint] = {}
    for point in series.points:
        if point.quality & UNUSABLE:
            continue
        hour = point.at.replace(minute=0, second=0, microsecond=0)
        if hour not in lowest or point.value < lowest[hour].value:
            lowest[hour] = point
    return [lowest[hour] for hour in sorted(lowest, reverse=True)]

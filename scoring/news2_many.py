"""NEWS2 of many people at once, from the very charts of scoring/news2.py. Pure.

Each chart is laid out once as a table, a place for each value as it is shown; looking up a hundred
thousand people is then one step an item. NaN is « not known »: a total is given only where nothing
is missing, never a part of one, and to nobody whom the score is not for.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.vitals import VITALS
from scoring.news2 import (
    LOWEST_AGE,
    NOT_ALERT_POINTS,
    NUMBERS,
    OXYGEN_POINTS,
    PULSE,
    RESPIRATORY_RATE,
    SCALES,
    SPO2_SCALE_1,
    SPO2_SCALE_2_ON_AIR,
    SPO2_SCALE_2_ON_OXYGEN,
    SYSTOLIC,
    TEMPERATURE,
    Chart,
)
from scoring.oxygen import on_oxygen_many
from scoring.plausible import HIGHEST_AGE
from scoring.windows import Floats

Points = NDArray[np.int8]
UNKNOWN: Final = np.int8(-100)
"""Points of what is missing or cannot be true: less than any total can make up for.
Source: none, it is no points."""
_CHARTS: Final = {
    "respiratory_rate": RESPIRATORY_RATE,
    "systolic": SYSTOLIC,
    "pulse": PULSE,
    "temperature": TEMPERATURE,
}
PARTS: Final = (
    "respiratory_rate",
    "spo2",
    "supplemental_oxygen",
    "systolic",
    "pulse",
    "consciousness",
    "temperature",
)
"""In the order of the chart."""


def news2_points(given: Mapping[str, Floats]) -> dict[str, Points]:
    """Return the points of each part, UNKNOWN where it is not known or cannot be true.

    `given`: an array for each field of News2Input that is a number, `supplemental_oxygen` and
    `alert` as 1 or 0, `spo2_scale` as 1 or 2; NaN is not known. `oxygen_flow_l_min`, `fio2`, `age`
    and `pregnant` may be left out. For whom the score is not, no part is known.
    """
    given = {**given, "supplemental_oxygen": _oxygen(given)}
    parts = {name: _look_up(name, chart, given[name]) for name, chart in _CHARTS.items()}
    parts["spo2"] = _spo2(given["spo2"], given["spo2_scale"], given["supplemental_oxygen"])
    parts["supplemental_oxygen"] = _yes_or_no(given["supplemental_oxygen"], 0, OXYGEN_POINTS)
    parts["consciousness"] = _yes_or_no(given["alert"], NOT_ALERT_POINTS, 0)
    for unfit in _not_for(given):
        for points in parts.values():
            points[unfit] = UNKNOWN
    return {name: parts[name] for name in PARTS}


def news2_totals(given: Mapping[str, Floats]) -> Floats:
    """Return the totals, NaN where any part is missing."""
    total = np.zeros(len(given["spo2"]), dtype=np.int16)
    for points in news2_points(given).values():
        total += points
    return np.where(total >= 0, total, np.nan)


def _oxygen(given: Mapping[str, Floats]) -> Floats:
    """Return what is known of oxygen; flow and fraction are looked at where they are given."""
    said = given["supplemental_oxygen"]
    if not {"oxygen_flow_l_min", "fio2"} & set(given):
        return said
    unknown = np.full(len(said), np.nan)
    return on_oxygen_many(said, given.get("oxygen_flow_l_min", unknown), given.get("fio2", unknown))


def _not_for(given: Mapping[str, Floats]) -> Iterator[NDArray[np.bool_]]:
    """Yield of whom NEWS2 must not be said; not known, age and pregnancy refuse nothing."""
    if "age" in given:
        yield (given["age"] < LOWEST_AGE) | (given["age"] > HIGHEST_AGE)
    if "pregnant" in given:
        yield given["pregnant"] == 1


def _spo2(value: Floats, scale: Floats, oxygen: Floats) -> Points:
    """Return the points by the scale; on scale 1 it is no matter whether oxygen is known."""
    points = np.where(scale == SCALES[0], _look_up("spo2", SPO2_SCALE_1, value), UNKNOWN)
    second = scale == SCALES[1]
    if second.any():
        on_air = _look_up("spo2", SPO2_SCALE_2_ON_AIR, value[second])
        on_oxygen = _look_up("spo2", SPO2_SCALE_2_ON_OXYGEN, value[second])
        given = oxygen[second]
        known = np.where(given == 1, on_oxygen, on_air)
        points[second] = np.where(np.isnan(given), UNKNOWN, known)
    return points


def _yes_or_no(value: Floats, no: int, yes: int) -> Points:
    return np.where(value == 1, np.int8(yes), np.where(value == 0, np.int8(no), UNKNOWN))


def _look_up(name: str, chart: Chart, value: Floats) -> Points:
    """Round half up to the decimals of the chart and take the points from its table."""
    info, table = VITALS[NUMBERS[name]], _table(name, chart)
    scale = 10.0**info.decimals
    lowest = round(info.lowest * scale)
    # The product of 35.05 and 10 is a little less than 350.5, which is what was written.
    place = value * scale + (0.5 + 1e-9 - lowest + 1)
    known = (value >= info.lowest) & (value <= info.highest)
    return table[np.where(known, place, 0).astype(np.int32)]


@lru_cache
def _table(name: str, chart: Chart) -> Points:
    """Lay out a chart from the lowest to the highest value that can be true, UNKNOWN before."""
    info = VITALS[NUMBERS[name]]
    scale = 10**info.decimals
    first, last = round(info.lowest * scale), round(info.highest * scale)
    shown = [step / scale for step in range(first, last + 1)]
    points = [next(points for highest, points in chart if value <= highest) for value in shown]
    return np.array([UNKNOWN, *points], dtype=np.int8)

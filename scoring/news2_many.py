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
AT_ONCE: Final = 16_384
"""People whose arrays stay in the cache of a processor. Source: none, measured."""
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
    count = len(given["spo2"])
    totals = np.empty(count)
    for begin in range(0, count, AT_ONCE):
        some = slice(begin, begin + AT_ONCE)
        parts = news2_points({name: values[some] for name, values in given.items()}).values()
        total = np.sum(list(parts), axis=0, dtype=np.int16)
        totals[some] = np.where(total >= 0, total, np.nan)
    return totals


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
    first, second = ((scale == one).view(np.int8) for one in SCALES)
    on, unknown = (oxygen == 1).view(np.int8), np.isnan(oxygen).view(np.int8)
    # Scale 1 is chart 0, scale 2 is chart 1 on air, 2 on oxygen; 3 is none.
    chart = (3 - 3 * first - second * (2 - on - 2 * unknown)).astype(np.int32)
    tables = _spo2_tables()
    found: Points = tables.take(_place("spo2", value) + chart * (len(tables) // 4), mode="clip")
    return found


@lru_cache
def _spo2_tables() -> Points:
    """Lay out scale 1, scale 2 on air and on oxygen, and of whom that is not known, in a row."""
    charts = (SPO2_SCALE_1, SPO2_SCALE_2_ON_AIR, SPO2_SCALE_2_ON_OXYGEN)
    known = [_table("spo2", chart) for chart in charts]
    return np.concatenate([*known, np.full_like(known[0], UNKNOWN)])


def _yes_or_no(value: Floats, no: int, yes: int) -> Points:
    is_yes, is_no = (value == 1).view(np.int8), (value == 0).view(np.int8)
    points: Points = is_yes * np.int8(yes) + is_no * np.int8(no) + (1 - is_yes - is_no) * UNKNOWN
    return points


def _look_up(name: str, chart: Chart, value: Floats) -> Points:
    points: Points = _table(name, chart).take(_place(name, value), mode="clip")
    return points


def _place(name: str, value: Floats) -> NDArray[np.int32]:
    """Round half up to the decimals of the chart; 0 for what is missing or cannot be true."""
    info = VITALS[NUMBERS[name]]
    scale = 10.0**info.decimals
    # The product of 35.05 and 10 is a little less than 350.5, which is what was written.
    place = value * scale
    place += 0.5 + 1e-9 - round(info.lowest * scale) + 1
    with np.errstate(invalid="ignore"):
        shown = place.astype(np.int32)
    # What is no number is some number now, and goes to the first place with all that is not known.
    shown *= (value >= info.lowest) & (value <= info.highest)
    return shown


@lru_cache
def _table(name: str, chart: Chart) -> Points:
    """Lay out a chart from the lowest to the highest value that can be true, UNKNOWN before."""
    info = VITALS[NUMBERS[name]]
    scale = 10**info.decimals
    first, last = round(info.lowest * scale), round(info.highest * scale)
    shown = [step / scale for step in range(first, last + 1)]
    points = [next(points for highest, points in chart if value <= highest) for value in shown]
    return np.array([UNKNOWN, *points], dtype=np.int8)

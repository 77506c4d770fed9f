"""NEWS2 of many people at once, from the very charts of scoring/news2.py. Pure.

NaN is « not known »: a total is given only where nothing is missing, never a part of one.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.vitals import VITALS
from scoring.news2 import (
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
from scoring.windows import Floats

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


def news2_parts(given: Mapping[str, Floats]) -> dict[str, Floats]:
    """Return the points of each part, NaN where it is not known or cannot be true.

    `given`: an array for each field of News2Input that is a number, `supplemental_oxygen` and
    `alert` as 1 or 0, `spo2_scale` as 1 or 2.
    """
    oxygen, scale = given["supplemental_oxygen"], given["spo2_scale"]
    spo2 = _shown("spo2", given["spo2"])
    by_scale = np.where(
        scale == SCALES[0],
        _points(SPO2_SCALE_1, spo2),
        np.where(
            oxygen == 1,
            _points(SPO2_SCALE_2_ON_OXYGEN, spo2),
            _points(SPO2_SCALE_2_ON_AIR, spo2),
        ),
    )
    parts = {name: _points(chart, _shown(name, given[name])) for name, chart in _CHARTS.items()}
    # On scale 1 the points of SpO2 do not hang on oxygen: whether it is known is no matter there.
    unknown = np.isnan(scale) | (scale == SCALES[1]) & np.isnan(oxygen)
    parts["spo2"] = np.where(unknown, np.nan, by_scale)
    parts["supplemental_oxygen"] = oxygen * OXYGEN_POINTS
    parts["consciousness"] = (1 - given["alert"]) * NOT_ALERT_POINTS
    return {name: parts[name] for name in PARTS}


def news2_totals(given: Mapping[str, Floats]) -> Floats:
    """Return the totals, NaN where any part is missing."""
    total: Floats = np.sum(list(news2_parts(given).values()), axis=0)
    return total


def _shown(name: str, value: Floats) -> Floats:
    """Round half up to the decimals of the chart; what cannot be true is not known."""
    info = VITALS[NUMBERS[name]]
    scale = 10.0**info.decimals
    # The product of 35.05 and 10 is a little less than 350.5, which is what was written.
    shown = np.floor(np.round(value * scale, 9) + 0.5) / scale
    return np.where((value >= info.lowest) & (value <= info.highest), shown, np.nan)


def _points(chart: Chart, shown: Floats) -> Floats:
    highest = np.array([row[0] for row in chart])
    points: NDArray[np.float64] = np.array([row[1] for row in chart], dtype=np.float64)
    row = np.searchsorted(highest, np.where(np.isnan(shown), 0, shown), side="left")
    return np.where(np.isnan(shown), np.nan, points[row])

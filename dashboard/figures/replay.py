"""The chart of the last 30 days with the limits of a draft, and a mark where it would have called.

A month of minutes is more than a screen has points: of each stretch the lowest and the highest
value are drawn, so that no fall is drawn away.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final
from zoneinfo import ZoneInfo

import plotly.graph_objects as go

from alerts.chart import Chart, ChartPoint, Series
from alerts.replaying import Fired
from core.vitals import VITALS
from dashboard.figures.vitals import ChartOptions, vitals_figure
from scoring.item import MeasuredItem
from scoring.level import Level

MOST_POINTS: Final = 1500
"""Points drawn of one series: about as many as a wide screen has columns."""
MARK_COLOURS: Final = {Level.RED: "#c22f24", Level.ORANGE: "#c46f14"}
MARK_SHAPES: Final = {Level.RED: "octagon", Level.ORANGE: "triangle-up"}


def replay_figure(
    chart: Chart, items: Sequence[MeasuredItem], fired: Sequence[Fired], *, options: ChartOptions
) -> go.Figure:
    """Return SpO2 above pulse with the limits of `items`, and a mark for each of `fired`."""
    thin = replace(chart, spo2=thinned(chart.spo2), pulse=thinned(chart.pulse))
    figure = vitals_figure(thin, items, options=options)
    for row, series in ((1, thin.spo2), (2, thin.pulse)):
        slug = VITALS[series.vital].slug
        for level in (Level.ORANGE, Level.RED):
            marked = [one for one in fired if one.item == slug and one.level is level]
            _mark(figure, row, level, marked, options)
    return figure


def _mark(
    figure: go.Figure, row: int, level: Level, fired: Sequence[Fired], options: ChartOptions
) -> None:
    if not fired:
        return
    zone = ZoneInfo(options.time_zone)
    figure.add_scatter(
        x=[one.at.astimezone(zone).replace(tzinfo=None).isoformat() for one in fired],
        y=[one.value for one in fired], row=row, col=1, mode="markers", cliponaxis=False,
        name=options.limits[level],
        marker={"symbol": MARK_SHAPES[level], "size": 13, "color": MARK_COLOURS[level],
                "line": {"color": "#ffffff", "width": 1.5}},
        hovertemplate=f"{options.limits[level]} · %{{x|%d/%m %H:%M}} · %{{y}}<extra></extra>",
    )  # fmt: skip


def thinned(series: Series, most: int = MOST_POINTS) -> Series:
    """Return at most about `most` points: the lowest and the highest of each stretch."""
    points = series.points
    if len(points) <= most:
        return series
    size = -(-len(points) * 2 // most)
    kept: list[ChartPoint] = []
    for start in range(0, len(points), size):
        stretch = points[start : start + size]
        low, high = min(stretch, key=_value), max(stretch, key=_value)
        kept += sorted({low, high}, key=lambda point: point.at)
    return replace(series, points=tuple(kept))


def _value(point: ChartPoint) -> float:
    return point.value

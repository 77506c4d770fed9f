"""The chart of SpO2 and pulse: limits as bands, gaps as gaps, doubtful points marked as such."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from alerts.chart import Chart, ChartPoint, Series
from core.vitals import Vital
from scoring.item import Bound, Limit, MeasuredItem
from scoring.level import Level
from scoring.observation import TO_VERIFY, UNUSABLE

LINE_COLOUR: Final = "#0a5675"
INK: Final = "#14213a"
SOFT: Final = "#465269"
BAND_COLOURS: Final = {Level.RED: "#ffd3ce", Level.ORANGE: "#ffe2b8"}
LOWEST_SPAN: Final = {Vital.SPO2: (84.0, 100.0), Vital.PULSE: (40.0, 120.0)}
"""The axis shows at least this, in the vital's unit, so that noise never looks like a fall."""
FALLBACK_GAP: Final = timedelta(minutes=10)
GAP_PERIODS: Final = 4
"""The line breaks after this many usual intervals without a point."""
MOST_MARKED: Final = 40
"""Up to so many points each has a mark; more would hide the line."""
FLAGGED: Final = TO_VERIFY | UNUSABLE


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartOptions:
    """Words of the chart in the reader's language, and the zone its times are shown in."""

    locale: str
    time_zone: str
    spo2: str
    pulse: str
    doubtful: str
    no_value: str
    limits: dict[Level, str]


def vitals_figure(
    chart: Chart, items: Sequence[MeasuredItem], *, options: ChartOptions
) -> go.Figure:
    """Return SpO2 above pulse on one time axis, with the limits of `items` as bands."""
    figure = make_subplots(rows=2, cols=1, shared_xaxes=True, vertical_spacing=0.09)
    titled = ((1, chart.spo2, options.spo2), (2, chart.pulse, options.pulse))
    for row, series, title in titled:
        low, high = axis_range(series)
        limits = [limit for item in items if item.vital is series.vital for limit in item.limits]
        # The series first: plotly draws no band into a subplot that is empty.
        _draw_series(figure, row, series, title, options)
        for band in bands(limits, low, high):
            _draw_band(figure, row, band, options)
        figure.update_yaxes(range=[low, high], row=row, col=1, title_text=title, fixedrange=True)
    _dress(figure, chart, options)
    return figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """A stretch of the axis beyond a limit, from `low` to `high` in the vital's unit."""

    level: Level
    low: float
    high: float
    threshold: float


def bands(limits: Iterable[Limit], low: float, high: float) -> list[Band]:
    """Return the bands of limits on an axis from `low` to `high`, orange cut off where red begins.

    A fall from the usual value is no fixed band and is left out.
    """
    below = sorted(
        (one for one in limits if one.bound in (Bound.AT_MOST, Bound.BELOW)),
        key=lambda one: one.value,
    )
    above = sorted(
        (one for one in limits if one.bound is Bound.AT_LEAST), key=lambda one: -one.value
    )
    found, edge = [], low
    for one in below:
        found.append(Band(level=one.level, low=edge, high=one.value, threshold=one.value))
        edge = one.value
    edge = high
    for one in above:
        found.append(Band(level=one.level, low=one.value, high=edge, threshold=one.value))
        edge = one.value
    return [band for band in found if band.high > band.low]


def axis_range(series: Series) -> tuple[float, float]:
    """Return the range of the axis: the least span of the vital, wider when values need it."""
    low, high = LOWEST_SPAN[series.vital]
    values = [point.low for point in series.points] + [point.high for point in series.points]
    padded = (min([low, *(v - 2 for v in values)]), max([high, *(v + 2 for v in values)]))
    return (padded[0], min(padded[1], 100.5) if series.vital is Vital.SPO2 else padded[1])


def frame_of(points: Iterable[ChartPoint], time_zone: str) -> pd.DataFrame:
    """Return points as a frame in local wall time, with an empty row wherever the line breaks."""
    frame = pd.DataFrame([(p.at, p.value) for p in points], columns=["at", "value"])
    if frame.empty:
        return frame
    frame["at"] = pd.to_datetime(frame["at"], utc=True)
    steps = frame["at"].diff()
    usual = steps[steps > pd.Timedelta(0)].median()
    longest = max(FALLBACK_GAP, GAP_PERIODS * usual) if pd.notna(usual) else FALLBACK_GAP
    breaks = frame.loc[steps > longest, ["at"]].copy()
    breaks["at"] -= pd.Timedelta(milliseconds=1)
    joined = pd.concat([frame, breaks]).sort_values("at", kind="stable", ignore_index=True)
    joined["at"] = joined["at"].dt.tz_convert(ZoneInfo(time_zone)).dt.tz_localize(None)
    return joined


def _draw_band(figure: go.Figure, row: int, band: Band, options: ChartOptions) -> None:
    figure.add_hrect(
        y0=band.low, y1=band.high, fillcolor=BAND_COLOURS[band.level], opacity=0.55,
        line_width=0, layer="below", row=row, col=1,
        annotation_text=options.limits[band.level], annotation_position="top left",
        annotation_font={"size": 11, "color": SOFT},
    )  # fmt: skip


def _draw_series(
    figure: go.Figure, row: int, series: Series, title: str, options: ChartOptions
) -> None:
    trusted = [point for point in series.points if not point.quality & FLAGGED]
    frame = frame_of(trusted, options.time_zone)
    times, values = _column(frame, "at"), _column(frame, "value")
    alone = len(trusted) <= MOST_MARKED
    figure.add_scatter(
        x=times, y=values, row=row, col=1, name=title, connectgaps=False,
        mode="lines+markers" if alone else "lines",
        line={"color": LINE_COLOUR, "width": 2}, marker={"size": 6, "color": LINE_COLOUR},
        hovertemplate="%{x|%H:%M} · %{y}<extra></extra>",
    )  # fmt: skip
    flagged = [point for point in series.points if point.quality & FLAGGED]
    doubtful = frame_of(flagged, options.time_zone).dropna()
    figure.add_scatter(
        x=_column(doubtful, "at"), y=_column(doubtful, "value"), row=row, col=1,
        name=options.doubtful, mode="markers",
        marker={"symbol": "x-thin", "size": 9, "line": {"color": INK, "width": 2}},
        hovertemplate=f"{options.doubtful} · %{{x|%H:%M}} · %{{y}}<extra></extra>",
    )  # fmt: skip
    if not series.points:
        figure.add_annotation(
            text=options.no_value, x=0.5, y=0.5, showarrow=False, row=row, col=1,
            xref="x domain" if row == 1 else "x2 domain",
            yref="y domain" if row == 1 else "y2 domain", font={"color": SOFT, "size": 14},
        )  # fmt: skip


def _column(frame: pd.DataFrame, name: str) -> list[Any]:
    """Return a column as plain values; a break is None, which draws nothing."""
    if name == "at":
        return [at.isoformat() for at in frame[name]] if not frame.empty else []
    return [None if pd.isna(value) else float(value) for value in frame[name]]


def _dress(figure: go.Figure, chart: Chart, options: ChartOptions) -> None:
    start, end = (_wall(at, options.time_zone) for at in (chart.start, chart.end))
    figure.update_xaxes(
        range=[start, end], showgrid=True, gridcolor="#e6ebf1", linecolor="#d3dbe5",
        tickformatstops=[
            {"dtickrange": [None, 86_400_000 - 1], "value": "%-H h %M" if options.locale == "fr"
             else "%H:%M"},
            {"dtickrange": [86_400_000, None], "value": "%-d %b"},
        ],
    )  # fmt: skip
    figure.update_yaxes(gridcolor="#e6ebf1", zeroline=False, nticks=6, title_font={"size": 13})
    figure.update_layout(
        height=430, margin={"l": 56, "r": 12, "t": 10, "b": 34}, showlegend=False,
        paper_bgcolor="rgba(0,0,0,0)", plot_bgcolor="#ffffff", separators=", ",
        font={"color": INK, "size": 13}, hovermode="closest", uirevision="kept",
        dragmode=False,
    )  # fmt: skip


def _wall(at: datetime, time_zone: str) -> str:
    return at.astimezone(ZoneInfo(time_zone)).replace(tzinfo=None).isoformat()

"""The chart in words, for who does not see it."""

from alerts.chart import Chart, Series
from core.vitals import VITALS
from dashboard.reader import Reader


def chart_sentence(reader: Reader, chart: Chart) -> str:
    """Return the lowest, highest and last value of each vital of the chart."""
    return " ".join(
        _series(reader, series) for series in (chart.spo2, chart.pulse) if series.points
    )


def _series(reader: Reader, series: Series) -> str:
    info = VITALS[series.vital]
    last = series.points[-1]
    unit = reader.say(info.unit_shown)
    return reader.say(
        "{item}: from {low} to {high} {unit}, last {last} {unit} at {time}.",
        item=reader.item(info.slug),
        low=reader.number(min(point.low for point in series.points), series.vital),
        high=reader.number(max(point.high for point in series.points), series.vital),
        last=reader.number(last.value, series.vital),
        unit=unit,
        time=reader.time(last.at),
    )

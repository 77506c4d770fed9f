"""A month on one chart: no fall is drawn away, and a mark stands where somebody would be called."""

from datetime import UTC, datetime, timedelta

from alerts.chart import Chart, ChartPoint, Series
from alerts.replaying import Fired
from core.vitals import Quality, Vital
from dashboard.figures.replay import MOST_POINTS, replay_figure, thinned
from dashboard.figures.vitals import ChartOptions
from scoring.level import Level

START = datetime(2026, 10, 28, tzinfo=UTC)
OPTIONS = ChartOptions(
    locale="fr", time_zone="Europe/Paris", spo2="SpO₂", pulse="Pouls", doubtful="douteuse",
    no_value="rien", limits={Level.RED: "seuil rouge", Level.ORANGE: "seuil orange"},
)  # fmt: skip


def series(vital: Vital, values: list[float]) -> Series:
    points = tuple(
        ChartPoint(
            at=START + timedelta(minutes=minute), value=value, low=value, high=value,
            source="minute", quality=Quality(0),
        )
        for minute, value in enumerate(values)
    )  # fmt: skip
    return Series(vital=vital, unit="%", points=points)


def test_of_a_month_of_minutes_the_lowest_and_the_highest_stay() -> None:
    values = [96.0] * 43_200
    values[777], values[30_001] = 71.0, 100.0
    found = thinned(series(Vital.SPO2, values))
    assert len(found.points) <= MOST_POINTS + 2
    assert {71.0, 100.0} <= {point.value for point in found.points}
    assert list(found.points) == sorted(found.points, key=lambda point: point.at)


def test_each_call_has_its_mark_on_the_row_of_its_vital() -> None:
    chart = Chart(
        start=START, end=START + timedelta(days=30), raw=False,
        spo2=series(Vital.SPO2, [96.0, 91.0]), pulse=series(Vital.PULSE, [80.0]),
    )  # fmt: skip
    fired = (
        Fired(item="spo2", level=Level.RED, at=START, value=91.0, worsened=False),
        Fired(item="dyspnoea", level=Level.RED, at=START, value=None, worsened=False),
    )
    figure = replay_figure(chart, [], fired, options=OPTIONS)
    marks = [trace for trace in figure.data if trace.marker.symbol == "octagon"]
    assert [(list(trace.y), trace.yaxis) for trace in marks] == [([91.0], "y")]

"""The chart as data: gaps, doubtful points that are marked and never joined, limits as bands."""

import json
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from alerts.chart import Chart, ChartPoint, Series
from core.vitals import Quality, Vital
from dashboard.figures.vitals import Band, ChartOptions, axis_range, bands, vitals_figure
from scoring.item import Bound, Limit, MeasuredItem
from scoring.level import Level
from scoring.observation import GOOD

NOON = datetime(2026, 1, 15, 11, tzinfo=UTC)
OPTIONS = ChartOptions(
    locale="fr",
    time_zone="Europe/Paris",
    spo2="SpO₂ (%)",
    pulse="Pouls (bpm)",
    doubtful="donnée douteuse",
    no_value="Aucune mesure",
    limits={Level.RED: "seuil rouge", Level.ORANGE: "seuil orange"},
)
LIMITS = (
    Limit(level=Level.RED, bound=Bound.AT_MOST, value=92, source="test"),
    Limit(level=Level.ORANGE, bound=Bound.AT_MOST, value=94, source="test"),
    Limit(level=Level.ORANGE, bound=Bound.FALL_FROM_USUAL, value=3, source="test"),
)
SPO2 = MeasuredItem(
    code="spo2",
    title="SpO2",
    vital=Vital.SPO2,
    limits=LIMITS,
    max_age=timedelta(hours=24),
    essential=True,
)


def point(minute: float, value: float, quality: Quality = GOOD) -> ChartPoint:
    at = NOON + timedelta(minutes=minute)
    return ChartPoint(at=at, value=value, low=value, high=value, source="minute", quality=quality)


def figure_of(*points: ChartPoint) -> dict[str, list[dict[str, object]]]:
    chart = Chart(
        start=NOON,
        end=NOON + timedelta(hours=1),
        raw=False,
        spo2=Series(vital=Vital.SPO2, unit="%", points=points),
        pulse=Series(vital=Vital.PULSE, unit="/min", points=()),
    )
    made: dict[str, list[dict[str, object]]] = json.loads(
        vitals_figure(chart, [SPO2], options=OPTIONS).to_json()
    )
    return made


def test_a_gap_breaks_the_line() -> None:
    line = figure_of(*(point(m, 96) for m in (0, 1, 2, 30, 31)))["data"][0]
    assert line["y"] == [96, 96, 96, None, 96, 96]
    assert line["connectgaps"] is False


def test_times_are_those_of_the_reader() -> None:
    assert figure_of(point(0, 96))["data"][0]["x"] == ["2026-01-15T12:00:00"]


def test_a_doubtful_point_is_marked_and_not_joined() -> None:
    line, doubtful = figure_of(point(0, 96), point(1, 70, Quality.QUESTIONABLE), point(2, 95))[
        "data"
    ][:2]
    assert line["y"] == [96, 95]
    assert (doubtful["y"], doubtful["mode"]) == ([70], "markers")


def test_low_perfusion_alone_is_no_doubt() -> None:
    assert figure_of(point(0, 90, Quality.LOW_PERFUSION))["data"][0]["y"] == [90]


def test_limits_are_bands_that_do_not_overlap() -> None:
    assert bands(LIMITS, 84, 100) == [
        Band(level=Level.RED, low=84, high=92, threshold=92),
        Band(level=Level.ORANGE, low=92, high=94, threshold=94),
    ]
    high = (
        Limit(level=Level.RED, bound=Bound.AT_LEAST, value=131, source="test"),
        Limit(level=Level.ORANGE, bound=Bound.AT_LEAST, value=111, source="test"),
    )
    assert [(b.level, b.low, b.high) for b in bands(high, 40, 140)] == [
        (Level.RED, 131, 140),
        (Level.ORANGE, 111, 131),
    ]


def test_the_bands_are_drawn_with_their_words_and_an_empty_plot_says_so() -> None:
    layout = json.loads(json.dumps(figure_of(point(0, 96))))["layout"]
    drawn = [(shape["y0"], shape["y1"]) for shape in layout["shapes"]]
    assert drawn == [(84, 92), (92, 94)]
    said = [note["text"] for note in layout["annotations"]]
    assert said == ["seuil rouge", "seuil orange", "Aucune mesure"]


@given(st.lists(st.floats(30, 100), min_size=1, max_size=30))
def test_every_value_lies_within_the_axis(values: list[float]) -> None:
    points = tuple(point(i, v) for i, v in enumerate(values))
    low, high = axis_range(Series(vital=Vital.SPO2, unit="%", points=points))
    assert all(low <= value <= high for value in values)
    assert low <= 84

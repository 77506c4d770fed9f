"""The little chart of the alert's page: nothing leaves the picture, gaps stay gaps."""

from datetime import UTC, datetime, timedelta
from importlib.resources import files

from hypothesis import given
from hypothesis import strategies as st

from alerts.chart import ChartPoint, Series
from alerts.figure import BOTTOM, LEFT, RIGHT, TOP, Figure, draw, hourly
from alerts.profile import parse_profile
from core.vitals import Quality, Vital
from scoring.item import MeasuredItem

END = datetime(2026, 11, 22, 12, 30, tzinfo=UTC)
START = END - timedelta(hours=24)
PROFILE = parse_profile((files("alerts") / "profiles" / "covid-home-1.json").read_bytes())
ITEMS = {item.vital: item for item in PROFILE.items if isinstance(item, MeasuredItem)}


def series(vital: Vital, values: list[tuple[int, float, Quality]]) -> Series:
    points = [
        ChartPoint(
            at=END - timedelta(minutes=ago),
            value=value,
            low=value,
            high=value,
            source="spot",
            quality=quality,
        )
        for ago, value, quality in sorted(values, key=lambda one: -one[0])
    ]
    return Series(vital=vital, unit="%", points=tuple(points))


def drawn(vital: Vital, values: list[tuple[int, float, Quality]]) -> Figure:
    return draw(series(vital, values), ITEMS[vital], start=START, end=END, raised_at=None)


GOOD = Quality(0)


def test_bands_stand_where_the_profile_says() -> None:
    bands = {(band.level, band.sign, band.limit) for band in drawn(Vital.SPO2, []).bands}
    assert bands == {("orange", "≤", 94), ("red", "≤", 92)}
    pulse = {(band.level, band.sign, band.limit) for band in drawn(Vital.PULSE, []).bands}
    assert pulse == {("orange", "≥", 111), ("red", "≥", 131), ("red", "≤", 40)}


def test_a_value_on_its_limit_lies_inside_the_band() -> None:
    figure = drawn(Vital.SPO2, [(5, 92, GOOD)])
    red = next(band for band in figure.bands if band.level == "red")
    assert red.y <= figure.last_y <= red.y + red.height
    safe = drawn(Vital.SPO2, [(5, 95, GOOD)])
    assert all(safe.last_y < band.y for band in safe.bands)


def test_a_gap_is_a_gap() -> None:
    close = [(minutes, 96.0, GOOD) for minutes in range(0, 60, 5)]
    far = [(minutes, 96.0, GOOD) for minutes in range(600, 660, 5)]
    assert len(drawn(Vital.SPO2, close).lines) == 1
    assert len(drawn(Vital.SPO2, close + far).lines) == 2


def test_what_is_no_measurement_is_not_drawn_and_doubt_is_marked() -> None:
    figure = drawn(Vital.SPO2, [(9, 50, Quality.INVALID), (5, 96, Quality.QUESTIONABLE)])
    assert figure.lowest == 96
    assert [dot.doubtful for dot in figure.dots] == [True]


@given(st.lists(st.tuples(st.integers(0, 24 * 60), st.floats(30, 300), st.just(GOOD)), min_size=1))
def test_nothing_leaves_the_picture(values: list[tuple[int, float, Quality]]) -> None:
    figure = drawn(Vital.PULSE, values)
    for dot in figure.dots:
        assert LEFT <= dot.x <= RIGHT
        assert TOP <= dot.y <= BOTTOM
    for band in figure.bands:
        assert band.y >= TOP - 0.1
        assert band.y + band.height <= BOTTOM + 0.1


def test_the_table_keeps_the_lowest_of_each_hour() -> None:
    table = hourly(series(Vital.SPO2, [(5, 96, GOOD), (10, 88, GOOD), (70, 97, GOOD)]))
    assert [point.value for point in table] == [88, 97]

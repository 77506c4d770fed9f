"""What came true of a question over the past is known only by what was measured soon enough."""

from datetime import UTC, date, datetime, timedelta
from math import exp

import pytest

from alerts.rescored import Scored, came_true, score
from alerts.rescoring_given import asked_at_each, course_of
from core.vitals import Quality, Vital
from scoring.observation import Reading
from tests.unit.scoring.model.by_hand import HEADS

AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
WELL = {
    Vital.SPO2: 97.0,
    Vital.RESPIRATORY_RATE: 16.0,
    Vital.PULSE: 72.0,
    Vital.TEMPERATURE: 36.8,
    Vital.SYSTOLIC: 125.0,
}
MOMENT = timedelta(milliseconds=1)
DAY = timedelta(hours=24)


def known(*later: timedelta) -> bool | None:
    """Return what came of a question at AT, of one well at it, six hours later, and `later`."""
    readings = [
        Reading(reading_id=0, vital=vital, value=value, measured_at=AT + after, quality=Quality(0))
        for after in (timedelta(), timedelta(hours=6), *later)
        for vital, value in WELL.items()
    ]
    asked = asked_at_each(readings, [], None, None, [AT])
    return came_true(course_of(readings, asked))[0]


@pytest.mark.parametrize(
    ("later", "expected"),
    [
        (DAY / 2 - MOMENT, None),
        (DAY / 2, False),
        (DAY, False),
        (DAY + MOMENT, None),
        (timedelta(days=10), None),
    ],
)
def test_what_is_measured_from_half_a_day_to_a_day_later_makes_it_known(
    later: timedelta, expected: bool | None
) -> None:
    assert known(later) is expected
    assert known(later, timedelta(days=10)) is expected


def at(after: timedelta, values: dict[Vital, float]) -> list[Reading]:
    return [
        Reading(reading_id=0, vital=vital, value=one, measured_at=AT + after, quality=Quality(0))
        for vital, one in values.items()
    ]


@pytest.mark.parametrize(("flow", "expected"), [(2.0, True), (0.0, False), (None, False)])
def test_the_two_points_of_oxygen_count_on_both_sides(flow: float | None, expected: bool) -> None:
    """25 breaths and 93 % are 3 and 2 points (RCP 2017, chart 1): with oxygen's 2 it is 7."""
    ill = {**WELL, Vital.RESPIRATORY_RATE: 25.0, Vital.SPO2: 93.0}
    readings = [*at(timedelta(), WELL), *at(DAY / 2, ill)]
    flows = [] if flow is None else [(AT, flow)]
    asked = asked_at_each(readings, flows, None, None, [AT])
    assert came_true(course_of(readings, asked)) == [expected]


def line(
    values: dict[Vital, float], *, flow: float | None = 0.0, born: date | None = date(1950, 1, 1)
) -> Scored:
    """Return the line of one instant by the model written by hand."""
    readings = at(timedelta(), values)
    flows = [] if flow is None else [(AT, flow)]
    asked = asked_at_each(readings, flows, born, "female", [AT])
    (found,) = score(HEADS, asked, readings)
    return found


def without(*vitals: Vital) -> dict[Vital, float]:
    return {
        vital: one for vital, one in {**WELL, Vital.DIASTOLIC: 70.0}.items() if vital not in vitals
    }


def of(odds: float) -> float:
    return 1 / (1 + exp(-odds))


def test_nobody_asked_about_has_no_line() -> None:
    assert score(HEADS, [], at(timedelta(), WELL)) == []


def test_a_line_says_the_risk_its_band_and_what_it_was_said_from() -> None:
    found = line(without())
    assert (found.at, found.band, found.silence, found.missing) == (AT, "low", None, ())
    assert found.risk == pytest.approx(of(-2))
    assert found.came_true is None
    assert (found.inputs["age"], found.inputs["male"], found.inputs["oxygen"]) == (76, False, False)
    assert found.inputs["spo2"] == {"count": 1, "value": 97.0, "at": AT.isoformat()}
    ill = line({**without(), Vital.SPO2: 92.0}, flow=1.0)
    assert (ill.risk, ill.band) == (pytest.approx(of(1)), "high")


def test_a_risk_that_is_said_names_all_that_was_not_known() -> None:
    found = line(without(Vital.TEMPERATURE, Vital.SYSTOLIC), flow=None)
    assert found.risk == pytest.approx(of(-2))
    assert found.silence is None
    assert sorted(found.missing[:-1]) == ["systolic", "temperature"]
    assert found.missing[-1] == "supplemental_oxygen"


def test_a_risk_that_is_not_said_names_what_it_cannot_do_without() -> None:
    found = line(without(Vital.PULSE, Vital.TEMPERATURE))
    assert (found.risk, found.band, found.silence) == (None, None, "missing")
    assert found.missing == ("pulse",)
    neither = line(without(Vital.PULSE, Vital.SPO2), flow=None)
    assert neither.missing == ("spo2", "pulse", "supplemental_oxygen")


def test_of_children_nothing_is_said_from_sixteen_on_it_is() -> None:
    child = line(without(), born=date(2010, 3, 3), flow=None)
    assert (child.risk, child.band, child.silence) == (None, None, "too_young")
    assert (child.missing, child.inputs["age"]) == ((), 15)
    young = line(without(), born=date(2010, 3, 2))
    assert (young.inputs["age"], young.silence, young.band) == (16, None, "low")
    sixteen = line(without(Vital.PULSE), born=date(2010, 3, 2))
    assert (sixteen.silence, sixteen.missing) == ("missing", ("pulse",))
    unknown = line(without(Vital.PULSE), born=None)
    assert (unknown.silence, unknown.inputs["age"]) == ("missing", None)

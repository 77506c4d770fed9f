"""The numbers a telephone calls out of limits are those the server's own judging calls so."""

from datetime import timedelta
from decimal import Decimal

import pytest

from alerts.bedside_spans import Span, spans_of
from core.vitals import VITALS, Vital
from scoring.item import Bound, Limit, MeasuredItem
from scoring.level import Level
from scoring.observation import GOOD
from scoring.verdict import judge_value


def item(vital: Vital, *limits: tuple[Level, Bound, float]) -> MeasuredItem:
    return MeasuredItem(
        code=VITALS[vital].slug,
        title="",
        vital=vital,
        limits=tuple(
            Limit(level=level, bound=bound, value=value, source="")
            for level, bound, value in limits
        ),
        max_age=timedelta(hours=24),
        essential=True,
    )


CASES = (
    (item(Vital.SPO2, (Level.RED, Bound.AT_MOST, 92), (Level.ORANGE, Bound.BELOW, 95)), None),
    (item(Vital.SPO2, (Level.ORANGE, Bound.FALL_FROM_USUAL, 3)), 96.0),
    (item(Vital.SPO2, (Level.ORANGE, Bound.FALL_FROM_USUAL, 3)), None),
    (item(Vital.WEIGHT, (Level.ORANGE, Bound.FALL_FROM_USUAL, 2.1)), 70.3),
    (
        item(
            Vital.TEMPERATURE,
            (Level.RED, Bound.BELOW, 35),
            (Level.ORANGE, Bound.AT_LEAST, 38.5),
            (Level.RED, Bound.AT_LEAST, 39.1),
        ),
        None,
    ),
)


@pytest.mark.parametrize(("measured", "usual"), CASES)
def test_each_number_is_told_as_it_is_judged(measured: MeasuredItem, usual: float | None) -> None:
    spans, info = spans_of(measured, usual), VITALS[measured.vital]
    step = Decimal(1).scaleb(-info.decimals)
    value = Decimal(repr(info.lowest))
    while value <= Decimal(repr(info.highest)):
        verdict = judge_value(measured, float(value), GOOD, usual)
        met = [one for one in spans if one.lowest <= float(value) <= one.highest]
        assert [one.level for one in met] == ([verdict.level] if verdict.alarms else []), value
        value += step


def test_ends_are_numbers_as_they_are_shown() -> None:
    assert spans_of(*CASES[0]) == (
        Span(lowest=30, highest=92, level=Level.RED, bound=Bound.AT_MOST, threshold=92),
        Span(lowest=93, highest=94, level=Level.ORANGE, bound=Bound.BELOW, threshold=95),
    )
    assert [one.highest for one in spans_of(*CASES[1])] == [93]
    assert spans_of(*CASES[2]) == ()

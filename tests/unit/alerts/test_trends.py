"""A patient's own values in words: spans of a week, and how they went, without a judgement."""

from datetime import UTC, date, datetime, timedelta

import pytest

from alerts.trends import WORTH_SAYING, DayValues, Way, trends
from core.vitals import VITALS, Vital

TODAY = date(2026, 11, 26)


def day(ago: int, low: float, high: float, vital: Vital = Vital.SPO2) -> DayValues:
    on = TODAY - timedelta(days=ago)
    at = datetime(on.year, on.month, on.day, 9, tzinfo=UTC)
    return DayValues(vital=int(vital), day=on, low=low, high=high, times=2, last=high, last_at=at)


def test_two_weeks_are_compared() -> None:
    (one,) = trends([day(13, 90, 91), day(7, 90, 92), day(6, 95, 96), day(0, 96, 97)], TODAY)
    assert one.vital is Vital.SPO2
    assert (one.last, one.way) == (97, Way.HIGHER)
    assert one.week is not None
    assert one.before is not None
    assert (one.week.low, one.week.high) == (95, 97)
    assert (one.before.low, one.before.high) == (90, 92)
    assert one.days[0].day == TODAY


@pytest.mark.parametrize(("change", "way"), [(0, Way.SAME), (1.9, Way.SAME), (-2, Way.LOWER)])
def test_a_small_difference_is_none(change: float, way: Way) -> None:
    (one,) = trends([day(8, 95, 95), day(1, 95 + change, 95 + change)], TODAY)
    assert one.way is way


def test_one_week_alone_compares_with_nothing() -> None:
    (one,) = trends([day(1, 95, 95)], TODAY)
    assert (one.before, one.way) == (None, None)
    assert trends([], TODAY) == []


def test_every_vital_has_its_words_and_its_difference() -> None:
    from alerts.trends import VITAL_LABELS

    assert set(VITAL_LABELS) == set(WORTH_SAYING) == set(VITALS)

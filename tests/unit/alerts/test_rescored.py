"""What came true of a question over the past is known only by what was measured soon enough."""

from datetime import UTC, datetime, timedelta

import pytest

from alerts.rescored import came_true
from alerts.rescoring_given import asked_at_each, course_of
from core.vitals import Quality, Vital
from scoring.observation import Reading

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

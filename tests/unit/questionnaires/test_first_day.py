"""From which day the rhythm of a questionnaire added to a running plan counts."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaires.plans.schedule import Phase, first_day_of, occasions
from tests.unit.questionnaires.test_schedule import (
    CLOCKS,
    DAYS,
    GUADELOUPE,
    PARIS,
    REUNION,
    ZONES,
    schedule,
)


@pytest.mark.promise("R7")
@given(
    day=DAYS,
    clock=st.times(),
    begun=st.integers(0, 400),
    every=st.integers(1, 90),
    clocks=st.lists(CLOCKS, min_size=1, max_size=3, unique=True),
    zone=ZONES,
)
def test_what_is_added_to_a_running_plan_is_asked_within_a_day(
    day: date, clock: time, begun: int, every: int, clocks: list[str], zone: ZoneInfo
) -> None:
    plan = schedule(Phase(times=tuple(clocks), every_days=every))
    added = datetime.combine(day, clock, UTC)
    today = added.astimezone(zone).date()
    first = first_day_of(plan, zone, today - timedelta(days=begun), added)
    found = occasions(
        plan, zone, first, None, after=added, before=added + timedelta(days=2 * every + 2)
    )
    assert found[0].at.astimezone(zone).date() - today <= timedelta(days=1)
    asked = sorted({one.at.astimezone(zone).date() for one in found})
    assert all((day - first).days % every == 0 for day in asked)


@pytest.mark.promise("R7")
@pytest.mark.parametrize(
    ("zone", "added", "first"),
    [
        # The skipped half past two of Paris is asked at three: at one it is still to come.
        (PARIS, datetime(2027, 3, 28, 0, 59, tzinfo=UTC), date(2027, 3, 28)),
        (PARIS, datetime(2027, 3, 28, 1, 0, tzinfo=UTC), date(2027, 3, 29)),
        # The half past two that comes twice is asked the first time.
        (PARIS, datetime(2027, 10, 31, 0, 29, tzinfo=UTC), date(2027, 10, 31)),
        (PARIS, datetime(2027, 10, 31, 1, 0, tzinfo=UTC), date(2027, 11, 1)),
        (REUNION, datetime(2027, 10, 30, 22, 29, tzinfo=UTC), date(2027, 10, 31)),
        (REUNION, datetime(2027, 10, 30, 22, 31, tzinfo=UTC), date(2027, 11, 1)),
        (GUADELOUPE, datetime(2027, 10, 31, 3, 59, tzinfo=UTC), date(2027, 10, 31)),
    ],
)
def test_the_first_day_is_the_next_whose_time_has_not_passed(
    zone: ZoneInfo, added: datetime, first: date
) -> None:
    night = schedule(Phase(times=("02:30",), every_days=30))
    assert first_day_of(night, zone, date(2027, 1, 1), added) == first


def test_a_first_day_waits_for_the_plan_and_for_the_days_that_ask() -> None:
    noon = datetime(2027, 1, 4, 12, 0, tzinfo=UTC)  # a Monday
    monday = date(2027, 1, 4)
    monthly = schedule(Phase(times=("10:00",), every_days=30))
    assert first_day_of(monthly, PARIS, date(2027, 2, 1), noon) == date(2027, 2, 1)
    evening = schedule(Phase(times=("10:00", "18:00"), every_days=30))
    assert first_day_of(evening, PARIS, date(2026, 12, 1), noon) == monday
    after = schedule(Phase(times=("10:00",), on_days=(1, 3)))
    assert first_day_of(after, PARIS, date(2026, 12, 1), noon) == monday

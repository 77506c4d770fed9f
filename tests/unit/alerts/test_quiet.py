"""Quiet hours: every minute of a day, over midnight or not, and of the two nights that are odd."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from alerts.rota.quiet import Quiet, rests_until

PARIS = ZoneInfo("Europe/Paris")
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("begins", "ends"), [("21:00", "07:00"), ("12:15", "13:45"), ("00:00", "06:00")]
)
def test_every_minute_of_a_day(begins: str, ends: str) -> None:
    quiet = Quiet(begins=time.fromisoformat(begins), ends=time.fromisoformat(ends))
    midnight = datetime(2026, 11, 25, tzinfo=PARIS)
    for minute in range(24 * 60):
        now = midnight + minute * MINUTE
        clock = f"{now:%H:%M}"
        inside = begins <= clock < ends if begins < ends else clock >= begins or clock < ends
        until = rests_until(quiet, now.astimezone(UTC), PARIS)
        assert (until is not None) == inside, clock
        if until is not None:
            assert f"{until.astimezone(PARIS):%H:%M}" == ends
            assert timedelta(0) < until - now <= timedelta(hours=10)


@pytest.mark.parametrize("day", [date(2027, 3, 28), date(2027, 10, 31)])
def test_whoever_rests_in_the_night_the_clock_is_set_rests_until_a_moment_to_come(
    day: date,
) -> None:
    start = datetime.combine(day - timedelta(days=1), time(20), PARIS).astimezone(UTC)
    for ends in ("02:30", "07:00"):
        quiet = Quiet(begins=time(21), ends=time.fromisoformat(ends))
        for minute in range(13 * 60):
            now = start + minute * MINUTE
            until = rests_until(quiet, now, PARIS)
            assert until is None or now < until <= now + timedelta(hours=11), now


def test_the_zone_is_that_of_whoever_rests() -> None:
    quiet, now = Quiet(begins=time(21), ends=time(7)), datetime(2026, 11, 25, 22, tzinfo=UTC)
    assert rests_until(quiet, now, PARIS) is not None
    assert rests_until(quiet, now, ZoneInfo("America/Guadeloupe")) is None

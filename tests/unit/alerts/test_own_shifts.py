"""One's own coming shifts: whole ones, those that run too."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from alerts.rota.own import coming
from alerts.rota.public_days import Region
from alerts.rota.rota import EVERY_DAY, Duty, OnHolidays, Rota, Shift

CENTRE, ANNE = UUID(int=1), UUID(int=2)
NIGHT = Shift(
    id=UUID(int=3),
    person=ANNE,
    duty=Duty.ON_CALL,
    weekdays=EVERY_DAY,
    starts=time(20),
    ends=time(8),
    on_holidays=OnHolidays.AS_USUAL,
    first_on=date(2026, 1, 1),
    last_on=None,
)
ROTA = Rota(
    zone=ZoneInfo("Europe/Paris"), region=Region.METROPOLE, staff={ANNE: None}, shifts=(NIGHT,)
)


def test_a_night_that_runs_and_the_last_one_are_shown_whole() -> None:
    now = datetime(2026, 12, 2, 2, 30, tzinfo=UTC)
    found = coming({CENTRE: ROTA}, ANNE, now, timedelta(days=1))
    assert [(one.turn.day, one.turn.end - one.turn.start) for one in found] == [
        (date(2026, 12, 1), timedelta(hours=12)),
        (date(2026, 12, 2), timedelta(hours=12)),
    ]
    assert coming({CENTRE: ROTA}, UUID(int=9), now, timedelta(days=1)) == ()

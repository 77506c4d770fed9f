"""Values that come in for a home, and what is asked and shown because of them."""

from datetime import datetime, timedelta

from alerts import service as alerts
from alerts.views import AlertLine
from core import clock
from core.access import Permission
from core.vitals import Vital
from messages import service as messages
from tests.integration.alerts.home import (
    Home,
    due_left,
    make_home,
    measure,
    opened,
    rows,
    seen_by_nurse,
    watch,
)

NOW = timedelta(0)
MS = timedelta(milliseconds=1)
MINUTE = timedelta(minutes=1)
WITHIN = timedelta(minutes=15)
NUMBER = "+33698765432"


def reachable_home(number: str = NUMBER) -> Home:
    """Return a patient watched by the profile that asks again, whose number takes messages."""
    made = make_home()
    watch(made, 2)
    messages.register_contact(made.care.patient, "sms", number)
    return made


def came(home: Home, *values: float, at: datetime | None = None) -> datetime:
    """Let SpO2 values come in, one millisecond apart, and be judged; return when."""
    now = at or clock.now()
    last = len(values) - 1
    measure(home, [(Vital.SPO2, one, (last - n) * MS) for n, one in enumerate(values)], now=now)
    alerts.review(now)
    assert due_left() == 0
    return now


def repeats() -> list[tuple[object, ...]]:
    return rows(
        "select item, state, alert_id is not null, ended_at is not null from alerts.repeat"
        " order by asked_at, id"
    )


def line_of(home: Home) -> AlertLine:
    (line,) = seen_by_nurse(home)
    return line


def life_of(home: Home) -> list[str]:
    ctx = opened(home.care.nurse, home.care.patient, Permission.ALERTS_READ)
    page = alerts.alert_page(ctx, line_of(home).alert_id)
    assert not isinstance(page, alerts.NotFound)
    return [event.what for event in page.events]


def values_of(home: Home) -> list[tuple[str, float | None]]:
    ctx = opened(home.care.nurse, home.care.patient, Permission.ALERTS_READ)
    page = alerts.alert_page(ctx, line_of(home).alert_id)
    assert not isinstance(page, alerts.NotFound)
    return [(entry.part, entry.evidence.value) for entry in page.evidence]


def asked(home: Home) -> list[tuple[object, ...]]:
    return rows(
        "select channel, address, template, params, weight, about = recipient from messages.outbox"
        " where recipient = %s",
        [home.care.patient],
    )

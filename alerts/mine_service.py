"""Reading for a GP: the open alerts of all his patients, and what his « Vu » would buy."""

from datetime import datetime, timedelta
from uuid import UUID

from alerts.mine import DayAlert, MyAlert, day_alert, my_alert
from alerts.store import mine as store
from core.doors import Actor, CareContext, acting_as

MOST_ALERTS = 100
"""A page of alerts; whoever has more works in the console."""


def my_open_alerts(actor: Actor) -> list[MyAlert]:
    """Return the open alerts of the patients the actor follows, red first, then oldest."""
    with acting_as(actor) as conn:
        return [my_alert(row) for row in store.load_my_alerts(conn, MOST_ALERTS)]


def my_day(actor: Actor, since: datetime) -> list[DayAlert]:
    """Return what was raised or closed since then among the patients the actor follows."""
    with acting_as(actor) as conn:
        return [day_alert(row) for row in store.load_my_day(conn, since, MOST_ALERTS)]


def seen_delay(ctx: CareContext, alert_id: UUID) -> timedelta | None:
    """Return by how long a receipt delays the next step of this alert; None for no alert."""
    with acting_as(ctx) as conn:
        row = store.load_seen_delay(conn, ctx.patient, alert_id)
    return timedelta(seconds=row.seconds) if row else None

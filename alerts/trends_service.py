"""Use case of a patient who looks at his own values."""

from datetime import timedelta

from alerts.store import showing
from alerts.trends import Trend, trends
from core import clock
from core.doors import CareContext, acting_as
from core.i18n import zone

SHOWN = timedelta(days=14)


def own_trends(ctx: CareContext, time_zone: str) -> list[Trend]:
    """Return what the last two weeks of values say in words; needs `vitals:read`."""
    now = clock.now()
    with acting_as(ctx, detail={"read": "trends"}) as conn:
        rows = showing.load_daily_values(conn, ctx.patient, time_zone, now - SHOWN, now)
    return trends(rows, now.astimezone(zone(time_zone)).date())

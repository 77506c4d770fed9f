"""What pages of a GP read beside one alert."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from alerts.mine import DayAlertRow, MyAlertRow
from core.doors import PersonConnection, VisiblePatientId
from core.rows import fetch_all, fetch_one
from core.sqlfile import load_queries

_SQL = load_queries("alerts")


@dataclass(frozen=True, slots=True)
class DelayRow:
    """A delay of the alert's own ladder."""

    seconds: int


def load_my_alerts(conn: PersonConnection, most: int) -> list[MyAlertRow]:
    """Return the open alerts of all patients the actor may read, red first, then oldest."""
    return fetch_all(conn, _SQL["my_open_alerts"], {"most": most}, MyAlertRow)


def load_my_day(conn: PersonConnection, since: datetime, most: int) -> list[DayAlertRow]:
    """Return the alerts raised or closed since then that the actor may read, red first."""
    return fetch_all(conn, _SQL["my_day"], {"since": since, "most": most}, DayAlertRow)


def load_seen_delay(
    conn: PersonConnection, patient: VisiblePatientId, alert_id: UUID
) -> DelayRow | None:
    """Return how long a receipt delays the next step of this alert."""
    params = {"patient": patient, "id": alert_id}
    return fetch_one(conn, _SQL["seen_delay"], params, DelayRow)

"""What the model said of a patient, and what is asked of it."""

from datetime import datetime, timedelta

from alerts import service as alerts
from alerts.store.risks import RiskLine
from core.doors import Service, serving
from core.rows import fetch_all
from core.vitals import Vital
from tests.integration.alerts.home import Home, Spot, measure, rows

HOUR = timedelta(hours=1)
UNWELL: tuple[Spot, ...] = (
    (Vital.SPO2, 91, timedelta(0)),
    (Vital.PULSE, 112, timedelta(0)),
    (Vital.SPO2, 95, 6 * HOUR),
    (Vital.PULSE, 84, 6 * HOUR),
)
_LINES = """
select distinct on (asked_at) id, patient_id, asked_at, noted_at, version, run_id, window_from,
    window_until, inputs, risk, band, reasons, instead, missing, silence, level, news2
from alerts.risk
where patient_id = %(patient)s and run_id is null
order by asked_at desc, noted_at desc
"""


def reviewed(home: Home, spots: tuple[Spot, ...], now: datetime) -> None:
    """Measure and judge."""
    measure(home, spots, now=now)
    assert alerts.review(now).failed == 0


def lines_of(home: Home) -> list[RiskLine]:
    """Return the live lines that count, one an instant, newest first."""
    with serving(Service.REVIEW) as conn:
        return fetch_all(conn, _LINES, {"patient": home.care.patient}, RiskLine)


def queue_left() -> int:
    """Return how many instants wait."""
    return len(rows("select 1 from alerts.risk_due"))

"""At the end of a review: the model is to be asked about this patient, by somebody else and later.

A review owes nothing to the model. What is noted here waits for no lock, and its failure takes
nothing else back.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import structlog
from prometheus_client import Counter

from alerts.risk_input import WINDOW
from alerts.setback import is_of_the_connection, place_of
from alerts.store import risks
from alerts.store.reviewing import DueRow
from core.doors import ServiceConnection
from scoring.home_state import FUTURE_TOLERANCE, OLDEST_JUDGED

_log = structlog.get_logger("alerts")
_FAILURES = Counter("chevet_risk_not_due_total", "Reviews that could not note whom to ask about")
LATENESS: Final = timedelta(minutes=1)
"""A line younger than this is not asked anew: the next line, a minute on, has what came since.
Source: proposed."""
MOST_LATE: Final = 48
"""Past instants asked about anew for one review, the newest first. Source: proposed: a line each
hour for two days, the longest look of the model."""


def ask_model_later(
    conn: ServiceConnection, patient: UUID, key: int, due: Sequence[DueRow], now: datetime
) -> None:
    """Note that the model is to be asked about a patient whose due rows were judged.

    The last thing of the review's transaction: it bounds how long that may wait from here on.
    """
    try:
        with conn.transaction():
            risks.ask_model(
                conn,
                patient,
                key,
                [(row.from_time, row.until_time) for row in due],
                now=now,
                latest=now + FUTURE_TOLERANCE,
                oldest=now - OLDEST_JUDGED - WINDOW,
                lateness=LATENESS,
                most=MOST_LATE,
            )
    except Exception as error:
        if is_of_the_connection(error) and conn.broken:
            raise
        _FAILURES.inc()
        _log.error("risk_not_due", **place_of(error))

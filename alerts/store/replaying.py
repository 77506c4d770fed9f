"""What was measured and answered of late, bounded, under row security."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from alerts.rows import AnswerRow, ReadingRow
from alerts.samples import ChartRow
from core.doors import PersonConnection, VisiblePatientId
from core.rows import fetch_all
from core.sqlfile import load_queries
from core.vitals import Vital

_SQL = load_queries("alerts")
MOST_VALUES: Final = 20_000
"""Spot readings, and as many minutes, that one replay reads: spots of years, minutes of days."""
MOST_ANSWERS: Final = 500
"""Questionnaires that one replay reads."""


def load_readings(
    conn: PersonConnection,
    patient: VisiblePatientId,
    vitals: Sequence[Vital],
    since: datetime,
    until: datetime,
) -> tuple[list[ReadingRow], list[ChartRow]]:
    """Return spot readings and minutes of what was sampled, of each the newest."""
    params: dict[str, Any] = {
        "patient": patient,
        "vitals": [int(vital) for vital in vitals],
        "since": since,
        "until": until,
        "most": MOST_VALUES,
    }
    return (
        fetch_all(conn, _SQL["readings_to_replay"], params, ReadingRow),
        fetch_all(conn, _SQL["minutes_to_replay"], params, ChartRow),
    )


def load_answers(
    conn: PersonConnection, patient: VisiblePatientId, since: datetime, until: datetime
) -> list[AnswerRow]:
    """Return the questionnaires of some days, newest first."""
    params = {"patient": patient, "since": since, "until": until, "most": MOST_ANSWERS}
    return fetch_all(conn, _SQL["answers_to_replay"], params, AnswerRow)

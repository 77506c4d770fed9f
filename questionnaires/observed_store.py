"""The coded numbers of answers that no time series holds."""

from dataclasses import dataclass
from datetime import datetime

from core.doors import PersonConnection, VisiblePatientId
from core.rows import fetch_all
from core.sqlfile import load_queries

_SQL = load_queries("questionnaires")


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """One number, the edition and question it was given to; `unit` is UCUM."""

    loinc: str
    link_id: str
    edition: str
    value: float
    unit: str | None
    observed_at: datetime


def load_observed(
    conn: PersonConnection, patient: VisiblePatientId, since: datetime
) -> list[Observed]:
    """Return the numbers of a patient's answers as they stand, newest first, a few of each code."""
    params = {"patient": patient, "since": since}
    return fetch_all(conn, _SQL["observed"], params, Observed)

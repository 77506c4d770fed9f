"""Typed functions over what models said of patients, and over whom they are to be asked about."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from psycopg.rows import scalar_row
from psycopg.types.json import Jsonb

from alerts.risk_line import ShownRisk
from core.doors import PersonConnection, ServiceConnection, VisiblePatientId
from core.rows import fetch_all, fetch_one
from core.sqlfile import load_queries
from core.vitals import Quality, Vital
from scoring.observation import Reading

_SQL = load_queries("alerts")
_JSON = {"inputs", "reasons", "instead", "missing", "news2"}
MOST_VALUES: Final = 5000
"""Of one vital in one window, single values and minutes each: more minutes than three days have."""
MOST_DUE: Final = 50
"""Instants of one patient taken at once; the others follow in the next pass."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskLine:
    """A line of `alerts.risk`: `risk` (0 to 1) and `band`, or `silence` says why there is none.

    `reasons` and `instead` as `alerts.risk_line` writes them; `missing` are slugs; `run_id` None is
    a live line; `level` and `news2` are what the rules said beside it.
    """

    id: UUID
    patient_id: UUID
    asked_at: datetime
    noted_at: datetime
    version: str
    run_id: UUID | None
    window_from: datetime
    window_until: datetime
    inputs: dict[str, Any]
    risk: float | None
    band: str | None
    reasons: list[dict[str, Any]]
    instead: dict[str, Any] | None
    missing: list[str]
    silence: str | None
    level: str | None
    news2: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class RiskDue:
    """An instant to ask about."""

    id: int
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class PersonToAsk:
    """Whom the model is asked about; `oxygen_l_min` None is not answered lately.

    `spo2_scale` of the prescription in force, None without one.
    """

    patient_id: UUID
    birth_date: date
    sex: str
    oxygen_l_min: float | None
    spo2_scale: int | None


@dataclass(frozen=True, slots=True)
class MeasuredRow:
    """One value in the vital's unit: measured singly, or the median of a sampled minute."""

    vital: int
    at: datetime
    value: float
    quality: int

    @property
    def reading(self) -> Reading:
        """The value as it is judged; whose row it was the model is not told."""
        return Reading(
            reading_id=0,
            vital=Vital(self.vital),
            value=self.value,
            measured_at=self.at,
            quality=Quality(self.quality),
        )


@dataclass(frozen=True, slots=True)
class ModelBeside:
    """The version in use, None when the rules speak alone."""

    version: str | None


@dataclass(frozen=True, slots=True)
class StateAt:
    """What the rules said."""

    level: str
    news2: dict[str, Any]


def ask_model(
    conn: ServiceConnection,
    patient: UUID,
    patient_key: int,
    spans: Sequence[tuple[datetime, datetime]],
    *,
    now: datetime,
    latest: datetime,
    oldest: datetime,
    lateness: timedelta,
    most: int,
) -> None:
    """Note that the model is to be asked about a patient whose data of these spans were judged.

    About now, about what was measured last when its instant has come (until `latest`), and about
    each past live line from `oldest` on, `lateness` old or more, `most` of them, into whose window
    data came. Nothing while no model is in use. It waits for no lock; what comes after it in its
    transaction may again, its COMMIT above all, which waits for the turn of its notifications.
    """
    params = {
        "patient": patient,
        "patient_key": patient_key,
        "from_times": [since for since, _ in spans],
        "until_times": [until for _, until in spans],
        "now": now,
        "latest": latest,
        "oldest": oldest,
        "lateness": lateness,
        "most": most,
    }
    conn.execute(_SQL["bound_asking"])
    conn.execute(_SQL["ask_model"], params)
    conn.execute(_SQL["unbound_asking"])


def load_patients_to_ask_about(
    conn: ServiceConnection, now: datetime, since: datetime, most: int, *, again: bool
) -> list[int]:
    """Return keys of patients, longest waiting first; not those asked about `since`.

    `again`: of whom an instant waits that a live line says something of; else a new one.
    """
    with conn.cursor(row_factory=scalar_row) as cursor:
        params = {"now": now, "since": since, "most": most, "again": again}
        return cursor.execute(_SQL["patients_to_ask_about"], params).fetchall()


def take_due(
    conn: ServiceConnection, patient_key: int, now: datetime, since: datetime, *, again: bool
) -> list[RiskDue]:
    """Return and hold the instants of a patient; none of those another process holds."""
    params = {"patient_key": patient_key, "now": now, "since": since, "most": MOST_DUE}
    params |= {"again": again}
    return fetch_all(conn, _SQL["take_risk_due"], params, RiskDue)


def delete_due(conn: ServiceConnection, ids: Sequence[int]) -> None:
    """Take away exactly these rows of the queue."""
    conn.execute(_SQL["delete_risk_due"], {"ids": list(ids)})


def drop_due(conn: ServiceConnection, patient_keys: Sequence[int]) -> None:
    """Take away all that waits for these patients."""
    conn.execute(_SQL["drop_risk_due"], {"keys": list(patient_keys)})


def load_person_to_ask(
    conn: ServiceConnection, patient_key: int, asked_at: datetime, oxygen_since: datetime
) -> PersonToAsk | None:
    """Return who is behind a key, with the oxygen last answered between two instants."""
    params = {"patient_key": patient_key, "asked_at": asked_at, "oxygen_since": oxygen_since}
    return fetch_one(conn, _SQL["person_to_ask"], params, PersonToAsk)


def load_measured(
    conn: ServiceConnection,
    patient_key: int,
    vitals: Sequence[Vital],
    since: datetime,
    until: datetime,
) -> list[MeasuredRow]:
    """Return what was measured of some vitals between two instants, in no order."""
    params = {
        "patient_key": patient_key,
        "vitals": [int(vital) for vital in vitals],
        "since": since,
        "until": until,
        "most": MOST_VALUES,
    }
    return fetch_all(conn, _SQL["measured_to_ask"], params, MeasuredRow)


def load_state_at(conn: ServiceConnection, patient: UUID, asked_at: datetime) -> StateAt | None:
    """Return what the rules had said of a patient by an instant, None before any review."""
    params = {"patient": patient, "asked_at": asked_at}
    return fetch_one(conn, _SQL["state_at"], params, StateAt)


def save_risk(conn: ServiceConnection, line: RiskLine) -> None:
    """Add a line."""
    conn.execute(_SQL["save_risk"], _wrapped(asdict(line)))


def load_shown_risk(conn: PersonConnection, patient: VisiblePatientId) -> ShownRisk | None:
    """Return the newest live line for whoever reads alerts and is no family of his."""
    return fetch_one(conn, _SQL["shown_risk"], {"patient": patient}, ShownRisk)


def load_model_beside(conn: PersonConnection, patient: VisiblePatientId) -> ModelBeside | None:
    """Return which model is in use, or None for somebody who may not read what it says."""
    return fetch_one(conn, _SQL["model_beside"], {"patient": patient}, ModelBeside)


def _wrapped(columns: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: Jsonb(value) if name in _JSON and value is not None else value
        for name, value in columns.items()
    }

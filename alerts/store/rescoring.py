"""Typed functions over the queries of runs: a model asked again about a past period."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from psycopg.types.json import Jsonb

from alerts.rescoring import Asked
from alerts.store.risks import MeasuredRow
from core.doors import PersonConnection, ServiceConnection
from core.rows import fetch_all, fetch_one
from core.sqlfile import load_queries
from core.vitals import Vital

if TYPE_CHECKING:
    from alerts.rescored import Scored

_SQL = load_queries("alerts")


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRow:
    """A run and how far it is; `fault` is why a share failed, None where none did."""

    id: UUID
    version: str
    asked_from: datetime
    asked_until: datetime
    every: timedelta
    organisation: UUID | None
    organisation_name: str | None
    programme: str | None
    reason: str
    by_name: str | None
    at: datetime
    state: str
    ended_at: datetime | None
    shares: int
    done: int
    failed: int
    patients: int
    lines: int
    fault: str | None

    @property
    def percent(self) -> int:
        """Shares that are done, of a hundred."""
        return self.done * 100 // max(self.shares, 1)


@dataclass(frozen=True, slots=True)
class ShareRow:
    """A share that was taken, and what its run asks."""

    run_id: UUID
    number: int
    version: str
    asked_from: datetime
    asked_until: datetime
    every: timedelta


@dataclass(frozen=True, slots=True)
class AttemptRow:
    """A share that somebody begins now, or that is given up."""

    number: int
    given_up: bool


@dataclass(frozen=True, slots=True)
class PatientRow:
    """A patient of a share: when he was followed, from each `since` to each `until`."""

    patient_id: UUID
    patient_key: int
    birth_date: date | None
    sex: str | None
    since: list[datetime]
    until: list[datetime]


@dataclass(frozen=True, slots=True)
class OxygenRow:
    """Litres of oxygen a minute, as answered."""

    at: datetime
    flow_l_min: float


@dataclass(frozen=True, slots=True)
class ToldRow:
    """A share that a worker is told of."""

    run_id: UUID
    number: int


@dataclass(frozen=True, slots=True)
class ChoicesRow:
    """What the form offers."""

    versions: list[str]
    programmes: list[str]


@dataclass(frozen=True, slots=True)
class _Count:
    patients: int | None


@dataclass(frozen=True, slots=True)
class _Turned:
    turned: bool | None


@dataclass(frozen=True, slots=True)
class _Found:
    found: dict[str, Any] | None


def open_run(conn: ServiceConnection, id: UUID, asked: Asked) -> int:
    """Begin a run; return how many patients it is about: of none there is no run."""
    row = fetch_one(conn, _SQL["open_run"], _params(id, asked), _Count)
    return (row.patients or 0) if row else 0


def begin_my_run(conn: PersonConnection, id: UUID, asked: Asked) -> int:
    """Begin a run about the actor's organisation; return how many patients it is about."""
    row = fetch_one(conn, _SQL["begin_my_run"], _params(id, asked), _Count)
    return (row.patients or 0) if row else 0


def _params(id: UUID, asked: Asked) -> dict[str, Any]:
    return {
        "id": id,
        "version": asked.version,
        "asked_from": asked.asked_from,
        "asked_until": asked.asked_until,
        "every": asked.every,
        "organisation": asked.organisation,
        "programme": asked.programme,
        "reason": asked.reason.strip(),
    }


def turn_run(conn: ServiceConnection, run: UUID, act: str) -> bool:
    """Cancel or resume a run; tell whether that changed anything."""
    row = fetch_one(conn, _SQL["turn_run"], {"run": run, "act": act}, _Turned)
    return bool(row and row.turned)


def turn_my_run(conn: PersonConnection, run: UUID, act: str) -> bool | None:
    """Do the same of a run of the actor's organisation; None where it is none of his."""
    row = fetch_one(conn, _SQL["turn_my_run"], {"run": run, "act": act}, _Turned)
    return row.turned if row else None


def load_runs(conn: ServiceConnection, most: int, only: UUID | None = None) -> list[RunRow]:
    """Return runs, the newest first, or one alone."""
    return fetch_all(conn, _SQL["runs"], {"most": most, "only": only}, RunRow)


def load_my_runs(conn: PersonConnection, most: int, only: UUID | None = None) -> list[RunRow]:
    """Return the runs of the acting organisation, the newest first, or one alone."""
    return fetch_all(conn, _SQL["my_runs"], {"most": most, "only": only}, RunRow)


def load_choices(conn: PersonConnection) -> ChoicesRow:
    """Return what the actor may choose for a run."""
    row = fetch_one(conn, _SQL["my_run_choices"], {}, ChoicesRow)
    return row or ChoicesRow([], [])


def load_beside(conn: ServiceConnection, run: UUID, other: UUID | None) -> dict[str, Any]:
    """Return the counts of a run beside another, or the live lines."""
    row = fetch_one(conn, _SQL["run_beside"], {"run": run, "other": other}, _Found)
    return (row.found if row else None) or {}


def load_my_beside(conn: PersonConnection, run: UUID, other: UUID | None) -> dict[str, Any] | None:
    """Return the same of runs of the acting organisation; None where one is none of his."""
    row = fetch_one(conn, _SQL["my_run_beside"], {"run": run, "other": other}, _Found)
    return row.found if row else None


def put_out(conn: ServiceConnection, now: datetime, before: datetime, most: int) -> list[ToldRow]:
    """Note that workers are told now of shares they were not told of since `before`."""
    params = {"now": now, "before": before, "most": most}
    return fetch_all(conn, _SQL["put_out_shares"], params, ToldRow)


def count_attempt(
    conn: ServiceConnection, run: UUID, number: int | None, most: int, given_up: str
) -> AttemptRow | None:
    """Count that a share is begun, or give it up if it was begun `most` times; None: there is none.

    Any that waits, if no number is given.
    """
    params = {"run": run, "number": number, "most": most, "given_up": given_up}
    return fetch_one(conn, _SQL["count_attempt"], params, AttemptRow)


def take_share(conn: ServiceConnection, run: UUID, number: int) -> ShareRow | None:
    """Take a share until the transaction ends; None where it is taken, done or called off."""
    return fetch_one(conn, _SQL["take_share"], {"run": run, "number": number}, ShareRow)


def load_patients(conn: ServiceConnection, run: UUID, number: int) -> list[PatientRow]:
    """Return the patients of a share."""
    return fetch_all(conn, _SQL["share_patients"], {"run": run, "number": number}, PatientRow)


def load_measured(
    conn: ServiceConnection, key: int, vitals: Sequence[Vital], since: datetime, until: datetime
) -> list[MeasuredRow]:
    """Return what was measured of a patient in a period, in no order and whatever its quality."""
    params = {
        "key": key,
        "vitals": [int(vital) for vital in vitals],
        "since": since,
        "until": until,
    }
    return fetch_all(conn, _SQL["measured_to_rescore"], params, MeasuredRow)


def load_oxygen(
    conn: ServiceConnection, patient: UUID, since: datetime, until: datetime
) -> list[OxygenRow]:
    """Return what was answered of oxygen in a period, in no order."""
    params = {"patient": patient, "since": since, "until": until}
    return fetch_all(conn, _SQL["oxygen_to_rescore"], params, OxygenRow)


def save_lines(
    conn: ServiceConnection,
    share: ShareRow,
    patient: UUID,
    lines: Iterable[tuple[UUID, "Scored"]],
    window: timedelta,
    now: datetime,
) -> None:
    """Keep the lines of a patient, and what came true of them."""
    rows = [
        {
            "id": id,
            "patient": patient,
            "at": line.at,
            "now": now,
            "version": share.version,
            "run": share.run_id,
            "window_from": line.at - window,
            "inputs": Jsonb(line.inputs),
            "risk": line.risk,
            "band": line.band,
            "missing": Jsonb(list(line.missing)),
            "silence": line.silence,
            "came_true": line.came_true,
        }
        for id, line in lines
    ]
    with conn.cursor() as cursor:
        cursor.executemany(_SQL["save_run_line"], rows)
        known = [row for row in rows if row["came_true"] is not None]
        cursor.executemany(_SQL["save_run_truth"], known)


def share_done(
    conn: ServiceConnection, share: ShareRow, lines: int, taken_at: datetime, now: datetime
) -> None:
    """Note that a share is done."""
    params = {
        "run": share.run_id,
        "number": share.number,
        "lines": lines,
        "taken_at": taken_at,
        "now": now,
    }
    conn.execute(_SQL["share_done"], params)


def share_failed(conn: ServiceConnection, run: UUID, number: int, reason: str) -> None:
    """Note that a share could not be done, and why: a kind of fault, nothing of a patient."""
    conn.execute(_SQL["share_failed"], {"run": run, "number": number, "reason": reason})


def finish_runs(conn: ServiceConnection, now: datetime) -> int:
    """Note that runs are done of which no share is left; return how many."""
    return conn.execute(_SQL["finish_runs"], {"now": now}).rowcount

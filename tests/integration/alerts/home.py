"""A watched patient whose readings come in as ingest writes them, for tests of the review."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import psycopg

from alerts import service as alerts
from alerts.views import AlertLine
from core import clock
from core.access import Permission
from core.care import open_record
from core.doors import Actor, CareContext, Service, serving
from core.vitals import Quality, Vital
from messages import service as messages
from scoring.observation import GOOD
from tests.people import Care, make_care

Spot = tuple[Vital, float, timedelta]
"""What was measured, its value, and how long ago."""


@dataclass(frozen=True)
class Home:
    """A patient with his people and his time-series key."""

    care: Care
    key: int


def make_home(*, ladder: str = "home-two-rungs", nurse: bool = True, gp: bool = True) -> Home:
    """Return a watched patient whose nurse and GP have an address, unless told otherwise."""
    care = make_care()
    if nurse:
        messages.register_contact(care.nurse.person, "email", f"{care.nurse.person}@nurse.example")
    if gp:
        messages.register_contact(care.gp.person, "email", f"{care.gp.person}@gp.example")
    alerts.prescribe(care.patient, "covid-home", ladder, care.gp.person)
    return Home(care, key_of(care.patient))


def watch(home: Home, version: int) -> None:
    """Prescribe another version of the shipped profile to a home."""
    alerts.prescribe(
        home.care.patient,
        "covid-home",
        "home-two-rungs",
        home.care.gp.person,
        profile_version=version,
    )


def key_of(patient: UUID) -> int:
    with serving(Service.ADMINISTRATION) as conn:
        row = conn.execute("select key from access.patient where id = %s", [patient]).fetchone()
    assert row is not None
    return int(row[0])


def measure(
    home: Home, spots: Sequence[Spot], *, quality: Quality = GOOD, now: datetime | None = None
) -> None:
    """Store spot readings of one batch and ask for their review, in one transaction."""
    now = now or clock.now()
    times = [now - ago for _, _, ago in spots]
    with serving(Service.INGEST) as conn:
        for (vital, value, _), at in zip(spots, times, strict=True):
            conn.execute(
                "insert into vitals.reading (measured_at, received_at, patient_key, source, value,"
                " vital, quality) values (%s, %s, %s, 1, %s, %s, %s)",
                [at, now, home.key, value, int(vital), int(quality)],
            )
        ask(conn, home.key, min(times), max(times), now)


def measure_stretch(
    home: Home, vital: Vital, samples: Sequence[int | None], start: datetime, now: datetime
) -> None:
    """Store one stretch of a sample a second, with its minute summaries."""
    with serving(Service.INGEST) as conn:
        conn.execute(
            "insert into vitals.sampled (start_at, received_at, patient_key, source, period_ms,"
            " vital, quality, samples) values (%s, %s, %s, 1, 1000, %s, 0, %s)",
            [start, now, home.key, int(vital), list(samples)],
        )
        end = start + timedelta(seconds=len(samples) - 1)
        ask(conn, home.key, start, end, now)


def ask(conn: object, key: int, start: datetime, end: datetime, now: datetime) -> None:
    assert isinstance(conn, psycopg.Connection)
    conn.execute(
        "insert into core.due (kind, patient_key, from_time, until_time, received_at)"
        " values ('reading', %s, %s, %s, %s)",
        [key, start, end, now],
    )


def opened(actor: Actor, patient: UUID, permission: Permission) -> CareContext:
    ctx = open_record(actor, patient, permission)
    assert isinstance(ctx, CareContext), ctx
    return ctx


def seen_by_nurse(home: Home) -> tuple[AlertLine, ...]:
    ctx = opened(home.care.nurse, home.care.patient, Permission.ALERTS_READ)
    return alerts.open_alerts(ctx)


def rows(query: str, params: Iterable[object] = ()) -> list[tuple[object, ...]]:
    """Return what the worker's own eyes see."""
    with serving(Service.ADMINISTRATION) as conn:
        return conn.execute(query.encode(), list(params)).fetchall()


def due_left() -> int:
    return len(rows("select 1 from core.due"))

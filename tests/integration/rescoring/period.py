"""A small made-up cohort over a past period, with values a person can follow."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID, uuid4

import psycopg

from alerts.rescoring import Asked
from alerts.store import models
from core import clock
from core.doors import Service, serving
from core.settings import settings
from core.vitals import Vital
from identity import service as identity
from scoring.edge.model_file import SHIPPED, load_model, save_model
from scoring.model.heads import Heads
from scoring.model.training import BANDS

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
"""The first measure of everybody; the follow-up began the day before."""
EIGHT = timedelta(hours=8)
WELL = {
    Vital.SPO2: 97.0,
    Vital.RESPIRATORY_RATE: 16.0,
    Vital.PULSE: 72.0,
    Vital.TEMPERATURE: 36.8,
    Vital.SYSTOLIC: 125.0,
    Vital.DIASTOLIC: 75.0,
}
ILL = {**WELL, Vital.SPO2: 90.0, Vital.RESPIRATORY_RATE: 26.0, Vital.PULSE: 115.0}
"""NEWS2 3 + 3 + 2 = 8."""


@dataclass(frozen=True)
class Patient:
    """Who he is, and the key of his series."""

    id: UUID
    key: int


def patient(
    centre: UUID, name: str = "Martin", *, born: date = date(1951, 4, 2), training: bool = False
) -> Patient:
    """Return somebody a centre follows from the day before START on."""
    made = identity.register_patient(
        birth_name=name, birth_first_names="Jeanne", birth_date=born, sex="female"
    )
    if training:
        with psycopg.connect(settings().owner_dsn) as conn:
            conn.execute(
                "update access.party set training = true where id in (%s, %s)", [made, centre]
            )
    identity.join_circle(made, centre, "telemonitoring_centre")
    with psycopg.connect(settings().owner_dsn) as conn:
        conn.execute(
            "update access.membership set starts_at = %s where patient_id = %s",
            [START - timedelta(days=1), made],
        )
        ((key,),) = conn.execute("select key from access.patient where id = %s", [made]).fetchall()
        conn.execute(
            "insert into alerts.prescription (id, patient_id, patient_key, profile_id,"
            " profile_version, ladder_id, ladder_version, adjustments, usual_values, spo2_scale,"
            " prescribed_by, starts_at, version) values (%s, %s, %s, 'covid-home', 1,"
            " 'home-two-rungs', 1, '[]', '{}', 1, %s, %s, 1)",
            [uuid4(), made, key, made, START - timedelta(days=1)],
        )
    return Patient(made, int(key))


def measure(one: Patient, at: datetime, values: dict[Vital, float], *, quality: int = 0) -> None:
    """Store values of a patient, as they came at once."""
    with psycopg.connect(settings().owner_dsn) as conn, conn.cursor() as cursor:
        cursor.executemany(
            "insert into vitals.reading (measured_at, received_at, patient_key, source, value,"
            " vital, quality) values (%s, %s, %s, 1, %s, %s, %s)",
            [(at, at, one.key, value, int(vital), quality) for vital, value in values.items()],
        )


def every_eight(one: Patient, *days: dict[Vital, float]) -> None:
    """Store one set of values after the other, eight hours apart, from START on."""
    for number, values in enumerate(days):
        measure(one, START + number * EIGHT, values)


def asked(
    version: str = "ward-1", *, times: int = 3, centre: UUID | None = None, **more: object
) -> Asked:
    """Return what asks about so many instants, eight hours apart, from START on."""
    given = {
        "asked_from": START,
        "asked_until": START + (times - 1) * EIGHT,
        "every": EIGHT,
        "reason": "is the new one better",
        **more,
    }
    return Asked(version=version, organisation=centre, **given)  # type: ignore[arg-type]


@cache
def _shipped() -> tuple[Heads, bytes]:
    heads = load_model(SHIPPED)
    assert isinstance(heads, Heads)
    return heads, SHIPPED.read_bytes()


def shipped() -> str:
    """Keep the shipped model, which takes a second to read, read once."""
    heads, file = _shipped()
    return _keep(heads.card, file)


def _keep(card: Mapping[str, Any], file: bytes) -> str:
    version = str(card["version"])
    with serving(Service.ADMINISTRATION) as conn:
        digest = hashlib.sha256(file).hexdigest()
        models.save_model(conn, version, digest, card, file, clock.now(), "to try it")
    return version


@cache
def _always_high() -> tuple[dict[str, Any], bytes]:
    """The shipped model with limits nobody is below: of everybody the risk is high."""
    heads, _ = _shipped()
    of = heads.card["targets"]
    targets = {**of, "deterioration": {**of["deterioration"], "bands": dict.fromkeys(BANDS, 1e-9)}}
    card = {**heads.card, "version": "ward-2", "targets": targets}
    with TemporaryDirectory() as folder:
        path = Path(folder) / "ward-2.skops"
        save_model(replace(heads, card=card), path)
        return card, path.read_bytes()


def always_high() -> str:
    """Keep a second model."""
    return _keep(*_always_high())

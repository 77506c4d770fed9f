"""Plays recorded vitals of many patients through a real gateway, MQTT and all that follows."""

import csv
import gzip
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TextIO, cast
from uuid import UUID

from alerts.service import prescribe
from app.broker_user import make_gateway_password
from app.recording import PlacedValue, place_before, read_rows, to_item
from core import clock
from core.settings import settings
from devices.service import assign_device, register_device, register_gateway
from identity import service as identity

PROFILE = "covid-home"
LADDER = "home-two-rungs"
GATEWAY = "gw-replay"


def replay_file(file: Path, *, speed: float, most: int) -> Iterator[str]:
    """Play a file; yield lines that say how it goes.

    `speed` is recorded seconds a second, 0 as fast as it goes; `most` bounds the patients. Each
    run makes patients of its own, clearly fictitious.
    """
    with _opened(file) as text:
        values = place_before(read_rows(csv.DictReader(text), most=most), clock.now())
    if not values:
        yield f"{file.name} holds no value to play."
        return
    patients = sorted({value.patient for value in values})
    yield f"{file.name}: {len(patients)} patients, {len(values)} values"
    first, last = values[0].measured_at, values[-1].measured_at
    yield f"from {first:%Y-%m-%d %H:%M} to {last:%Y-%m-%d %H:%M} UTC"
    run = f"{clock.now():%Y%m%d%H%M%S}"
    devices = register_recorded(patients, run, since=values[0].measured_at)
    yield f"registered as {run}; NEWS2 stays incomplete: no recording holds consciousness"
    yield from _deliver(values, devices, run, speed)


def _opened(file: Path) -> TextIO:
    if file.suffix == ".gz":
        return cast(TextIO, gzip.open(file, "rt", encoding="utf-8", newline=""))
    return file.open(encoding="utf-8", newline="")


def register_recorded(patients: Sequence[str], run: str, *, since: datetime) -> dict[str, str]:
    """Make each recorded patient a fictitious one with a device; return patient to device id."""
    centre = identity.register_organisation(f"Rejeu {run}")
    nurse = identity.register_person(f"Infirmière du rejeu {run}")
    identity.give_post(nurse, centre, "telemonitoring_nurse")
    register_gateway(f"{GATEWAY}-{run}", centre)
    return {name: _register_one(name, run, centre, nurse, since) for name in patients}


def _register_one(name: str, run: str, centre: UUID, nurse: UUID, since: datetime) -> str:
    patient = identity.register_patient(
        birth_name=f"Fictif {name}",
        birth_first_names="Rejeu",
        birth_date=date(1950, 1, 1),
        sex="unknown",
    )
    identity.join_circle(patient, centre, "telemonitoring_centre")
    device = f"replay-{run}-{name}"
    register_device(device, "recording", centre)
    assign_device(device, patient, since)
    prescribe(patient, PROFILE, LADDER, nurse)
    return device


def _deliver(
    values: Sequence[PlacedValue], devices: dict[str, str], run: str, speed: float
) -> Iterator[str]:
    started = clock.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        gateway = _gateway(f"{GATEWAY}-{run}", run, Path(folder))
        assert gateway.stdin
        first = values[0].measured_at
        for value in values:
            if speed > 0:
                _wait_until(started + (value.measured_at - first).total_seconds() / speed)
            line = json.dumps(to_item(value, devices[value.patient]))
            gateway.stdin.write(line.encode() + b"\n")
            if speed > 0:
                gateway.stdin.flush()
        gateway.stdin.close()
        status = gateway.wait()
    seconds = clock.monotonic() - started
    outcome = "all acknowledged as stored" if status == 0 else f"gateway ended with {status}"
    yield f"sent {len(values)} values in {seconds:.1f} s: {outcome}"


def _wait_until(instant: float) -> None:
    time.sleep(max(0.0, instant - clock.monotonic()))


def _gateway(name: str, run: str, folder: Path) -> subprocess.Popen[bytes]:
    wanted = settings()
    return subprocess.Popen(
        [sys.executable, "-m", "devices.gateway_main", "--replay", "-", "--recording-name", run],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={
            **os.environ,
            "CHEVET_GATEWAY_ID": name,
            "CHEVET_GATEWAY_PASSWORD": make_gateway_password(name),
            "CHEVET_GATEWAY_SPOOL": str(folder / "spool.db"),
            "CHEVET_MQTT_HOST": wanted.mqtt_host,
            "CHEVET_MQTT_PORT": str(wanted.mqtt_port),
            "CHEVET_MQTT_CA": str(wanted.mqtt_ca or ""),
        },
    )

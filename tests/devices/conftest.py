"""A gateway of its own for each test, on the real broker."""

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest

from devices.edge.uplink import Broker
from tests.conftest import ROOT, Services
from tests.devices.platform_end import PlatformEnd


@dataclass(frozen=True)
class Home:
    """One gateway's credential, and the platform's end of its wire."""

    gateway: str
    password: str
    broker: Broker
    platform: PlatformEnd
    env: dict[str, str]
    spool_path: Path


@pytest.fixture
def home(services: Services, tmp_path: Path) -> Iterator[Home]:
    """A gateway the broker knows; the platform listens, and answers unless told not to."""
    gateway = f"test-{uuid4().hex[:12]}"
    made = subprocess.run(
        [ROOT / "scripts/services", "gateway", gateway, "--instance", services.instance],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    env = services.env
    broker = Broker(
        host=env["CHEVET_MQTT_HOST"],
        port=int(env["CHEVET_MQTT_PORT"]),
        ca_path=Path(env["CHEVET_MQTT_CA"]),
    )
    platform = PlatformEnd(broker, env["CHEVET_MQTT_INGEST_PASSWORD"], gateway)
    platform.answering.set()
    with platform.listening():
        yield Home(
            gateway=gateway,
            password=made.stdout.strip(),
            broker=broker,
            platform=platform,
            env=env,
            spool_path=tmp_path / "spool.db",
        )

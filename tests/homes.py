"""A home: a patient in care, a gateway of his centre with a broker credential, an oximeter."""

import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from devices import service as registry
from tests.conftest import ROOT
from tests.people import Care, make_care

DEVICE = "oximeter-1"


@dataclass(frozen=True)
class Home:
    """What is in one home, and its patient's assignment of the oximeter."""

    care: Care
    gateway: str
    password: str
    assignment: UUID


def make_credentials(instance: str, names: list[str]) -> dict[str, str]:
    """Give gateways a broker credential each; return their passwords."""
    told = subprocess.run(
        [ROOT / "scripts/services", "gateway", *names, "--instance", instance],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return dict(zip(names, told.stdout.split(), strict=True))


def furnish(gateway: str, password: str) -> Home:
    """Register patient, gateway and oximeter in the database at hand; assigned for 40 days."""
    care = make_care()
    registry.register_gateway(gateway, care.centre)
    registry.register_device(DEVICE, "Test oximeter", care.centre)
    since = datetime.now(UTC) - timedelta(days=40)
    assignment = registry.assign_device(DEVICE, care.patient, since)
    assert isinstance(assignment, UUID)
    return Home(care=care, gateway=gateway, password=password, assignment=assignment)

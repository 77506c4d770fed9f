"""Asks for a broker credential of a gateway, where the services came from `scripts/services`."""

import os
import subprocess
from pathlib import Path

from core.errors import ConfigurationError

SCRIPT = Path(__file__).parent.parent / "scripts" / "services"


def make_gateway_password(gateway: str) -> str:
    """Make or renew the broker credential of a gateway and return its password.

    CHEVET_GATEWAY_PASSWORD wins where it is set. Raises ConfigurationError where the broker is
    not one of ours: its credentials are made by whoever runs it.
    """
    given = os.environ.get("CHEVET_GATEWAY_PASSWORD")
    if given:
        return given
    instance = os.environ.get("CHEVET_INSTANCE")
    if not instance or not SCRIPT.exists():
        raise ConfigurationError(
            f"make a broker credential for {gateway} and set CHEVET_GATEWAY_PASSWORD"
        )
    done = subprocess.run(
        [str(SCRIPT), "gateway", gateway, "--instance", instance],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()

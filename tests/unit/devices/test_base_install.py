"""The gateway runs on the base install: neither server nor virtual devices are imported."""

import subprocess
import sys
from importlib.metadata import packages_distributions

ALLOWED = {"bleak", "dbus-fast", "msgspec", "paho-mqtt", "typing_extensions", "chevet"}
SCRIPT = """
import sys
before = set(sys.modules)
import devices.gateway_main, devices.decode
print(*(set(sys.modules) - before))
"""


def test_the_gateway_imports_only_the_base_dependencies() -> None:
    """Compare what importing the gateway loads with the dependencies of the base install."""
    loaded = subprocess.run(
        [sys.executable, "-c", SCRIPT], check=True, capture_output=True, text=True, timeout=30
    ).stdout.split()
    known = packages_distributions()
    rooms = {"core", "devices"}
    used = {
        distribution
        for name in {module.partition(".")[0] for module in loaded} - rooms
        for distribution in known.get(name, [])
    }
    assert used <= ALLOWED, sorted(used - ALLOWED)
    assert {"bleak", "msgspec", "paho-mqtt"} <= used
    others = {"identity", "messages", "scoring", "ingest", "alerts", "dashboard", "app"}
    assert not others & {module.partition(".")[0] for module in loaded}

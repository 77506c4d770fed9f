"""The list of processes and docker-compose.yml say the same."""

import yaml

from app.processes import PROCESSES, Need
from tests.conftest import ROOT

SERVICES = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
WAITS_FOR = {Need.POSTGRESQL: "migrate", Need.MQTT: "mosquitto", Need.VALKEY: "valkey"}
BOUGHT = {"timescaledb", "mosquitto", "valkey", "mail", "migrate"}


def test_every_process_has_its_container_and_no_other_is_there() -> None:
    assert set(SERVICES) - BOUGHT == set(PROCESSES)


def test_every_container_starts_the_command_of_its_process() -> None:
    for name, process in PROCESSES.items():
        started = tuple(SERVICES[name]["command"])
        assert started[: len(process.command)] == process.command, name


def test_every_container_waits_for_what_its_process_needs_and_nothing_else() -> None:
    for name, process in PROCESSES.items():
        waited = set(SERVICES[name].get("depends_on", {}))
        assert waited == {WAITS_FOR[need] for need in process.needs}, name

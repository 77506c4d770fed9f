"""R1: every reading acknowledged to a gateway is in the database exactly once, whatever dies."""

import os
import random
from functools import partial
from pathlib import Path

import pytest

from tests.conftest import Database
from tests.faults.conftest import Report
from tests.faults.numbered import compare, first_instant, numbered_lines, seed
from tests.faults.processes import (
    ProcessVictim,
    ReplayingGateway,
    ServiceVictim,
    Victim,
    wait_until,
)
from tests.homes import Home

READINGS = int(os.environ.get("CHEVET_R1_READINGS", "20000"))
KILLS = int(os.environ.get("CHEVET_R1_KILLS", "20"))
SECONDS_BETWEEN_KILLS = 2.0
PATIENCE_S = 120


@pytest.mark.promise("R1")
@pytest.mark.timeout(600 + 10 * KILLS)
def test_whatever_is_killed_each_reading_is_stored_once(
    database: Database,
    home: Home,
    ingest: ProcessVictim,
    broker: ServiceVictim,
    postgres: ServiceVictim,
    reviewers: tuple[ProcessVictim, ...],
    tmp_path: Path,
    report: Report,
) -> None:
    chosen_seed, first = seed(), first_instant()
    gateway = ReplayingGateway(
        gateway=home.gateway,
        password=home.password,
        env=database.env,
        folder=tmp_path,
        lines=numbered_lines(first, READINGS),
        lines_per_s=READINGS / (KILLS * SECONDS_BETWEEN_KILLS),
    )
    victims: list[Victim] = [gateway, ingest, broker, postgres, *reviewers]
    for process in (ingest, *reviewers):
        process.start()
    gateway.start()
    try:
        kills = strike_while_readings_flow(gateway, victims, random.Random(chosen_seed))
        gateway.wait_until_settled(PATIENCE_S)
        ingest.kill()
        found = compare(database.dsn("OWNER"), first, READINGS)
        told = ", ".join(f"{name} {times}" for name, times in sorted(kills.items()))
        report(f"{found}; kills {sum(kills.values())} ({told}); seed {chosen_seed}")
    finally:
        gateway.kill()
    assert found.perfect
    assert sum(kills.values()) == KILLS


def strike_while_readings_flow(
    gateway: ReplayingGateway, victims: list[Victim], chance: random.Random
) -> dict[str, int]:
    """Kill a victim at random moments of the flow and start it again; every kind at least once."""
    chosen = [*victims, *chance.choices(victims, k=max(KILLS - len(victims), 0))][:KILLS]
    chance.shuffle(chosen)
    moments = sorted(chance.sample(range(READINGS // 50, READINGS * 49 // 50), KILLS))
    kills: dict[str, int] = {}
    for victim, moment in zip(chosen, moments, strict=True):
        wait_until(partial(_has_fed, gateway, moment), PATIENCE_S, f"line {moment}")
        victim.kill()
        victim.start()
        kills[victim.name] = kills.get(victim.name, 0) + 1
    return kills


def _has_fed(gateway: ReplayingGateway, line: int) -> bool:
    return gateway.fed >= line

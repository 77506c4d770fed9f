"""One small flow of readings through a crash at a named point, three times, and what is left."""

from collections.abc import Callable
from pathlib import Path

from tests.conftest import Database
from tests.faults.numbered import Comparison, compare, first_instant, numbered_lines
from tests.faults.processes import ProcessVictim, ReplayingGateway
from tests.homes import Home

READINGS = 300
LINES_PER_S = 80.0
TIMES = 3
PART = READINGS // (TIMES + 1)
PATIENCE_S = 60


def crash_ingest(
    database: Database, home: Home, ingest: ProcessVictim, folder: Path, failpoint: str
) -> Comparison:
    """Let ingest die at `failpoint`, each time with fresh readings on their way."""

    def crashes(gateway: ReplayingGateway) -> None:
        gateway.released = PART
        gateway.start()
        for _ in range(TIMES):
            ingest.crash_at(f"{failpoint}=exit")
            gateway.released += PART
        ingest.start()

    return _flow(database, home, ingest, folder, crashes)


def let_flow(database: Database, home: Home, ingest: ProcessVictim, folder: Path) -> Comparison:
    """Let the readings flow without any crash."""

    def crashes(gateway: ReplayingGateway) -> None:
        ingest.start()
        gateway.start()

    return _flow(database, home, ingest, folder, crashes)


def crash_gateway(
    database: Database, home: Home, ingest: ProcessVictim, folder: Path, failpoint: str
) -> Comparison:
    """Let the gateway die at `failpoint`, each time with fresh readings on their way."""

    def crashes(gateway: ReplayingGateway) -> None:
        gateway.released = 0
        ingest.start()
        for _ in range(TIMES):
            gateway.released += PART
            gateway.crash_at(f"{failpoint}=exit")
        gateway.released = READINGS
        gateway.start()

    return _flow(database, home, ingest, folder, crashes)


def _flow(
    database: Database,
    home: Home,
    ingest: ProcessVictim,
    folder: Path,
    crashes: Callable[[ReplayingGateway], None],
) -> Comparison:
    first = first_instant()
    gateway = ReplayingGateway(
        gateway=home.gateway,
        password=home.password,
        env=database.env,
        folder=folder,
        lines=numbered_lines(first, READINGS),
        lines_per_s=LINES_PER_S,
    )
    try:
        crashes(gateway)
        gateway.wait_until_settled(PATIENCE_S)
        ingest.kill()
        return compare(database.dsn("OWNER"), first, READINGS)
    finally:
        gateway.kill()

"""How often each machine worked: machines are audited per run, for all records together."""

from dataclasses import dataclass
from datetime import datetime

from core.doors import PersonConnection
from core.rows import fetch_all
from core.sqlfile import load_queries


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineRuns:
    """The runs of one machine in a span."""

    service: str
    runs: int
    last_at: datetime


def load_machine_runs(
    conn: PersonConnection, since: datetime, until: datetime
) -> list[MachineRuns]:
    """Return how often each machine worked in [since, until)."""
    params = {"since": since, "until": until}
    return fetch_all(conn, load_queries("core")["machine_runs"], params, MachineRuns)

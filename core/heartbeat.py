"""Signs of life of processes; the console shows when one is missing."""

from dataclasses import dataclass
from datetime import datetime

import psycopg
from psycopg.rows import TupleRow

from core import clock
from core.doors import Service, serving
from core.rows import fetch_all
from core.sqlfile import load_queries


@dataclass(frozen=True, slots=True)
class Beat:
    """When a kind of process was last alive."""

    process: str
    at: datetime


def beat(process: str, instance: str, service: Service = Service.HEARTBEAT) -> None:
    """Note that this process is alive."""
    with serving(service) as conn:
        conn.execute(
            load_queries("core")["beat"],
            {"process": process, "instance": instance, "at": clock.now()},
        )


def last_beats(conn: psycopg.Connection[TupleRow]) -> list[Beat]:
    """Return the last sign of life of each kind of process."""
    return fetch_all(conn, load_queries("core")["last_beats"], {}, Beat)

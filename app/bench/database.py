"""A database of the benchmark's own, what is committed in it, and the naive way to fill it.

Nothing here goes through a door: the naive subscriber must pay for none, and looking on from
outside is what makes the figures independent of the process that is measured.
"""

import os
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import LiteralString
from uuid import UUID, uuid4

import psycopg
from psycopg import sql
from psycopg.rows import TupleRow

from app.bench.backlog import Backlog
from core.doors import close_doors
from core.errors import ConfigurationError
from core.migrate import migrate
from core.settings import settings
from core.sqlfile import load_queries
from core.vitals import Vital
from questionnaires.library_service import install_library

LOGINS = ("OWNER", "APP", "WORKER", "INGEST", "GATE", "SUPERUSER")
_SQL = load_queries("app.bench")


@contextmanager
def own_database(env: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Make and migrate a database; yield the settings that lead to it; drop it afterwards.

    `env` needs CHEVET_SUPERUSER_DSN: ConfigurationError without it.
    """
    superuser = env.get("CHEVET_SUPERUSER_DSN")
    if not superuser:
        raise ConfigurationError("set CHEVET_SUPERUSER_DSN: a benchmark makes its own database")
    name = f"bench_{uuid4().hex[:12]}"
    dsns = {
        f"CHEVET_{login}_DSN": env[f"CHEVET_{login}_DSN"].rsplit("/", 1)[0] + f"/{name}"
        for login in LOGINS
    }
    with psycopg.connect(superuser, autocommit=True) as conn:
        conn.execute(sql.SQL("create database {} owner chevet_owner").format(sql.Identifier(name)))
        try:
            migrate(dsns["CHEVET_OWNER_DSN"], install_library)
            yield dsns
        finally:
            conn.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


@contextmanager
def led_here() -> Iterator[tuple[dict[str, str], Path]]:
    """Lead the doors of this process to a database and a state folder of the benchmark's own.

    Yields the connections, the superuser's among them, and the folder; all is as before afterwards.
    """
    before = dict(os.environ)
    with own_database(before) as dsns, tempfile.TemporaryDirectory(prefix="chevet-bench-") as name:
        os.environ.update(dsns, CHEVET_STATE_DIR=name)
        _forget()
        try:
            yield dsns, Path(name)
        finally:
            os.environ.clear()
            os.environ.update(before)
            _forget()


def _forget() -> None:
    close_doors()
    settings.cache_clear()


class Onlooker:
    """Reads, as the owner, what is committed."""

    def __init__(self, owner_dsn: str) -> None:
        """Connect; each look is a transaction of its own."""
        self._conn = psycopg.connect(owner_dsn, autocommit=True)

    def close(self) -> None:
        """Leave."""
        self._conn.close()

    def patient_keys(self, patients: list[UUID]) -> dict[UUID, int]:
        """Return the compact keys of patients."""
        return dict(self._conn.execute(_SQL["patient_keys"], {"patients": patients}).fetchall())

    def count_in_streams(self, backlog: Backlog) -> int:
        """Return how many items of the backlog are received; costs the same however many."""
        return self._one(_SQL["count_in_streams"], {"boot": str(backlog.boot)})

    def count_readings(self, backlog: Backlog) -> int:
        """Return how many readings of the backlog are in the table."""
        return self._one(_SQL["count_readings"], _window(backlog))

    def readings(self, backlog: Backlog) -> Counter[tuple[int, datetime, float]]:
        """Return (patient key, instant, value) of all readings in the backlog's window."""
        return Counter(self._conn.execute(_SQL["read_readings"], _window(backlog)).fetchall())

    def _one(self, query: LiteralString, params: Mapping[str, object]) -> int:
        row = self._conn.execute(query, params).fetchone()
        return int(row[0]) if row else 0


def _window(backlog: Backlog) -> dict[str, object]:
    return {
        "patients": list(backlog.patient_keys),
        "vital": int(Vital.SPO2),
        "first": backlog.first,
        "end": backlog.end,
    }


class NaiveTable:
    """One INSERT and one COMMIT a reading, on one connection that stays open."""

    def __init__(self, ingest_dsn: str) -> None:
        """Connect under the login of ingest."""
        self._conn: psycopg.Connection[TupleRow] = psycopg.connect(ingest_dsn)

    def add(
        self, patient: int, measured_at: str, value: float, quality: int, now: datetime
    ) -> None:
        """Store one reading; committed on return."""
        self._conn.execute(
            _SQL["naive_insert"],
            {
                "measured_at": measured_at,
                "now": now,
                "patient": patient,
                "value": value,
                "vital": int(Vital.SPO2),
                "quality": quality,
            },
        )
        self._conn.commit()

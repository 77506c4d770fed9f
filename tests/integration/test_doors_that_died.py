"""A connection that dies between two transactions fails one piece of work at most, then is gone."""

import psycopg

from core.doors import Service, serving
from tests.conftest import Database


def backend() -> int:
    with serving(Service.HEARTBEAT) as conn:
        row = conn.execute("select pg_backend_pid()").fetchone()
    assert row is not None
    return int(row[0])


def test_a_dead_connection_fails_at_most_once(database: Database) -> None:
    before = backend()
    assert backend() == before
    with psycopg.connect(database.dsn("SUPERUSER"), autocommit=True) as owner:
        owner.execute("select pg_terminate_backend(%s, 10000)", [before])
    failures, found = 0, None
    for _ in range(2):
        try:
            found = backend()
        except psycopg.OperationalError:
            failures += 1
    assert found not in (None, before)
    assert failures <= 1

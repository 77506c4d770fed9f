"""A region in a database of the benchmark's own, with the doors of this process led to it."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg.rows import TupleRow

from app.bench.database import led_here
from app.bench.population import Counts, Region, populate


@contextmanager
def inhabited(region: Region) -> Iterator[tuple[psycopg.Connection[TupleRow], Counts]]:
    """Make and fill a database; yield the superuser's connection to it and what stands in it."""
    with (
        led_here() as (dsns, _),
        psycopg.connect(dsns["CHEVET_SUPERUSER_DSN"], autocommit=True) as conn,
    ):
        counts = populate(conn, region)
        conn.execute("vacuum analyze")
        yield conn, counts

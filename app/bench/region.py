"""A region in a database of the benchmark's own, with the doors of this process led to it."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg.rows import TupleRow

from app.bench.database import own_database
from app.bench.population import Counts, Region, populate
from core.doors import close_doors
from core.settings import settings


@contextmanager
def inhabited(region: Region) -> Iterator[tuple[psycopg.Connection[TupleRow], Counts]]:
    """Make and fill a database; yield the superuser's connection to it and what stands in it."""
    before = dict(os.environ)
    with own_database(before) as dsns, tempfile.TemporaryDirectory(prefix="chevet-bench-") as name:
        os.environ.update(dsns, CHEVET_STATE_DIR=name)
        _forget()
        database = dsns["CHEVET_OWNER_DSN"].rsplit("/", 1)[1]
        superuser = before["CHEVET_SUPERUSER_DSN"].rsplit("/", 1)[0] + f"/{database}"
        try:
            with psycopg.connect(superuser, autocommit=True) as conn:
                counts = populate(conn, region)
                conn.execute("vacuum analyze")
                yield conn, counts
        finally:
            os.environ.clear()
            os.environ.update(before)
            _forget()


def _forget() -> None:
    close_doors()
    settings.cache_clear()

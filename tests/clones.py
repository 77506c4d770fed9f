"""Databases of the tests' own, each a clone of one template."""

from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from types import TracebackType
from typing import Self
from uuid import uuid4

import psycopg


class Clones:
    """Makes the next clone while a test runs: making one takes as long as many a test does.

    In memory its files are copied, which waits for a checkpoint and is then the lesser work; on a
    disk that checkpoint takes seconds, and the pages are written through the log instead.
    """

    def __init__(self, superuser_dsn: str, template: str, *, in_memory: bool = False) -> None:
        self._superuser_dsn = superuser_dsn
        self._template = template
        self._strategy = "file_copy" if in_memory else "wal_log"
        self._maker = ThreadPoolExecutor(max_workers=1)
        self._next: Future[str] = self._maker.submit(self._make)
        self._dropped: list[Future[None]] = []

    def take(self) -> str:
        """Name of a database nobody has used."""
        try:
            name = self._next.result()
        except psycopg.Error:  # the test before broke the services meanwhile
            name = self._make()
        self._next = self._maker.submit(self._make)
        return name

    def settle(self) -> None:
        """Wait until no clone is made or dropped: each is a transaction of the whole server."""
        wait([self._next, *self._dropped])

    def drop(self, name: str) -> None:
        """Away with it, whoever is still connected, while the next test runs."""
        self._dropped = [one for one in self._dropped if not one.done()]
        self._dropped.append(self._maker.submit(self._drop, name))

    def _drop(self, name: str) -> None:
        self._administer(f"drop database {name} with (force)")

    def _make(self) -> str:
        name = f"t_{uuid4().hex[:12]}"
        made_of = f"template {self._template} strategy {self._strategy}"
        self._administer(f"create database {name} owner chevet_owner {made_of}")
        return name

    def _administer(self, statement: str) -> None:
        with psycopg.connect(self._superuser_dsn, autocommit=True) as conn:
            # Not while the template is being made by another run on the same services.
            conn.execute("select pg_advisory_lock_shared(4711)")
            conn.execute(statement)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        with suppress(psycopg.Error):
            self.drop(self._next.result())
        self._maker.shutdown()

"""The test's own database as its owner, whom no policy binds: to look on, and to make faults."""

from typing import Any

import psycopg

from core.settings import settings


def rows(query: str, *params: object) -> list[tuple[Any, ...]]:
    """Return what is there, whoever may see it."""
    with psycopg.connect(settings().owner_dsn) as conn:
        return conn.execute(query.encode(), params).fetchall()


def run(query: str, *params: object) -> None:
    """Do what nobody in the product may do."""
    with psycopg.connect(settings().owner_dsn) as conn:
        conn.execute(query.encode(), params or None)


def mutate(function: str, old: str, new: str) -> None:
    """Replace a piece of a function, which must be there."""
    ((definition,),) = rows("select pg_get_functiondef(%s::regproc::oid)", function)
    assert old in definition
    run(definition.replace(old, new))

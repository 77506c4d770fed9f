"""Runs a named query and gives back rows as frozen dataclasses."""

from collections.abc import Mapping
from typing import Any, LiteralString, TypeVar

import psycopg
from psycopg.rows import TupleRow, class_row

Row = TypeVar("Row")


def fetch_all(
    conn: psycopg.Connection[TupleRow],
    query: LiteralString,
    params: Mapping[str, Any],
    row: type[Row],
) -> list[Row]:
    """Return every row as a `row`, whose fields are the columns of the query."""
    with conn.cursor(row_factory=class_row(row)) as cursor:
        return cursor.execute(query, params).fetchall()


def fetch_one(
    conn: psycopg.Connection[TupleRow],
    query: LiteralString,
    params: Mapping[str, Any],
    row: type[Row],
) -> Row | None:
    """Return the first row as a `row`, or None when there is none."""
    with conn.cursor(row_factory=class_row(row)) as cursor:
        return cursor.execute(query, params).fetchone()

"""Typed functions over the queries of the training territory."""

from dataclasses import dataclass
from uuid import UUID

from core.doors import ServiceConnection
from core.rows import fetch_one
from core.sqlfile import load_queries

_SQL = load_queries("identity")


@dataclass(frozen=True, slots=True)
class Worlds:
    """How many parties and patients are invented, and how many are real."""

    training: int
    training_patients: int
    real: int
    real_patients: int


@dataclass(frozen=True, slots=True)
class _Rows:
    rows: int


def enter_training(conn: ServiceConnection, party: UUID) -> None:
    """Make a party part of a training territory; refused once it is in a circle or a post."""
    conn.execute(_SQL["enter_training"], {"party": party})


def forget_training(conn: ServiceConnection) -> int:
    """Remove the training territory; return how many rows are gone."""
    found = fetch_one(conn, _SQL["forget_training"], {}, _Rows)
    return found.rows if found else 0


def count_worlds(conn: ServiceConnection) -> Worlds:
    """Count who is invented and who is real."""
    found = fetch_one(conn, _SQL["training_counts"], {}, Worlds)
    return found or Worlds(0, 0, 0, 0)

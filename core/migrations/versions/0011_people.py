"""Runs core/sql/incremental/0011_people.sql."""

from core.migrate import run_incremental

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Go one step forward; there is no way back but a backup."""
    run_incremental("0011_people.sql")

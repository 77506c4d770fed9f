"""Runs core/sql/incremental/0024_first_day_of_a_line.sql."""

from core.migrate import run_incremental

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    """Go one step forward; there is no way back but a backup."""
    run_incremental("0024_first_day_of_a_line.sql")

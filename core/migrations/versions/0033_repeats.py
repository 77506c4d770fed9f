"""Runs core/sql/incremental/0033_repeats.sql."""

from core.migrate import run_incremental

revision = "0033"
down_revision = "0032"


def upgrade() -> None:
    """Go one step forward; there is no way back but a backup."""
    run_incremental("0033_repeats.sql")

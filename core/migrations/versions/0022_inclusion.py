"""Runs core/sql/incremental/0022_inclusion.sql."""

from core.migrate import run_incremental

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    """Go one step forward; there is no way back but a backup."""
    run_incremental("0022_inclusion.sql")

"""Runs core/sql/incremental/0023_reach.sql."""

from core.migrate import run_incremental

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    """Go one step forward; there is no way back but a backup."""
    run_incremental("0023_reach.sql")

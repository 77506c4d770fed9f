"""Runs core/sql/incremental/0014_trail.sql."""

from core.migrate import run_incremental

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Go one step forward; there is no way back but a backup."""
    run_incremental("0014_trail.sql")

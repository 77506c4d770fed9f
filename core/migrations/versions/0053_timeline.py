"""Runs core/sql/incremental/0053_timeline.sql."""

from core.migrate import run_incremental

revision = "0053"
down_revision = "0052"


def upgrade() -> None:
    """Go one step forward; there is no way back but a backup."""
    run_incremental("0053_timeline.sql")

"""Runs core/sql/incremental/0044_watch.sql."""

from core.migrate import run_incremental

revision = "0044"
down_revision = "0043"


def upgrade() -> None:
    """Go one step forward; there is no way back but a backup."""
    run_incremental("0044_watch.sql")

"""Runs core/sql/incremental/0037_aside.sql."""

from core.migrate import run_incremental

revision = "0037"
down_revision = "0036"


def upgrade() -> None:
    """Go one step forward; there is no way back but a backup."""
    run_incremental("0037_aside.sql")

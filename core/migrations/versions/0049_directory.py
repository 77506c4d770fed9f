"""Runs core/sql/incremental/0049_directory.sql."""

from core.migrate import run_incremental

revision = "0049"
down_revision = "0048"


def upgrade() -> None:
    """Go one step forward; there is no way back but a backup."""
    run_incremental("0049_directory.sql")

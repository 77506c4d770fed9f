"""Runs core/sql/incremental/0001_kernel.sql."""

from core.migrate import run_incremental

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Go one step forward; there is no way back but a backup."""
    run_incremental("0001_kernel.sql")

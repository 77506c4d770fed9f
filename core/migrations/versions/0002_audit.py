"""Runs core/sql/incremental/0002_audit.sql."""

from core.migrate import run_incremental

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Go one step forward; there is no way back but a backup."""
    run_incremental("0002_audit.sql")

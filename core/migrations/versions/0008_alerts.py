"""Runs core/sql/incremental/0008_alerts.sql."""

from core.migrate import run_incremental

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Go one step forward; there is no way back but a backup."""
    run_incremental("0008_alerts.sql")

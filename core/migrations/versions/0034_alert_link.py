"""Runs core/sql/incremental/0034_alert_link.sql."""

from core.migrate import run_incremental

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    """Go one step forward; there is no way back but a backup."""
    run_incremental("0034_alert_link.sql")

"""Runs core/sql/incremental/0003_messages.sql."""

from core.migrate import run_incremental

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Go one step forward; there is no way back but a backup."""
    run_incremental("0003_messages.sql")

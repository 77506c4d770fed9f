"""Runs core/sql/incremental/0050_chat.sql."""

from core.migrate import run_incremental

revision = "0050"
down_revision = "0046"


def upgrade() -> None:
    """Go one step forward; there is no way back but a backup."""
    run_incremental("0050_chat.sql")

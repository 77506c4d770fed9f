"""Runs core/sql/incremental/0054_hidden_now.sql."""

from core.migrate import run_incremental

revision = "0054"
down_revision = "0053"


def upgrade() -> None:
    """Go one step forward; there is no way back but a backup."""
    run_incremental("0054_hidden_now.sql")

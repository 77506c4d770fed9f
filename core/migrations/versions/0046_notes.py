"""Runs core/sql/incremental/0046_notes.sql."""

from core.migrate import run_incremental

revision = "0046"
down_revision = "0044"


def upgrade() -> None:
    """Go one step forward; there is no way back but a backup."""
    run_incremental("0046_notes.sql")

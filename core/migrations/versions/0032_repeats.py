"""Runs core/sql/incremental/0032_repeats.sql."""

from core.migrate import run_incremental

revision = "0032"
down_revision = "0031"


def upgrade() -> None:
    """Go one step forward; there is no way back but a backup."""
    run_incremental("0032_repeats.sql")

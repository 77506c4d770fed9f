"""Runs core/sql/incremental/0043_rescoring.sql."""

from core.migrate import run_incremental

revision = "0043"
down_revision = "0042"


def upgrade() -> None:
    """Go one step forward; there is no way back but a backup."""
    run_incremental("0043_rescoring.sql")

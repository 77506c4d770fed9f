"""Runs core/sql/incremental/0029_handover.sql."""

from core.migrate import run_incremental

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    """Go one step forward; there is no way back but a backup."""
    run_incremental("0029_handover.sql")

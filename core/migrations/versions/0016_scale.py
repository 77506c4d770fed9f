"""Runs core/sql/incremental/0016_scale.sql."""

from core.migrate import run_incremental

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Go one step forward; there is no way back but a backup."""
    run_incremental("0016_scale.sql")

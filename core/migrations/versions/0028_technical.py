"""Runs core/sql/incremental/0028_technical.sql."""

from core.migrate import run_incremental

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    """Go one step forward; there is no way back but a backup."""
    run_incremental("0028_technical.sql")

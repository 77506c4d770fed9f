"""Runs core/sql/incremental/0057_support.sql."""

from core.migrate import run_incremental

revision = "0057"
down_revision = "0056"


def upgrade() -> None:
    """Go one step forward; there is no way back but a backup."""
    run_incremental("0057_support.sql")

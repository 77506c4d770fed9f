"""Runs core/sql/incremental/0018_instruments.sql."""

from core.migrate import run_incremental

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Go one step forward; there is no way back but a backup."""
    run_incremental("0018_instruments.sql")

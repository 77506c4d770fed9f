"""Runs core/sql/incremental/0017_items.sql."""

from core.migrate import run_incremental

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Go one step forward; there is no way back but a backup."""
    run_incremental("0017_items.sql")

"""Runs core/sql/incremental/0021_phone.sql."""

from core.migrate import run_incremental

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    """Go one step forward; there is no way back but a backup."""
    run_incremental("0021_phone.sql")

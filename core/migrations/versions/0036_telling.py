"""Runs core/sql/incremental/0036_telling.sql."""

from core.migrate import run_incremental

revision = "0036"
down_revision = "0034"


def upgrade() -> None:
    """Go one step forward; there is no way back but a backup."""
    run_incremental("0036_telling.sql")

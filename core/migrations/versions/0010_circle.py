"""Runs core/sql/incremental/0010_circle.sql."""

from core.migrate import run_incremental

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Go one step forward; there is no way back but a backup."""
    run_incremental("0010_circle.sql")

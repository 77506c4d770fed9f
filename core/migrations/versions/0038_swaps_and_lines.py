"""Runs core/sql/incremental/0038_swaps_and_lines.sql."""

from core.migrate import run_incremental

revision = "0038"
down_revision = "0037"


def upgrade() -> None:
    """Go one step forward; there is no way back but a backup."""
    run_incremental("0038_swaps_and_lines.sql")

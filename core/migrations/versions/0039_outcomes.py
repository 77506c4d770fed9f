"""Runs core/sql/incremental/0039_outcomes.sql."""

from core.migrate import run_incremental

revision = "0039"
down_revision = "0038"


def upgrade() -> None:
    """Go one step forward; there is no way back but a backup."""
    run_incremental("0039_outcomes.sql")

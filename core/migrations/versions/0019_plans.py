"""Runs core/sql/incremental/0019_plans.sql."""

from core.migrate import run_incremental

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Go one step forward; there is no way back but a backup."""
    run_incremental("0019_plans.sql")

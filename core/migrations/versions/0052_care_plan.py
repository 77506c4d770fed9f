"""Runs core/sql/incremental/0052_care_plan.sql."""

from core.migrate import run_incremental

revision = "0052"
down_revision = "0051"


def upgrade() -> None:
    """Go one step forward; there is no way back but a backup."""
    run_incremental("0052_care_plan.sql")

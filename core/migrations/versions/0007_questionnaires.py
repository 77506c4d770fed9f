"""Runs core/sql/incremental/0007_questionnaires.sql."""

from core.migrate import run_incremental

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Go one step forward; there is no way back but a backup."""
    run_incremental("0007_questionnaires.sql")

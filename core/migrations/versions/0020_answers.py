"""Runs core/sql/incremental/0020_answers.sql."""

from core.migrate import run_incremental

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """Go one step forward; there is no way back but a backup."""
    run_incremental("0020_answers.sql")

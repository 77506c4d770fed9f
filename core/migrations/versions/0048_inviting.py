"""Runs core/sql/incremental/0048_inviting.sql."""

from core.migrate import run_incremental

revision = "0048"
down_revision = "0047"


def upgrade() -> None:
    """Go one step forward; there is no way back but a backup."""
    run_incremental("0048_inviting.sql")

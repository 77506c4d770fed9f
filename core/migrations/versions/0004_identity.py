"""Runs core/sql/incremental/0004_identity.sql."""

from core.migrate import run_incremental

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Go one step forward; there is no way back but a backup."""
    run_incremental("0004_identity.sql")

"""Runs core/sql/incremental/0009_rights.sql."""

from core.migrate import run_incremental

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Go one step forward; there is no way back but a backup."""
    run_incremental("0009_rights.sql")

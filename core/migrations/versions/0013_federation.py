"""Runs core/sql/incremental/0013_federation.sql."""

from core.migrate import run_incremental

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Go one step forward; there is no way back but a backup."""
    run_incremental("0013_federation.sql")

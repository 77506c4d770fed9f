"""Runs core/sql/incremental/0012_sign_in.sql."""

from core.migrate import run_incremental

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Go one step forward; there is no way back but a backup."""
    run_incremental("0012_sign_in.sql")

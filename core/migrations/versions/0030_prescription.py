"""Runs core/sql/incremental/0030_prescription.sql."""

from core.migrate import run_incremental

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    """Go one step forward; there is no way back but a backup."""
    run_incremental("0030_prescription.sql")

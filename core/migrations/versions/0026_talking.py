"""Runs core/sql/incremental/0026_talking.sql."""

from core.migrate import run_incremental

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    """Go one step forward; there is no way back but a backup."""
    run_incremental("0026_talking.sql")

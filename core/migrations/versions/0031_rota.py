"""Runs core/sql/incremental/0031_rota.sql."""

from core.migrate import run_incremental

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    """Go one step forward; there is no way back but a backup."""
    run_incremental("0031_rota.sql")

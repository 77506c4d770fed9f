"""Runs core/sql/incremental/0041_models.sql."""

from core.migrate import run_incremental

revision = "0041"
down_revision = "0040"


def upgrade() -> None:
    """Go one step forward; there is no way back but a backup."""
    run_incremental("0041_models.sql")

"""Runs core/sql/incremental/0006_vitals.sql."""

from core.migrate import run_incremental

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Go one step forward; there is no way back but a backup."""
    run_incremental("0006_vitals.sql")

"""Runs core/sql/incremental/0005_devices.sql."""

from core.migrate import run_incremental

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Go one step forward; there is no way back but a backup."""
    run_incremental("0005_devices.sql")

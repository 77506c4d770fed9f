"""Runs core/sql/incremental/0040_api_keys.sql."""

from core.migrate import run_incremental

revision = "0040"
down_revision = "0039"


def upgrade() -> None:
    """Go one step forward; there is no way back but a backup."""
    run_incremental("0040_api_keys.sql")

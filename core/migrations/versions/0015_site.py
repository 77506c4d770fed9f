"""Runs core/sql/incremental/0015_site.sql."""

from core.migrate import run_incremental

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Go one step forward; there is no way back but a backup."""
    run_incremental("0015_site.sql")

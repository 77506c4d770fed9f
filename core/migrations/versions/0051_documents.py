"""Runs core/sql/incremental/0051_documents.sql."""

from core.migrate import run_incremental

revision = "0051"
down_revision = "0050"


def upgrade() -> None:
    """Go one step forward; there is no way back but a backup."""
    run_incremental("0051_documents.sql")

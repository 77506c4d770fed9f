"""Runs core/sql/incremental/0056_document_links.sql."""

from core.migrate import run_incremental

revision = "0056"
down_revision = "0055"


def upgrade() -> None:
    """Go one step forward; there is no way back but a backup."""
    run_incremental("0056_document_links.sql")

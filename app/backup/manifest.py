"""What a backup says of itself: when, of what versions, how many rows, where the chain stood."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from core.errors import BackupError

FORM = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """Everything a restore is held against."""

    made_at: datetime
    """Instant of the snapshot: what was committed after it is not in the backup."""
    chevet: str
    server: str
    timescaledb: str
    migration: str
    schema_digest: str
    """SHA-256 of the description of relations, functions, policies and grants."""
    counts: dict[str, int]
    """Rows of each table."""
    chain: dict[str, Any] | None
    """Head of the audit chain: number, transaction, digest."""
    files: dict[str, str]
    """SHA-256 of each file beside the database."""

    def text(self) -> bytes:
        """Return it as JSON."""
        said = {**asdict(self), "made_at": self.made_at.isoformat(), "form": FORM}
        return json.dumps(said, indent=1, sort_keys=True).encode()


def parse_manifest(text: bytes) -> Manifest:
    """Return the manifest in JSON; BackupError for another form."""
    said = json.loads(text)
    if said.pop("form", None) != FORM:
        raise BackupError("the backup is of a form this version does not know")
    return Manifest(**{**said, "made_at": datetime.fromisoformat(said["made_at"])})

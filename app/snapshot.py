"""Writes what reviewers compare: frozen hashes of migrations and the resulting schema.

The snapshot is read from the catalog of a freshly migrated database, table by table, so that it
needs no pg_dump of the right version.
"""

from importlib.resources import files
from pathlib import Path

import psycopg

from core.migrate import FROZEN, incremental_hashes, migrate
from core.settings import settings
from core.sqlfile import load_queries

SNAPSHOT = Path(str(files("core"))) / "sql" / "schema.snapshot.txt"


def write_snapshot() -> None:
    """Migrate the database of CHEVET_OWNER_DSN; write `frozen.txt` and the schema snapshot."""
    migrate(settings().owner_dsn)
    FROZEN.write_text(frozen_text(), encoding="utf-8")
    SNAPSHOT.write_text(schema_text(settings().owner_dsn), encoding="utf-8")


def frozen_text() -> str:
    """Return one line a migration: its hash and name."""
    return "".join(f"{digest}  {name}\n" for name, digest in incremental_hashes().items())


def schema_text(dsn: str) -> str:
    """Describe every relation, constraint, index, function, policy and grant of our schemas."""
    parts = []
    with psycopg.connect(dsn) as conn:
        for name, query in load_queries("app").items():
            if not name.startswith("snapshot_"):
                continue
            rows = conn.execute(query).fetchall()
            lines = "".join(" | ".join(map(str, row)).rstrip() + "\n" for row in rows)
            parts.append(f"== {name.removeprefix('snapshot_')}\n{lines}")
    return "\n".join(parts)

"""Brings a database to this version: incremental files once, idempotent files each time."""

import hashlib
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import psycopg
from alembic import command, op
from alembic.config import Config
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import TupleRow
from sqlalchemy import URL

from core.access import Rights
from core.errors import ConfigurationError, MigrationError
from core.rights import rights
from core.settings import settings

SQL = Path(str(files("core"))) / "sql"
FROZEN = SQL / "frozen.txt"
Install = Callable[[psycopg.Connection[TupleRow]], None]
"""Brings data that is shipped with this version into the database, as its owner."""
_UNSAFE = ("fsync", "full_page_writes", "synchronous_commit")


def migrate(owner_dsn: str, *installs: Install) -> None:
    """Migrate the database of `owner_dsn`, then run what rooms install in it.

    Refuses a server that may forget what it confirmed.
    """
    _refuse_unsafe_server(owner_dsn)
    config = Config()
    config.set_main_option("script_location", str(Path(str(files("core"))) / "migrations"))
    config.attributes["url"] = _alchemy_url(owner_dsn)
    command.upgrade(config, "head")
    _replay_idempotent(owner_dsn)
    for install in installs:
        with psycopg.connect(owner_dsn) as conn:
            conn.execute("select pg_advisory_xact_lock(7309452)")
            install(conn)


def run_incremental(name: str) -> None:
    """Execute one incremental file on Alembic's raw cursor (called by a revision)."""
    driver = op.get_bind().connection.driver_connection
    if not isinstance(driver, psycopg.Connection):
        raise MigrationError(f"migrations run on psycopg, not on {type(driver).__name__}")
    driver.execute((SQL / "incremental" / name).read_bytes())


def incremental_hashes() -> dict[str, str]:
    """Return SHA-256 of each incremental file, to be frozen in `frozen.txt`."""
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted((SQL / "incremental").glob("*.sql"))
    }


def sql_fingerprint() -> str:
    """Return one SHA-256 over everything that decides the schema."""
    whole = hashlib.sha256()
    for path in sorted(SQL.rglob("*.sql")):
        whole.update(path.name.encode() + path.read_bytes())
    whole.update(repr(rights_rows(rights())).encode())
    return whole.hexdigest()


def _replay_idempotent(owner_dsn: str) -> None:
    with psycopg.connect(owner_dsn) as conn:
        conn.execute("set local lock_timeout = '5s'")
        conn.execute("select pg_advisory_xact_lock(7309452)")
        for path in sorted((SQL / "idempotent").glob("*.sql")):
            conn.execute(path.read_bytes())
        conn.execute("delete from access.role_permission")
        with conn.cursor() as cursor:
            cursor.executemany(
                "insert into access.role_permission (role, permission, needs_agreement) "
                "values (%s, %s, %s)",
                rights_rows(rights()),
            )
        conn.execute(
            "update identity.installation set identity_mode = %s", [settings().identity_mode]
        )


def rights_rows(table: Rights) -> list[tuple[str, str, bool]]:
    """Return the rows of `access.role_permission`: role, permission, needs agreement."""
    kinds = ((table.always, False), (table.by_agreement, True))
    return sorted(
        (str(role), str(permission), needs_agreement)
        for granted_by_role, needs_agreement in kinds
        for role, granted in granted_by_role.items()
        for permission in granted
    )


def _refuse_unsafe_server(owner_dsn: str) -> None:
    with psycopg.connect(owner_dsn) as conn:
        for setting in _UNSAFE:
            row = conn.execute("select current_setting(%s)", [setting]).fetchone()
            if row and row[0] == "off":
                raise ConfigurationError(
                    f"PostgreSQL runs with {setting}=off and may lose confirmed readings: "
                    f"set {setting}=on before migrating."
                )


def _alchemy_url(dsn: str) -> str:
    parts = conninfo_to_dict(dsn)
    return URL.create(
        "postgresql+psycopg",
        username=str(parts["user"]),
        password=str(parts.get("password") or "") or None,
        host=str(parts.get("host") or "127.0.0.1"),
        port=int(str(parts.get("port") or 5432)),
        database=str(parts["dbname"]),
    ).render_as_string(hide_password=False)

"""PostgreSQL 17 with TimescaleDB: a cluster of the instance's own."""

import contextlib
import shlex
import shutil
import signal
import subprocess
from pathlib import Path

from instances import in_memory
from instances.inside import Inside
from instances.place import REPOSITORY, ROLES, ServicesError
from instances.process import wait_for, working_in

STOP = signal.SIGINT  # "fast": clients are cut off, the cluster is closed properly
BINARIES = "/usr/lib/postgresql/17/bin"
ACCESS = "host all all 127.0.0.1/32 scram-sha-256\n"


def prepare(inside: Inside, values: dict[str, str]) -> None:
    """Make the cluster when there is none; an initdb that was interrupted starts again."""
    if not (inside.folder / "made").is_file():
        shutil.rmtree(inside.folder, ignore_errors=True)
        inside.make_folder()
        in_memory.take(inside)
        inside.put("superuser", values["superuser_password"])
        data = ("--pgdata", f"{inside.path}/data", "--username=postgres")
        locale = ("--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8")
        login = ("--auth=scram-sha-256", f"--pwfile={inside.path}/superuser", "--no-sync")
        inside.run(f"{BINARIES}/initdb", *data, *locale, *login)
        spread_databases(inside.folder / "data/base")
        inside.put("made", "")
        (inside.folder / "superuser").unlink()
    clear_stale_lock(inside)
    inside.put_copy("chevet.conf", REPOSITORY / "deploy/postgres/postgresql.conf")
    inside.put("access.conf", ACCESS)
    inside.put_copy("roles.sql", REPOSITORY / "deploy/postgres/roles.sql")


def spread_databases(base: Path) -> None:
    """Let ext4 put the folder of each database into a part of the disk of its own.

    For minutes after a file was deleted ext4 gives its inode to no other, and steps over it one by
    one: where databases come and go in one place, as in tests, most of the processor goes there.
    Elsewhere, or without chattr, nothing changes.
    """
    with contextlib.suppress(FileNotFoundError):
        subprocess.run(["chattr", "+T", base], check=False, capture_output=True)


def clear_stale_lock(inside: Inside) -> None:
    """Remove the lock of a postmaster that was killed, once nobody works in its folder.

    PostgreSQL does so itself, unless the dead process has not yet been collected by its parent
    (process 1 of a container is often slow at that) or its pid has been taken by another.
    """
    data = inside.folder / "data"
    if not wait_for(lambda: not working_in(data), 30):
        raise ServicesError(f"processes {working_in(data)} still work in {data}")
    (data / "postmaster.pid").unlink(missing_ok=True)


def command(inside: Inside, values: dict[str, str]) -> list[str]:
    """The postmaster, on loopback only and with nothing outside its own folder.

    The sandbox has no /dev/shm of its own: shared segments are files in the data folder, which
    the next start clears even after SIGKILL.
    """
    settings = {
        "listen_addresses": "127.0.0.1",
        "port": values["postgres_port"],
        "unix_socket_directories": "",
        "hba_file": f"{inside.path}/access.conf",
        "dynamic_shared_memory_type": "mmap",
        "timescaledb.max_background_workers": "0",
    }
    options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    config = inside.folder / "data/postgresql.conf"
    included = f"include '{inside.path}/chevet.conf'\n"
    if included not in config.read_text():
        with config.open("a") as file:
            file.write(included)
    return inside.as_user(f"{BINARIES}/postgres", "-D", f"{inside.path}/data", *options)


def answers(inside: Inside, values: dict[str, str]) -> bool:
    """Does it execute a query? (During recovery after a crash it accepts none.)"""
    with contextlib.suppress(ServicesError):
        return ask(inside, values, "-c", "select 'ready'").strip() == "ready"
    return False


def finish(inside: Inside, values: dict[str, str]) -> None:
    """Create roles and database once the new cluster answers; a half-done attempt is redone."""
    if (inside.folder / "roles-made").is_file():
        return
    undo = ["drop database if exists chevet with (force)"]
    undo += [f"drop role if exists chevet_{role}" for role in ROLES]
    for statement in undo:
        ask(inside, values, "-c", statement)
    ask(inside, values, "--file", f"{inside.path}/roles.sql")
    inside.put("roles-made", "")
    (inside.folder / "roles.sql").unlink()


def write_tools(inside: Inside) -> Path:
    """Let the server's own pg_dump and pg_restore be called from outside, through pipes alone."""
    folder = inside.instance.folder / "bin"
    folder.mkdir(exist_ok=True)
    for name in ("pg_dump", "pg_restore"):
        tool = folder / name
        call = shlex.join(inside.as_user(f"{BINARIES}/{name}"))
        tool.write_text(f'#!/bin/sh\ncd / && exec {call} "$@"\n')
        tool.chmod(0o755)
    return folder


def ask(inside: Inside, values: dict[str, str], *arguments: str) -> str:
    """Run psql inside, as superuser over TCP."""
    environment = {
        "PGHOST": "127.0.0.1",
        "PGPORT": values["postgres_port"],
        "PGUSER": "postgres",
        "PGPASSWORD": values["superuser_password"],
        "PGDATABASE": "postgres",
        "PGCONNECT_TIMEOUT": "5",
        **{f"CHEVET_{role.upper()}_PASSWORD": values[f"{role}_password"] for role in ROLES},
    }
    psql = (f"{BINARIES}/psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align")
    return inside.run(*psql, *arguments, environment=environment)

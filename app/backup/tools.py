"""The server's own pg_dump and pg_restore: found, of the right version, and run in a pipe."""

import contextlib
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from typing import IO

from psycopg.conninfo import conninfo_to_dict

from core.errors import BackupError
from core.settings import settings

PIECE_BYTES = 256 * 1024


def find_tool(name: str, server_major: int) -> str:
    """Return the path of a tool at least as new as the server; BackupError when there is none."""
    folder = settings().pg_bin
    path = str(folder / name) if folder else shutil.which(name)
    if not path or not shutil.which(path):
        raise BackupError(f"{name} is not there: set CHEVET_PG_BIN to the folder that holds it")
    told = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=60)
    version = re.search(r"(\d+)(?:\.\d+)*", told.stdout)
    if told.returncode != 0 or version is None:
        raise BackupError(f"{path} does not say its version: {told.stderr.strip()}")
    if int(version[1]) < server_major:
        raise BackupError(
            f"{path} is of version {version[1]} and the server of {server_major}: "
            "set CHEVET_PG_BIN to the folder of the server's own tools"
        )
    return path


def tool_environment(dsn: str) -> dict[str, str]:
    """Return what tells a tool where to connect, so that no password is seen in a process list."""
    parts = {name: str(value) for name, value in conninfo_to_dict(dsn).items() if value}
    names = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD"}
    names |= {"dbname": "PGDATABASE", "sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT"}
    found = {names[name]: value for name, value in parts.items() if name in names}
    return {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8", **found}


def dump(tool: str, dsn: str, snapshot: str) -> Iterator[bytes]:
    """Yield the database as it is in an exported snapshot, in the custom format of pg_dump."""
    command = [tool, "--format=custom", "--no-password", f"--snapshot={snapshot}"]
    with tempfile.TemporaryFile() as words:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=words,
            env=tool_environment(dsn),
        )
        try:
            if process.stdout is None:
                raise BackupError("pg_dump has no output")
            while piece := process.stdout.read(PIECE_BYTES):
                yield piece
        finally:
            if process.stdout is not None:
                process.stdout.close()
            status = process.wait()
        if status != 0:
            raise BackupError(f"pg_dump failed: {_last_line(words)}")


def restore(tool: str, dsn: str, pieces: Iterable[bytes]) -> None:
    """Feed a dump to pg_restore, which stops at the first thing that goes wrong."""
    environment = tool_environment(dsn)
    command = [tool, "--exit-on-error", "--no-password", f"--dbname={environment['PGDATABASE']}"]
    with tempfile.TemporaryFile() as words:
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=words, stderr=words, env=environment
        )
        try:
            if process.stdin is None:
                raise BackupError("pg_restore has no input")
            for piece in pieces:
                process.stdin.write(piece)
        except BrokenPipeError:
            pass  # it stopped reading, and says why
        finally:
            if process.stdin is not None:
                _close(process.stdin)
            status = process.wait()
        if status != 0:
            raise BackupError(f"pg_restore failed: {_last_line(words)}")


def _close(pipe: IO[bytes]) -> None:
    with contextlib.suppress(BrokenPipeError):
        pipe.close()


def _last_line(words: IO[bytes]) -> str:
    words.seek(0)
    lines = words.read().decode(errors="replace").strip().splitlines()
    errors = [line for line in lines if "error" in line.lower()]
    return (errors or lines or ["it said nothing"])[-1]

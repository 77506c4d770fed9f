"""The query contract: every named query prepares, is described, is used, and fits its dataclass.

Nothing executes: the server is asked what each query would return.
"""

import ast
import importlib
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import psycopg
import pytest

from core.i18n import ROOMS
from core.sqlfile import load_queries
from tests.conftest import ROOT, Database

_PARAMETER = re.compile(r"%\((\w+)\)[sbt]")
_SCHEMA_OF_ROOM = {room: {room} for room in ROOMS} | {
    "core": {"core", "access", "audit", "vitals", "doorway"},
    "identity": {"identity"},
    "ingest": {"ingest", "vitals"},
}
_PUBLISHED = {"access", "doorway", "core"}
_OTHERS = {
    "identity", "devices", "ingest", "vitals", "questionnaires", "alerts", "messages", "audit",
    "coordination",
}  # fmt: skip


def rooms_with_queries() -> list[str]:
    """Name each package that has queries of its own: a room, or a part of one.

    Backups and benches work on databases of their own, with tables this schema does not have.
    """
    found = (path.parent for room in ROOMS for path in (ROOT / room).rglob("queries.sql"))
    names = {".".join(path.relative_to(ROOT).parts) for path in found}
    return sorted(names - {"app.backup", "app.bench"})


def python_of(room: str) -> Iterator[Path]:
    yield from folder(room).rglob("*.py")


def folder(room: str) -> Path:
    return ROOT / room.replace(".", "/")


def placeholders(query: str) -> tuple[str, list[str]]:
    """Return the query with $1, $2 … and the names in that order."""
    names: list[str] = []

    def number(match: re.Match[str]) -> str:
        if match[1] not in names:
            names.append(match[1])
        return f"${names.index(match[1]) + 1}"

    return _PARAMETER.sub(number, query).replace("%%", "%"), names


def columns(dsn: str, query: str) -> list[str]:
    """Ask the server which columns a query returns."""
    text, _ = placeholders(query)
    with psycopg.connect(dsn) as conn:
        prepared = conn.pgconn.prepare(b"q", text.encode())
        assert prepared.status == psycopg.pq.ExecStatus.COMMAND_OK, prepared.error_message.decode()
        told = conn.pgconn.describe_prepared(b"q")
        return [(told.fname(i) or b"").decode() for i in range(told.nfields)]


@pytest.mark.parametrize("room", rooms_with_queries())
def test_every_query_prepares_against_the_schema(database: Database, room: str) -> None:
    for name, query in load_queries(room).items():
        assert columns(database.dsn("OWNER"), query) is not None, name


@pytest.mark.parametrize("room", rooms_with_queries())
def test_every_query_is_used(room: str) -> None:
    code = "".join(path.read_text() for path in python_of(room))
    unused = [
        name
        for name in load_queries(room)
        if not re.search(rf"""["']{name}["']""", code) and not name.startswith("snapshot_")
    ]
    assert unused == []


def fetches(room: str) -> Iterator[tuple[str, str, type]]:
    """Yield (where, query name, dataclass) of every fetch_all and fetch_one of a room."""
    for path in python_of(room):
        if path.parent != folder(room) and (path.parent / "queries.sql").exists():
            continue  # a folder with queries of its own
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for node in ast.walk(ast.parse(path.read_text())):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
                continue
            if node.func.id not in {"fetch_all", "fetch_one"} or len(node.args) < 4:
                continue
            query, row = node.args[1], node.args[3]
            if isinstance(query, ast.Subscript) and isinstance(query.slice, ast.Constant):
                assert isinstance(row, ast.Name), f"{path}:{node.lineno}: name the row class"
                found = getattr(importlib.import_module(module), row.id)
                yield f"{path.name}:{node.lineno}", str(query.slice.value), found


@pytest.mark.parametrize("room", rooms_with_queries())
def test_columns_are_the_fields_of_the_dataclass(database: Database, room: str) -> None:
    queries = load_queries(room)
    for where, name, row in fetches(room):
        assert set(columns(database.dsn("OWNER"), queries[name])) == {
            field.name for field in fields(row)
        }, where


ROOMS_OF_THEIR_OWN = [
    room for room in rooms_with_queries() if room.split(".")[0] not in {"core", "app"}
]


@pytest.mark.parametrize("room", ROOMS_OF_THEIR_OWN)
def test_a_room_names_no_other_rooms_schema(room: str) -> None:
    text = (folder(room) / "queries.sql").read_text()
    code = "\n".join(line for line in text.splitlines() if not line.startswith("--"))
    allowed = _SCHEMA_OF_ROOM[room.split(".")[0]] | _PUBLISHED
    named = {schema for schema in _OTHERS if re.search(rf"\b{schema}\.\w+", code)}
    assert named <= allowed

"""Every callback of the console goes through the one decorator that asks who acts."""

import ast
from pathlib import Path

import pytest

from tests.conftest import ROOT

REGISTRAR = "dashboard/callbacks.py"
DOORS = {"store", "acting_as", "serving", "before_sign_in", "sqlfile", "psycopg"}


def bare_callbacks(source: str) -> list[int]:
    """Lines where Dash's own `callback` is imported or used, under any name or on an app."""
    lines = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "dash":
            lines += [node.lineno for alias in node.names if alias.name in {"callback", "hooks"}]
        if isinstance(node, ast.Attribute) and node.attr == "callback":
            lines.append(node.lineno)
    return lines


def sources() -> list[Path]:
    found = [*(ROOT / "dashboard").rglob("*.py"), ROOT / "app/console.py"]
    return [path for path in found if str(path.relative_to(ROOT)) != REGISTRAR]


def test_no_callback_is_registered_past_the_decorator() -> None:
    bare = {
        str(path.relative_to(ROOT)): lines
        for path in sources()
        if (lines := bare_callbacks(path.read_text()))
    }
    assert bare == {}


@pytest.mark.parametrize(
    "planted",
    [
        "from dash import callback\n@callback()\ndef f(): ...",
        "from dash import callback as quiet",
        "import dash\n@dash.callback()\nasync def f(): ...",
        "app.callback()(f)",
        "from dash import hooks",
    ],
)
def test_a_planted_bare_callback_is_found(planted: str) -> None:
    assert bare_callbacks(planted) != []


def test_pages_ask_services_and_leave_waiting_to_the_decorator() -> None:
    """No page opens a door or a store, and none is a coroutine that could block the loop."""
    wrong = []
    for path in (ROOT / "dashboard/pages").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom):
                names = {(node.module or "").split(".")[-1], *(alias.name for alias in node.names)}
                wrong += [f"{path.name}: {name}" for name in names & DOORS]
            if isinstance(node, ast.AsyncFunctionDef):
                wrong.append(f"{path.name}: async {node.name}")
    assert wrong == []

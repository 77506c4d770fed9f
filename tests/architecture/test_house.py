"""The rules of the house, read from the code itself."""

import ast
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from core.i18n import ROOMS
from tests.conftest import ROOT

EDGES = {"queries", "store", "service", "routes", "tasks", "edge", "__main__"}
"""Names of files and folders that may do I/O in any room; all else is pure."""
IO_ROOMS = {"core", "app"}
IO_MODULES = {
    "psycopg", "psycopg_pool", "fastapi", "starlette", "socket", "subprocess", "smtplib", "httpx",
    "httpx2", "redis", "celery", "sqlite3", "uvicorn", "bleak", "paho", "threading",
    "core.clock", "core.doors", "core.failpoint", "core.settings",
}  # fmt: skip
PURE_WITH_REASON = {
    # Composition of the gateway and virtual devices: they hold threads, radios and loops.
    "devices/gateway.py", "devices/gateway_main.py", "devices/virtual",
    # Words that carry an Actor, a value defined beside the doors.
    "identity/people.py",
    # The console's pages and callbacks are its edge.
    "dashboard/pages", "dashboard/callbacks.py", "dashboard/live.py",
}  # fmt: skip


def sources() -> list[Path]:
    return sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))


def imported(tree: ast.Module) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def is_edge(path: Path) -> bool:
    relative = path.relative_to(ROOT)
    if relative.parts[0] in IO_ROOMS:
        return True
    if any(str(relative).startswith(kept) for kept in PURE_WITH_REASON):
        return True
    stems = {relative.stem, *relative.parts[1:-1]}
    return any(stem in EDGES or stem.endswith(("_service", "_store", "_routes")) for stem in stems)


def test_what_is_not_an_edge_is_pure() -> None:
    impure = {}
    for path in sources():
        if is_edge(path):
            continue
        names = imported(ast.parse(path.read_text()))
        touched = {m for m in IO_MODULES for n in names if n == m or n.startswith(m + ".")}
        if touched:
            impure[str(path.relative_to(ROOT))] = sorted(touched)
    assert impure == {}


def test_sql_lives_in_queries_files() -> None:
    statement = re.compile(r"^\s*(select|insert into|update|delete from|with)\s", re.IGNORECASE)
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in sources()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if statement.match(node.value) and re.search(r"\b(from|into|set|values)\b", node.value)
        if path.name not in {"migrate.py", "env.py"} and not _is_docstring(path, node)
        if "devices/edge/spool" not in str(path)  # SQLite, in the home
    ]
    assert found == []


def _is_docstring(path: Path, constant: ast.Constant) -> bool:
    for node in ast.walk(ast.parse(path.read_text())):
        body = getattr(node, "body", None)
        if isinstance(body, list) and body and isinstance(body[0], ast.Expr):
            value = body[0].value
            if isinstance(value, ast.Constant) and value.lineno == constant.lineno:
                return True
    return False


def test_files_and_functions_stay_small() -> None:
    large = [
        f"{path.relative_to(ROOT)}: {count} lines"
        for path in sources()
        if (count := len(path.read_text().splitlines())) > 300
    ]
    long = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}: {length} lines"
        for path in sources()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        if (length := (node.end_lineno or 0) - node.lineno + 1) > 40
        if not _mostly_words(node)
    ]
    assert large + long == []


def _mostly_words(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """A signature and a dictionary of parameters is long but not complicated."""
    return len(node.body) <= 3 and not any(
        isinstance(inner, ast.If | ast.For | ast.While | ast.Try) for inner in ast.walk(node)
    )


def test_every_match_says_what_happens_to_the_rest() -> None:
    """A new member of a union must not slip through: `case _` asserts that it cannot come."""
    open_ended = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in sources()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Match) and not any(_takes_anything(case) for case in node.cases)
    ]
    assert open_ended == []


def _takes_anything(case: ast.match_case) -> bool:
    pattern = case.pattern
    return case.guard is None and isinstance(pattern, ast.MatchAs) and pattern.pattern is None


def test_the_gateway_needs_only_the_base_install() -> None:
    """The modules a gateway loads name no library of the server."""
    code = (
        "import sys, devices.gateway_main, devices.decode\n"
        "heavy = {'psycopg', 'fastapi', 'pandas', 'dash', 'celery', 'sqlalchemy', 'pydantic'}\n"
        "print(sorted(heavy & {name.split('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_the_wheel_holds_sql_templates_words_and_no_tests(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        names = wheel.namelist()
    for wanted in (
        "core/queries.sql",
        "core/sql/incremental/0001_kernel.sql",
        "app/templates/base.html",
        "app/locale/fr.po",
        "alerts/profiles/covid-home-1.json",
        "devices/catalogue/models.toml",
        "devices/makers/frames.toml",
    ):
        assert wanted in names
    assert not [name for name in names if name.startswith("tests/")]


FORBIDDEN_IN_FRENCH = (
    "acquitter", "snooze", "bouton panique", "auxiliaire", "NSS", "nom de jeune fille",
    "télésurveillance", "consentement RGPD", "tout va bien", "bouton d'urgence",
)  # fmt: skip


@pytest.mark.parametrize("word", FORBIDDEN_IN_FRENCH)
def test_no_forbidden_word_is_in_the_french_catalogue(word: str) -> None:
    said = [
        str(path.relative_to(ROOT))
        for path in ROOT.glob("*/locale/fr.po")
        if any(
            word in line
            for line in path.read_text().splitlines()
            if line.startswith(("msgstr", '"'))
        )
    ]
    assert said == []


def test_the_project_speaks_of_itself_alone() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    hosts = re.compile(r"(?:py" r"pi\.org|registry\.npm" r"js|deb\.deb" r"ian\.org)")
    named = [
        name.decode()
        for name in listed.stdout.split(b"\0")
        if name and (ROOT / name.decode()).is_file()
        if hosts.search((ROOT / name.decode()).read_text(errors="ignore"))
    ]
    assert named == []

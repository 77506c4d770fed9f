"""mutate FILE... [-- TEST...]: how many small faults in each file its tests see.

Each fault gets a process of its own, forked once the libraries are loaded, which imports the file
with the fault in it and runs the tests until one fails. Tests are those of the file's room and the
vignettes that import it, however far; nothing is written into the tree of the project.
"""

import ast
import contextlib
import importlib
import importlib.abc
import importlib.util
import os
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any, Final

import hypothesis
import pytest

from mutants.faults import Fault, faults_of

WANTED_PERCENT: Final = 90
LIBRARIES: Final = (
    "numpy",
    "sklearn.ensemble",
    "sklearn.calibration",
    "sklearn.impute",
    "sklearn.metrics",
    "pandas",
    "msgspec",
    "jsonschema",
    "psycopg",
    "fhirpathpy",
    "yaml",
    "argon2",
)
"""Loaded once, before the first fork."""
OPTIONS: Final = (
    *("-x", "-q", "--tb=no", "--assert=plain", "-p", "no:cacheprovider"),
    *("-p", "pytest_timeout", "-p", "_hypothesis_pytestplugin"),
    *("-p", "no:unraisableexception", "-p", "no:threadexception"),
    *("--hypothesis-profile=mutants", "-W", "ignore::pytest.PytestAssertRewriteWarning"),
)
SURVIVED, SEEN, ENDLESS = 0, 1, 2


class Planted(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports one module from code that was given, and leaves all others alone."""

    def __init__(self, module: str, code: CodeType) -> None:
        self.module, self.code = module, code

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        return importlib.util.spec_from_loader(name, self) if name == self.module else None

    def exec_module(self, module: ModuleType) -> None:
        exec(self.code, module.__dict__)


def module_of(path: Path) -> str:
    return ".".join(path.with_suffix("").parts)


def tests_of(path: Path) -> list[str]:
    """Return the tests that reach a file: vignettes, then its own, then those that name it."""
    room, module = path.parts[0], module_of(path)
    tests = [*VIGNETTES.glob("test_*"), *sorted(Path("tests/unit", room).rglob("test_*.py"))]
    reaching = [test for test in tests if module in _reached(_imported(test), set())]
    reaching.sort(
        key=lambda test: (
            VIGNETTES not in test.parents,
            test.stem != f"test_{path.stem}",
            module not in _imported(test),
        )
    )
    return [str(test) for test in reaching]


VIGNETTES: Final = Path("tests/vignettes")


def _imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


def _reached(names: set[str], seen: set[str]) -> set[str]:
    for name in names - seen:
        seen.add(name)
        path = Path(*name.split(".")).with_suffix(".py")
        if path.is_file():
            _reached(_imported(path), seen)
    return seen


def started(module: str, code: CodeType, tests: Sequence[str], seconds: int) -> int:
    """Run the tests in a process of their own against that code; return the process.

    File by file: the first failure ends it, and what is collected costs more than what is run.
    """
    if child := os.fork():
        return child
    signal.signal(signal.SIGALRM, lambda *_: os._exit(ENDLESS))
    signal.alarm(seconds)
    for stream in (1, 2):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream)
    sys.meta_path.insert(0, Planted(module, code))
    hypothesis.settings.register_profile(
        "mutants",
        max_examples=60,
        derandomize=True,
        database=None,
        deadline=None,
        phases=(hypothesis.Phase.explicit, hypothesis.Phase.generate),  # seen is enough
    )
    sys.dont_write_bytecode = True
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # loading them takes longer than a test
    failed = any(pytest.main([*OPTIONS, test]) for test in tests)
    os._exit(SEEN if failed else SURVIVED)


def outcomes(path: Path, tests: Sequence[str], jobs: int) -> Iterator[tuple[Fault, int]]:
    """Yield what became of each fault, `jobs` of them at a time."""
    tree, module = ast.parse(path.read_text()), module_of(path)
    began = time.monotonic()
    whole = started(module, compile(tree, str(path), "exec"), tests, 300)
    if os.waitstatus_to_exitcode(os.waitpid(whole, 0)[1]) != SURVIVED:
        sys.exit(f"{path}: its tests fail without any fault: {' '.join(tests)}")
    seconds = 10 + int(5 * (time.monotonic() - began))
    running: dict[int, Fault] = {}
    every = int(os.environ.get("CHEVET_MUTANTS_EVERY", 1))
    for fault in faults_of(tree)[::every]:
        if len(running) == jobs:
            yield _ended(running)
        code = fault.compiled(tree, str(path))
        running[started(module, code, tests, seconds)] = fault
    while running:
        yield _ended(running)


def _ended(running: dict[int, Fault]) -> tuple[Fault, int]:
    child, status = os.wait()
    return running.pop(child), os.waitstatus_to_exitcode(status)


def judge(path: Path, tests: Sequence[str], jobs: int) -> float:
    """Print the faults nobody saw and a line for the file; return the percentage seen."""
    count, survived, endless = 0, 0, 0
    for fault, outcome in outcomes(path, tests, jobs):
        count, endless = count + 1, endless + (outcome == ENDLESS)
        if outcome == SURVIVED:
            survived += 1
            print(f"{path}:{fault.line}: not seen: {fault.said}", flush=True)
    percent = 100 * (count - survived) / count if count else 100.0
    seen = f"{count - survived} of {count} faults seen ({endless} by time)"
    print(f"{path}: {percent:.1f} %: {seen}", flush=True)
    return percent


def main(arguments: Sequence[str]) -> int:
    cut = arguments.index("--") if "--" in arguments else len(arguments)
    files, tests = [Path(one) for one in arguments[:cut]], arguments[cut + 1 :]
    if not files:
        print("usage: scripts/mutate FILE... [-- TEST...]", file=sys.stderr)
        return 2
    for name in LIBRARIES:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    jobs = int(os.environ.get("CHEVET_MUTANTS", os.cpu_count() or 1))
    worst = min(judge(path, tests or tests_of(path), jobs) for path in files)
    return 0 if worst >= WANTED_PERCENT else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

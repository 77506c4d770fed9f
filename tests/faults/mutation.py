"""Faults applied from outside: a copy of the product in which one thing was made wrong."""

import shutil
from pathlib import Path

from tests.conftest import ROOT
from tests.faults.processes import ProcessVictim

PACKAGES = (
    "alerts",
    "app",
    "core",
    "devices",
    "identity",
    "ingest",
    "messages",
    "questionnaires",
    "scoring",
)


def mutate(folder: Path, file: str, right: str, wrong: str) -> Path:
    """Copy the product into `folder`, put `wrong` for `right` in `file`; return the copy."""
    tree = folder / "mutated"
    for package in PACKAGES:
        shutil.copytree(
            ROOT / package, tree / package, ignore=shutil.ignore_patterns("__pycache__")
        )
    text = (tree / file).read_text()
    assert text.count(right) == 1, f"{file} no longer holds exactly once: {right}"
    (tree / file).write_text(text.replace(right, wrong))
    return tree


def run_from(process: ProcessVictim, tree: Path) -> None:
    """Make a process run the copy; the module path of `-m` begins with where it is started."""
    process.cwd = tree
    process.env = {**process.env, "PYTHONPATH": str(tree)}

"""The verbs: short scripts, one for each, and a total that cannot hide a failure."""

import os
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
STEPS = [
    path
    for folder in ("scripts", "scripts/bootstrap.d", ".ci")
    for path in sorted((ROOT / folder).iterdir())
    if path.is_file() and path.read_text().startswith("#!")
]


def test_every_step_is_short_and_says_what_it_does() -> None:
    assert len(STEPS) > 15
    for path in STEPS:
        lines = path.read_text().splitlines()
        assert len(lines) <= 20, path
        assert lines[0] == "#!/usr/bin/env bash", path
        assert re.match(r"# \S.{20}", lines[1]), path
        assert os.access(path, os.X_OK), path
        assert subprocess.run(["bash", "-n", path]).returncode == 0


def test_bare_make_prints_every_verb_and_each_calls_one_script() -> None:
    said = subprocess.run(["make", "-s"], cwd=ROOT, capture_output=True, text=True, check=True)
    verbs = re.findall(r"^make (\S+) +\S", said.stdout, re.M)
    phony = re.search(r"\.PHONY: (.*?)\n\w", (ROOT / "Makefile").read_text(), re.S)
    assert phony is not None
    assert set(verbs) == set(phony[1].replace("\\", " ").split())
    for verb in set(verbs) - {"help", "services-up", "services-down"}:
        assert ROOT / "scripts" / verb in STEPS, verb


@pytest.fixture
def suites(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The runner of suites, imported as scripts/test does."""
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    monkeypatch.chdir(ROOT)
    import suites.__main__
    import suites.run
    import suites.table

    return suites


def outcome(suites: ModuleType, folder: Path, text: str, budget_s: int = 60) -> tuple[object, ...]:
    test = folder / "test_planted.py"
    test.write_text(text)
    options = ("-q", "-p", "no:cacheprovider", f"--rootdir={folder}")
    suite = suites.catalogue.Suite(
        name="planted",
        command=(sys.executable, "-m", "pytest", *options, str(test)),
        instances=(),
        budget_s=budget_s,
    )
    result = suites.run.run_command(suite, {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"})
    suites.table.print_table([result])
    return result.passed, result.failed, result.good


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("def test_a(): pass\ndef test_b(): pass\n", (2, 0, True)),
        ("def test_a(): pass\ndef test_b(): assert 0\n", (1, 1, False)),
        ("import nowhere\n", (0, 1, False)),
        ("", (0, 1, False)),
        ("import os\ndef test_a(): os._exit(0)\n", (0, 0, False)),
        ("import pytest\n@pytest.mark.skip\ndef test_a(): pass\n", (0, 0, False)),
    ],
    ids=["passes", "fails", "breaks", "is empty", "dies with 0", "only skips"],
)
def test_what_a_suite_comes_to(
    suites: ModuleType,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    text: str,
    expected: tuple[int, int, bool],
) -> None:
    assert outcome(suites, tmp_path, text) == expected
    last = capsys.readouterr().out.splitlines()[-1]
    assert last == f"{expected[0]} passed, {max(expected[1], int(not expected[2]))} failed"


def test_a_suite_that_hangs_is_killed_and_one_over_budget_fails(
    suites: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hangs = "import threading\ndef test_a(): threading.Event().wait(60)\n"
    assert outcome(suites, tmp_path, hangs, budget_s=1) == (0, 1, False)
    assert "killed: hung, over its budget" in capsys.readouterr().out
    assert outcome(suites, tmp_path, "def test_a(): pass\n", budget_s=0)[2] is False


def test_every_folder_of_tests_is_run(suites: ModuleType) -> None:
    found = {suite.name for suite in suites.catalogue.find_suites()}
    folders = {path.parent.relative_to(ROOT).parts[1] for path in ROOT.glob("tests/*/**/test_*.py")}
    assert folders - found <= {"unit", "architecture"}
    assert sum(suites.catalogue.BUDGETS_S.values()) <= 60 * 60

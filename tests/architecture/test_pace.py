"""Budgets are stretched by how slow the machine is, and no further than a hang allows."""

import os
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.architecture.test_scripts import suites

__all__ = ["suites"]
FAST = 60


def result(suites: ModuleType, seconds: float, stretch: float) -> object:
    suite = suites.catalogue.Suite(name="planted", command=(), instances=(), budget_s=FAST)
    return suites.table.Result(
        suite=suite, passed=1, failed=0, seconds=seconds, note="", stretch=stretch
    )


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (1.0, 1.0, 1.0),
        (0.5, 0.7, 1.0),  # a faster machine has no less time than was promised
        (1.2, 1.6, 1.4),
        (0.8, 1.4, 1.1),
        (1.0, 9.0, 3.0),
        (50.0, 50.0, 3.0),
    ],
    ids=["as then", "faster", "slower", "slower meanwhile", "at an end", "as if hung"],
)
def test_the_stretch_is_the_mean_of_both_sides_between_one_and_three(
    suites: ModuleType, before: float, after: float, expected: float
) -> None:
    assert suites.pace.stretch(before, after) == pytest.approx(expected)


def test_slowness_is_the_mean_of_both_cores_beside_the_reference(suites: ModuleType) -> None:
    reference = suites.pace.REFERENCE_S
    assert suites.pace.slowness_of([reference, reference]) == pytest.approx(1.0)
    assert suites.pace.slowness_of([reference, 3 * reference]) == pytest.approx(2.0)


def test_the_work_is_done_on_both_cores_and_says_its_best(suites: ModuleType) -> None:
    assert suites.pace.slowness() > 0


@pytest.mark.parametrize(
    ("seconds", "stretch", "good"),
    [(FAST, 1.0, True), (FAST + 1, 1.0, False), (FAST * 2, 2.0, True), (FAST * 2 + 1, 2.0, False)],
)
def test_a_suite_is_held_to_its_stretched_budget_and_the_table_says_by_how_much(
    suites: ModuleType,
    capsys: pytest.CaptureFixture[str],
    seconds: float,
    stretch: float,
    good: bool,
) -> None:
    one = result(suites, seconds, stretch)
    suites.table.print_table([one])
    head, row = capsys.readouterr().out.splitlines()[1:3]
    assert head.split()[-2:] == ["budget", "factor"]
    assert row.split()[4:6] == [str(FAST), f"{stretch:.2f}"]
    assert ("over its budget" in row) is not good


def test_a_hang_is_killed_however_slow_the_machine(suites: ModuleType, tmp_path: Path) -> None:
    """Patience follows the stretch, which has an end."""
    test = tmp_path / "test_planted.py"
    test.write_text("import threading\ndef test_a(): threading.Event().wait(60)\n")
    command = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(test))
    suite = suites.catalogue.Suite(name="planted", command=command, instances=(), budget_s=0.1)
    plain = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    ended = suites.run.run_command(suite, plain, suites.pace.stretch(99, 99))
    assert ended.note == "killed: hung"
    assert (ended.failed, ended.good) == (1, False)
    assert ended.seconds >= 0.1 * suites.pace.MOST * suites.run.PATIENCE

"""Which suites there are: `check`, and every folder of tests that holds one."""

from dataclasses import dataclass
from pathlib import Path

TESTS = Path("tests")
IN_CHECK = ("unit", "architecture")
# Seconds on two cores; all together stay under 60 minutes. A suite beyond its budget fails.
BUDGETS_S = {
    "check": 120,
    "vignettes": 10,
    "integration": 930,  # a region of 25,000, a provider of identities, 840 databases of their own
    "security": 880,  # every route for everybody, three times over, and each timed
    "devices": 80,
    "acceptance": 40,
    "browser": 1130,
    "faults": 400,
}
UNPLANNED_BUDGET_S = 60  # a folder that nobody gave a budget is run all the same


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """A name, a command, the instance of the services it needs, and its seconds."""

    name: str
    command: tuple[str, ...]
    instance: str | None
    budget_s: int


def find_suites() -> list[Suite]:
    """`check` first, then the folders in the order of their budgets' list, strangers last."""
    folders = {path.parent.relative_to(TESTS).parts[0] for path in TESTS.glob("*/**/test_*.py")}
    planned = [name for name in BUDGETS_S if name in folders]
    strangers = sorted(folders - set(BUDGETS_S) - set(IN_CHECK))
    check = Suite(
        name="check", command=("scripts/check",), instance=None, budget_s=BUDGETS_S["check"]
    )
    return [check, *(folder_suite(name) for name in (*planned, *strangers))]


def folder_suite(name: str) -> Suite:
    """The suite of one folder: vignettes are pure, faults break services of their own."""
    instances = {"vignettes": None, "faults": "faults"}
    return Suite(
        name=name,
        command=("pytest", "-q", f"tests/{name}"),
        instance=instances.get(name, "test"),
        budget_s=BUDGETS_S.get(name, UNPLANNED_BUDGET_S),
    )

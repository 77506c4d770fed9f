"""Which suites there are: `check`, and every folder of tests that holds one."""

from dataclasses import dataclass
from pathlib import Path

from instances.given import addresses_are_given

TESTS = Path("tests")
IN_CHECK = ("unit", "architecture")
# Seconds on two cores of the pace in pace.py; all together stay under 60 minutes. A suite beyond
# its budget, stretched where the machine is slower, fails.
BUDGETS_S = {
    "check": 140,
    "vignettes": 5,
    "integration": 860,  # a region of 25,000, a provider of identities, 950 databases of their own
    "security": 1000,  # every route for everybody, three times over, and each timed
    "timing": 75,  # what is told apart by milliseconds has the machine for itself
    "devices": 75,
    "acceptance": 55,
    "browser": 895,
    "faults": 495,
}
# Side by side, each lane on services of its own: most tests wait for one core while another idles.
LANES = {"browser": 2, "integration": 2, "security": 2}
UNPLANNED_BUDGET_S = 60  # a folder that nobody gave a budget is run all the same


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """A name, a command, the instances of the services it needs, and its seconds."""

    name: str
    command: tuple[str, ...]
    instances: tuple[str, ...]
    budget_s: int


def find_suites() -> list[Suite]:
    """`check` first, then the folders in the order of their budgets' list, strangers last."""
    folders = {path.parent.relative_to(TESTS).parts[0] for path in TESTS.glob("*/**/test_*.py")}
    planned = [name for name in BUDGETS_S if name in folders]
    strangers = sorted(folders - set(BUDGETS_S) - set(IN_CHECK))
    check = Suite(
        name="check", command=("scripts/check",), instances=(), budget_s=BUDGETS_S["check"]
    )
    return [check, *(folder_suite(name) for name in (*planned, *strangers))]


def folder_suite(name: str) -> Suite:
    """The suite of one folder: vignettes are pure, faults break services of their own."""
    lanes = 1 if addresses_are_given() else LANES.get(name, 1)  # what is given is given once
    side_by_side = ("-n", str(lanes), "--dist", "loadfile") if lanes > 1 else ()
    return Suite(
        name=name,
        command=("pytest", "-q", *side_by_side, f"tests/{name}"),
        instances=() if name == "vignettes" else instances_of(name, lanes),
        budget_s=BUDGETS_S.get(name, UNPLANNED_BUDGET_S),
    )


def instances_of(name: str, lanes: int) -> tuple[str, ...]:
    """One for each lane; tests/conftest.py finds its own by the number of its worker."""
    first = "faults" if name == "faults" else "test"
    return (first, *(f"{first}-gw{lane}" for lane in range(1, lanes)))

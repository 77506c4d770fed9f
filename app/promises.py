"""The promises Chevet makes, and the tests that stand behind each.

A test says which promise it proves with `@pytest.mark.promise("R1")` and records its figures with
`record_property("counts", "sent 20000; stored 20000; ...; seed 7")`.
"""

import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(str(files("app"))).parent

PROMISES: dict[str, str] = {
    "R1": "every reading acknowledged to a gateway is in the database exactly once",
    "R2": "no crash point loses anything",
    "R3": "every reading that should alert does; no key is sent twice",
    "R4": "Valkey and Celery may disappear",
    "R5": "COMMIT to first send: p99 at most 5 s, at most 30 s",
    "R6": "unanswered goes to the next person at T ± 30 s, after restarts too",
    "R7": "silence is an alarm",
    "R8": "a dead pipeline is noticed within 2 minutes",
    "R9": "an outage of an hour loses nothing and live readings come first afterwards",
    "R10": "a full disk refuses, alarms and resumes",
    "R11": "broken networks and clocks lose nothing",
    "R12": "no malformed payload stops the stream; each is quarantined, counted, visible",
    "R13": "a storm of alerts is grouped, none hidden",
    "R14": "a backup restores, and the audit chain verifies after",
    "R15": "tests bite: mutants of the safety code are killed",
    "S1": "every route, role and relation has a declared verdict and obeys it",
    "S2": "each of the two locks holds alone",
    "S3": "the app role reads nothing on its own",
    "S4": "no identity leaks across the pool",
    "S5": "no hint that a record exists",
    "S6": "fuzzing finds no crash and no ignored sign-in",
    "S7": "no injection runs",
    "S8": "hostile uploads are refused",
    "S9": "leaving the circle is instant",
    "S10": "every access is audited and tampering is found",
    "S11": "a gateway acts only as itself",
    "S12": "no secret or health value in logs, links, messages",
    "S13": "brute force is slowed, sessions end",
    "S14": "an export is complete, an erasure leaves nothing",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The tests that prove promises; `complete` is false when some test could not be collected."""

    files: dict[str, list[str]]
    """By promise, the file of each of its tests."""
    complete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a run of tests reported."""

    tests: int
    not_run: int
    figures: tuple[str, ...]


def keep(name: str) -> int:
    """Run the tests behind a promise, print one closing line; 0 = kept, 1 = broken, 2 = not yet.

    A test that was skipped, or could not be collected, keeps nothing. Needs a checkout: the tests
    are not in the built wheel.
    """
    name = name.upper()
    if name not in PROMISES:
        print(f"{name or '(none)'}: no such promise; there are R1 to R15 and S1 to S14.")
        return 2
    found = find_tests()
    if name not in found.files and found.complete:
        print(f"{name} not yet covered: {PROMISES[name]}")
        return 2
    status, outcome = _prove(name, sorted(set(found.files.get(name, ()))))
    kept = status == 0 and outcome.tests > 0 and outcome.not_run == 0 and found.complete
    told = [f"tests {outcome.tests}"]
    if outcome.not_run:
        told.append(f"not run {outcome.not_run}")
    if not found.complete:
        told.append("some tests cannot be collected")
    told.append("; ".join(outcome.figures) or "no counts")
    print(f"{name} {'kept' if kept else 'BROKEN'}: {PROMISES[name]}; {'; '.join(told)}")
    return 0 if kept else 1


def find_tests() -> Found:
    """Return which tests stand behind each promise, as pytest collects them."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--list-promises", "--collect-only", "-q"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    files: dict[str, list[str]] = {}
    for line in done.stdout.splitlines():
        if line.startswith("PROMISE "):
            _, name, test = line.split(maxsplit=2)
            files.setdefault(name, []).append(test.split("::")[0])
    return Found(files=files, complete=done.returncode == 0)


def table() -> Iterator[str]:
    """Yield one line a promise: its id, how many tests prove it, its words."""
    found = find_tests()
    for name, words in PROMISES.items():
        count = len(found.files.get(name, ()))
        yield f"{name:<4} {f'{count:>3} tests' if count else 'not yet  '}  {words}"
    if not found.complete:
        yield "Some tests cannot be collected: this list is not complete."


def _prove(name: str, files: Sequence[str]) -> tuple[int, Outcome]:
    if not files:
        return 1, Outcome(tests=0, not_run=0, figures=())
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        # Only the older report carries figures of single tests.
        options = (f"--junitxml={report}", "-o", "junit_family=xunit1", "-p", "no:cacheprovider")
        status = subprocess.run(
            [sys.executable, "-m", "pytest", "--promise", name, "-q", *options, *files],
            cwd=ROOT,
            check=False,
        ).returncode
        return status, _read(report)


def _read(report: Path) -> Outcome:
    if not report.exists():
        return Outcome(tests=0, not_run=0, figures=())
    cases = list(ElementTree.parse(report).iter("testcase"))
    figures = tuple(
        prop.get("value", "")
        for case in cases
        for prop in case.iter("property")
        if prop.get("name") == "counts"
    )
    not_run = sum(1 for case in cases if case.find("skipped") is not None)
    return Outcome(tests=len(cases), not_run=not_run, figures=figures)

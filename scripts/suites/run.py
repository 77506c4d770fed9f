"""Run one suite: its services up, its command under a clock, its counts read from JUnit XML."""

import os
import signal
import subprocess
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

from suites.catalogue import Suite
from suites.pace import slowness, stretch
from suites.table import Result

# A suite past its budget has failed, but is let run on, so that it shows what is slow.
PATIENCE = 3


def run_suite(suite: Suite) -> Result:
    """Run it with the pace of the machine taken before and after, which stretches its budget."""
    before = slowness()
    now = f"times {stretch(before, before):.2f} at this moment"
    print(f"\n===== {suite.name} (budget {suite.budget_s} s {now})", flush=True)
    result = run_with_services(suite, before)
    return replace(result, stretch=stretch(before, slowness()))


def run_with_services(suite: Suite, before: float) -> Result:
    """Bring up what it needs, run it, take down; the time counts the command alone."""
    environment = dict(os.environ)
    environment["PATH"] = f"{Path('.venv/bin').resolve()}:{environment['PATH']}"
    try:
        for instance in suite.instances:
            if not services("remove", instance, quiet=True) or not services("up", instance):
                return Result(suite=suite, passed=0, failed=1, seconds=0, note="no services")
        if suite.instances:
            environment.update(read_addresses(suite.instances[0]))
        return run_command(suite, environment, stretch(before, before))
    finally:
        for instance in suite.instances:
            services("down", instance)


def run_command(suite: Suite, environment: dict[str, str], stretched: float = 1.0) -> Result:
    """Run to the end, or to thrice the stretched budget; a non-zero exit is never a pass."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "junit.xml"
        # xunit1: the family that keeps what a test records with record_property.
        report_options = f"--junitxml={report} -o junit_family=xunit1"
        options = f"{environment.get('PYTEST_ADDOPTS', '')} {report_options}"
        began = time.monotonic()
        process = subprocess.Popen(
            suite.command,
            env={**environment, "PYTEST_ADDOPTS": options},
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        note = ""
        try:
            code = process.wait(timeout=suite.budget_s * stretched * PATIENCE)
        except subprocess.TimeoutExpired:
            code, note = 1, "killed: hung"
        finally:
            end_group(process)
        seconds = time.monotonic() - began
        passed, failed = counts(report)
    if code != 0 and failed == 0:
        failed, note = 1, note or f"exit {code}"
    return Result(suite=suite, passed=passed, failed=failed, seconds=seconds, note=note)


def end_group(process: subprocess.Popen[bytes]) -> None:
    """End the command and what it left of its process group, also when we are interrupted."""
    for sign in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, sign)
        except ProcessLookupError:
            break
        if process.poll() is None:
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                continue


def counts(report: Path) -> tuple[int, int]:
    """Passed and failed tests; a skipped test is no pass, and a crash leaves no report."""
    if not report.is_file():
        return 0, 0
    suites = list(ElementTree.parse(report).iter("testsuite"))
    total = {
        key: sum(int(each.get(key, "0")) for each in suites)
        for key in ("tests", "failures", "errors", "skipped")
    }
    failed = total["failures"] + total["errors"]
    return total["tests"] - failed - total["skipped"], failed


def services(verb: str, instance: str, *, quiet: bool = False) -> bool:
    """One verb of scripts/services; `remove` of what never was is no failure."""
    command = ["scripts/services", verb, "--instance", instance]
    known = Path(".state", instance, "way").is_file()
    if verb != "up" and not known:
        return True
    output = subprocess.DEVNULL if quiet else None
    return subprocess.call(command, stdout=output) == 0


def read_addresses(instance: str) -> dict[str, str]:
    """What the instance's env file says, and the profile that permits faults and test clocks."""
    lines = Path(".state", instance, "env").read_text().splitlines()
    pairs = (line.partition("=") for line in lines if "=" in line)
    ours = {"CHEVET_TEST_INSTANCE": instance, "CHEVET_PROFILE": "test"}
    return {**{key: value for key, _, value in pairs}, **ours}

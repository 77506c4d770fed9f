"""The sentinel as a process: it ends cleanly when told, and never lives by half."""

import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from app.duty import Duty, Loop
from app.sentinel import EXIT_HALF_ALIVE
from tests.conftest import ROOT, Database
from tests.faults.processes import app_process, wait_until


def run_with(duty: str, more: str = "") -> subprocess.CompletedProcess[str]:
    """Run a sentinel with one duty, written as Python, in a process of its own."""
    code = (
        f"import threading, time\nfrom app import sentinel\n{more}\n"
        f"duty = sentinel.Duty(name='d', pause_seconds=0.01, pass_once=lambda: {duty})\n"
        "sentinel.run(threading.Event(), (duty,))"
    )
    return subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60
    )


def test_a_thread_that_ends_ends_the_process() -> None:
    assert run_with("exec('raise SystemExit')").returncode == EXIT_HALF_ALIVE


def test_a_thread_that_is_stuck_ends_the_process() -> None:
    stuck = run_with("time.sleep(60)", "sentinel.STUCK_SECONDS = 0.5")
    assert stuck.returncode == EXIT_HALF_ALIVE


def test_a_duty_that_fails_is_tried_again_and_nothing_of_its_text_is_logged(
    capsys: pytest.CaptureFixture[str],
) -> None:
    stop, passes = threading.Event(), []

    def work() -> bool:
        passes.append(1)
        if len(passes) >= 3:
            stop.set()
            return False
        raise RuntimeError("SpO2 88")

    loop = Loop(Duty(name="d", pause_seconds=0.01, pass_once=work), stop, {})
    loop.start()
    loop.join(10)
    assert len(passes) == 3
    said = capsys.readouterr().out
    assert "duty_failed" in said
    assert "88" not in said


def test_told_to_stop_it_ends_with_status_0(database: Database, tmp_path: Path) -> None:
    process = app_process("sentinel", database.env, tmp_path, ready="sentinel_started")
    process.start()
    assert process._process is not None
    process._process.send_signal(signal.SIGTERM)
    assert process._process.wait(20) == 0
    wait_until(lambda: not process.running, 5, "the end")

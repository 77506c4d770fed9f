"""Processes and services that can be killed as a power cut would end them, and started again."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Protocol

from tests.conftest import ROOT

POLL_S = 0.02
CRASHED = 86  # the exit status of a failpoint
REPLAY = ("--replay", "-", "--recording-name", "numbered")


def wait_until(condition: Callable[[], bool], patience_s: float, what: str) -> None:
    """Look every 20 ms until the condition holds; AssertionError naming `what` when it does not."""
    deadline = time.monotonic() + patience_s
    while not condition():
        assert time.monotonic() < deadline, f"waited {patience_s} s in vain for {what}"
        time.sleep(POLL_S)


class Victim(Protocol):
    """Something that can die and come back."""

    name: str

    def kill(self) -> None:
        """End it with SIGKILL; returns when it is dead."""

    def start(self) -> None:
        """Start it; returns when it is at work."""


@dataclass
class ServiceVictim:
    """A service of an instance: postgres, mosquitto, valkey."""

    name: str
    instance: str

    def kill(self) -> None:
        self._services("kill")

    def start(self) -> None:
        self._services("start")

    def _services(self, verb: str) -> None:
        subprocess.run(
            [ROOT / "scripts/services", verb, self.name, "--instance", self.instance],
            check=True,
            capture_output=True,
            text=True,
            timeout=60,
        )


@dataclass
class ProcessVictim:
    """A process of the product; `ready` is a word in what it prints once it is at work."""

    name: str
    command: Sequence[str]
    env: dict[str, str]
    log: Path
    ready: str
    cwd: Path = ROOT
    patience_s: float = 30
    _process: "subprocess.Popen[bytes] | None" = field(default=None, init=False)
    _from: int = field(default=0, init=False)

    def start(self) -> None:
        self.spawn()
        wait_until(self.is_ready, self.patience_s, f"{self.name} to be ready:\n{self.tail()}")

    def spawn(self) -> None:
        """Start it without waiting."""
        self._from = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self.command,
                env=self.env,
                cwd=self.cwd,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def is_ready(self) -> bool:
        """Whether it has said the word since its last start, or ended."""
        assert self.running, f"{self.name} ended by itself:\n{self.tail()}"
        with self.log.open("rb") as log:
            log.seek(self._from)
            return self.ready.encode() in log.read()

    @property
    def running(self) -> bool:
        """Whether it is alive."""
        return self._process is not None and self._process.poll() is None

    def cpu_seconds(self) -> float:
        """Return the processor time it has used since it was started; it must be running."""
        assert self._process is not None
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def kill(self) -> None:
        end_group(self._process)

    def crash_at(self, failpoint: str) -> None:
        """Start it with a point at which it dies; returns when it has died there."""
        env, self.env = self.env, {**self.env, "CHEVET_FAILPOINTS": failpoint}
        self.spawn()
        self.env = env
        assert self._process is not None
        assert self._process.wait(30) == CRASHED, self.tail()

    def end(self) -> None:
        """Ask it to end (SIGTERM), as an operator does; returns when it has."""
        assert self._process is not None
        self._process.terminate()
        assert self._process.wait(20) == 0, self.tail()

    def tail(self) -> str:
        """Return its last words."""
        if not self.log.exists():
            return ""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-20:])


def end_group(process: "subprocess.Popen[bytes] | None") -> None:
    """SIGKILL a process and the children it started; returns when it is dead."""
    if process is None:
        return
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(10)


def app_process(name: str, env: dict[str, str], folder: Path, *, ready: str) -> ProcessVictim:
    """Return a process of the command line; `ready` is a word it prints once it is at work."""
    return ProcessVictim(
        name=name,
        command=[sys.executable, "-m", "app.cli", name],
        env=process_env(env),
        log=folder / f"{name}.log",
        ready=ready,
    )


def process_env(env: dict[str, str], **more: str) -> dict[str, str]:
    """Return the environment of a process: ours without any setting of the product, then `env`."""
    bare = {key: value for key, value in os.environ.items() if not key.startswith("CHEVET_")}
    return {**bare, "PYTHONUNBUFFERED": "1", **env, **more}


class ReplayingGateway:
    """The real gateway process, fed numbered lines at a pace; it goes on where it was killed.

    It ends by itself, with status 0, when every line is settled: acknowledged after COMMIT.
    """

    name = "gateway"

    def __init__(
        self,
        *,
        gateway: str,
        password: str,
        env: dict[str, str],
        folder: Path,
        lines: Sequence[bytes],
        lines_per_s: float,
    ) -> None:
        self._env = process_env(
            env,
            CHEVET_GATEWAY_ID=gateway,
            CHEVET_GATEWAY_PASSWORD=password,
            CHEVET_GATEWAY_SPOOL=str(folder / f"{gateway}.spool"),
        )
        self._lines, self._lines_per_s = lines, lines_per_s
        self._log = folder / f"{gateway}.log"
        self._process: subprocess.Popen[bytes] | None = None
        self._threads: list[threading.Thread] = []
        self._began = time.monotonic()
        self.released = len(lines)
        """How many lines may be fed; the others wait until it is raised."""
        self.fed = 0

    def start(self) -> None:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "devices.gateway_main", *REPLAY],
                env=self._env,
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                start_new_session=True,
            )
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        assert stdout.readline(), f"the gateway did not start; see {self._log}"
        self._threads = [
            threading.Thread(target=self._feed, args=(stdin, self._process)),
            threading.Thread(target=self._drain, args=(stdout,)),
        ]
        for thread in self._threads:
            thread.start()

    def crash_at(self, failpoint: str) -> None:
        """Start it with a point at which it dies; returns when it has died there."""
        env, self._env = self._env, {**self._env, "CHEVET_FAILPOINTS": failpoint}
        self.start()
        self._env = env
        assert self._process is not None
        assert self._process.wait(30) == CRASHED
        for thread in self._threads:
            thread.join(10)

    def kill(self) -> None:
        end_group(self._process)
        for thread in self._threads:
            thread.join(10)

    def wait_until_settled(self, patience_s: float) -> None:
        """Wait until the gateway ends because nothing is left to send."""
        assert self._process is not None
        assert self._process.wait(patience_s) == 0
        for thread in self._threads:
            thread.join(10)

    def _feed(self, stdin: IO[bytes], process: "subprocess.Popen[bytes]") -> None:
        """Write the lines from the first: at once what is late, the rest at its pace."""
        try:
            with stdin:
                for number, line in enumerate(self._lines):
                    self._wait_for_release(number, stdin, process)
                    pause = self._began + number / self._lines_per_s - time.monotonic()
                    if pause > 0:
                        stdin.flush()
                        time.sleep(pause)
                    stdin.write(line)
                    self.fed = max(self.fed, number)
        except (BrokenPipeError, ValueError):
            return  # it was killed; the next one is fed from the first line again
        self.fed = len(self._lines)

    def _wait_for_release(
        self, number: int, stdin: IO[bytes], process: "subprocess.Popen[bytes]"
    ) -> None:
        if number < self.released:
            return
        stdin.flush()
        while number >= self.released:
            if process.poll() is not None:
                raise BrokenPipeError
            time.sleep(POLL_S)
        self._began = time.monotonic() - number / self._lines_per_s

    def _drain(self, stdout: IO[bytes]) -> None:
        with stdout:
            for _ in stdout:
                pass

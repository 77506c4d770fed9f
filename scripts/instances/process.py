"""Processes that outlive the command which started them, found again by pid and start time."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from instances.place import Instance, ServicesError


def launch(instance: Instance, service: str, command: list[str]) -> None:
    """Start the service in a session of its own, deaf to the caller's terminal and pipes."""
    with instance.log(service).open("ab") as log:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            cwd="/",
            env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8"},
        )
    instance.pid_file(service).write_text(f"{process.pid} {start_ticks(process.pid)}\n")


def running_pid(instance: Instance, service: str) -> int | None:
    """The service's pid while the process we started is alive; a reused pid is not ours."""
    with contextlib.suppress(FileNotFoundError, ValueError):
        pid, ticks = map(int, instance.pid_file(service).read_text().split())
        if start_ticks(pid) == ticks:
            return pid
    return None


def start_ticks(pid: int) -> int | None:
    """Clock ticks from boot to the start of that process; None for the dead and zombies."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if fields[0] in "ZX" else int(fields[19])


def children(pid: int) -> list[int]:
    """Every living descendant, the deepest last."""
    parents: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
            parents.setdefault(parent, []).append(int(stat.parent.name))
    found = [pid]
    for each in found:
        found.extend(parents.get(each, []))
    return found[1:]


def working_in(folder: Path) -> list[int]:
    """The living processes whose current folder is that one."""
    found = []
    for link in Path("/proc").glob("[0-9]*/cwd"):
        with contextlib.suppress(OSError):
            if os.readlink(link) == str(folder):
                found.append(int(link.parent.name))
    return found


def stop(instance: Instance, service: str, sign: signal.Signals, patience_s: float = 30) -> None:
    """Ask the service to end and wait; after `patience_s` it is killed."""
    pid = running_pid(instance, service)
    if pid is not None:
        send(pid, sign)
        if not wait_for(lambda: running_pid(instance, service) is None, patience_s):
            kill(instance, service)
    instance.pid_file(service).unlink(missing_ok=True)


def kill(instance: Instance, service: str) -> None:
    """SIGKILL the service and all its children at once, as a power cut would end them."""
    pid = running_pid(instance, service)
    if pid is None:
        return
    send(pid, signal.SIGSTOP)  # a stopped parent starts no child while we look
    family = [pid, *children(pid)]
    for each in family:
        send(each, signal.SIGKILL)
    if not wait_for(lambda: all(start_ticks(each) is None for each in family), 10):
        raise ServicesError(f"{service} survives SIGKILL: {family}")
    instance.pid_file(service).unlink(missing_ok=True)


def send(pid: int, sign: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, sign)


def wait_for(condition: Callable[[], bool], patience_s: float) -> bool:
    """Look every 20 ms until the condition holds; False when patience ends first."""
    deadline = time.monotonic() + patience_s
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def wait_until_answers(
    instance: Instance, service: str, answers: Callable[[], bool], patience_s: float = 60
) -> None:
    """Wait for a service that was launched; its death or silence is told with its last words."""
    ended = wait_for(lambda: running_pid(instance, service) is None or answers(), patience_s)
    if not ended or running_pid(instance, service) is None:
        words = instance.log(service).read_text(errors="replace").splitlines()[-15:]
        raise ServicesError(f"{service} of {instance.name} does not answer:\n" + "\n".join(words))


def run(
    command: Sequence[str], *, cwd: str | Path | None = None, env: dict[str, str] | None = None
) -> str:
    """Run to the end and return what it printed; a failure is raised with what it said."""
    result = subprocess.run(
        command, cwd=cwd, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
    if result.returncode != 0:
        raise ServicesError(f"{' '.join(command)}\n{result.stdout}{result.stderr}".strip())
    return result.stdout

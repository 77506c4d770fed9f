"""The processes of the demonstration: started together, watched, ended together."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Self

_PATIENCE_SECONDS = 10


class Children:
    """Child processes with a log file each; leaving the block ends every one."""

    def __init__(self, folder: Path, env: Mapping[str, str]) -> None:
        """Keep logs in `folder`; `env` is added to the environment of each child."""
        self.folder = folder
        self._env = {**os.environ, **env}
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Self:
        """Make the folder of logs."""
        self.folder.mkdir(parents=True, exist_ok=True)
        return self

    def start(
        self,
        name: str,
        arguments: Sequence[str],
        *,
        env: Mapping[str, str] | None = None,
        stdin: int | None = subprocess.DEVNULL,
        stdout: int | None = None,
    ) -> subprocess.Popen[bytes]:
        """Start `python -m arguments…` under a name; errors go to `<name>.log`."""
        with (self.folder / f"{name}.log").open("ab") as log:
            child = subprocess.Popen(
                [sys.executable, "-m", *arguments],
                env={**self._env, **(env or {})},
                stdin=stdin,
                stdout=stdout if stdout is not None else log,
                stderr=log,
            )
        self._running[name] = child
        return child

    def dead(self) -> list[str]:
        """Return the names of children that have ended by themselves."""
        return [name for name, child in self._running.items() if child.poll() is not None]

    def log_tail(self, name: str) -> str:
        """Return the last lines a child wrote."""
        path = self.folder / f"{name}.log"
        return "\n".join(path.read_text(errors="replace").splitlines()[-8:])

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End every child, the last started first; kill what does not listen."""
        for child in reversed(self._running.values()):
            child.terminate()
        for child in reversed(self._running.values()):
            try:
                child.wait(_PATIENCE_SECONDS)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
            _close(child.stdin, child.stdout)


def _close(*pipes: IO[bytes] | None) -> None:
    for pipe in pipes:
        if pipe is not None:
            pipe.close()

"""One service's folder as seen from the host and from inside the sandbox."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from instances.place import Instance
from instances.process import run


@dataclass(frozen=True, slots=True, kw_only=True)
class Inside:
    """Where one service of one instance lives in the sandbox, and how to run things there."""

    instance: Instance
    service: str
    root: Path

    @property
    def path(self) -> str:
        """The service's folder, as the service sees it."""
        return f"/srv/chevet/{self.instance.name}/{self.service}"

    @property
    def folder(self) -> Path:
        """The same folder, as the host sees it."""
        return self.root / self.path.lstrip("/")

    def make_folder(self) -> None:
        """Make the folder, private to the user the service runs as."""
        self.folder.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        self.folder.mkdir(mode=0o700, exist_ok=True)
        self.own(self.folder)

    def own(self, path: Path) -> None:
        """Give the path to the service's user."""
        uid, gid = self.user()
        os.chown(path, uid, gid)

    def user(self) -> tuple[int, int]:
        """Uid and gid of the service's user in the sandbox: it is named like the service."""
        for line in (self.root / "etc/passwd").read_text().splitlines():
            fields = line.split(":")
            if fields[0] == self.service:
                return int(fields[2]), int(fields[3])
        raise LookupError(f"the sandbox has no user {self.service}")

    def put(self, name: str, text: str) -> None:
        """Write a file that only the service may read, replacing the old one at once."""
        partial = self.folder / f"{name}.partial"
        partial.write_text(text)
        partial.chmod(0o600)
        self.own(partial)
        partial.replace(self.folder / name)

    def put_copy(self, name: str, source: Path) -> None:
        self.put(name, source.read_text())

    def as_user(self, *command: str) -> list[str]:
        """The command, to be run inside as the service's user."""
        uid, gid = self.user()
        chroot = shutil.which("chroot", path="/usr/sbin:/usr/bin:/sbin:/bin") or "chroot"
        return [chroot, f"--userspec={uid}:{gid}", "--groups=", str(self.root), *command]

    def run(self, *command: str, environment: dict[str, str] | None = None) -> str:
        """Run a command inside as the service's user, to its end; returns what it printed."""
        path = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8"}
        return run(self.as_user(*command), env={**path, **(environment or {})}, cwd="/")

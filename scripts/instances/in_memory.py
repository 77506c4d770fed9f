"""The data of a test's PostgreSQL in memory: a tmpfs over the service's folder in the sandbox.

A test waits mostly for commits, and a commit waits for the disk. Settings are untouched, so what
is tested is what is shipped; only a machine that loses its power would notice, and no test cuts
it. Where there is too little memory, or mounting is forbidden, everything lies on the disk.
"""

import os
import re
import subprocess
from pathlib import Path

from instances.inside import Inside

NEEDED_KB = 12 * 1024 * 1024
"""Free memory, in KiB, below which nothing is put there: two clusters at their largest."""
LARGEST_KB = 6 * 1024 * 1024
"""What one cluster may take, in KiB: clones of the template come and go, its log has a bound."""
LIMITS = ("sys/fs/cgroup/memory.max", "sys/fs/cgroup/memory/memory.limit_in_bytes")
"""Where a container is told its limit of memory, in bytes or `max`; it is not in meminfo."""


def belongs_in_memory(name: str) -> bool:
    """Say whether an instance of that name is of tests that break nothing."""
    return name == "test" or name.startswith("test-")


def free_kb(root: Path = Path("/")) -> int:
    """Memory that may still be taken, in KiB; a container's limit counts as all it has."""
    found = re.search(r"^MemAvailable:\s+(\d+) kB$", (root / "proc/meminfo").read_text(), re.M)
    limits = [path.read_text().strip() for path in map(root.joinpath, LIMITS) if path.is_file()]
    bounds = [int(limit) // 1024 for limit in limits if limit.isdigit()]
    return min([int(found[1]) if found else 0, *bounds])


def take(inside: Inside) -> bool:
    """Put the empty folder of a service into memory, if it belongs and fits there."""
    if not belongs_in_memory(inside.instance.name) or free_kb() < NEEDED_KB:
        return False
    return holds(inside.folder) or mount(inside.folder, inside.user())


def holds(folder: Path) -> bool:
    """Say whether what lies in that folder lies in memory."""
    return os.path.ismount(folder)


def mount(folder: Path, user: tuple[int, int]) -> bool:
    """Mount a tmpfs that the user alone may enter; False where that is refused."""
    options = f"size={LARGEST_KB}k,mode=0700,uid={user[0]},gid={user[1]},nosuid,nodev,noexec"
    command = ("mount", "-t", "tmpfs", "-o", options, "chevet", str(folder))
    return called(*command)


def give_back(folder: Path) -> None:
    """Free the memory of that folder, with all that lies in it; nothing when it is on disk."""
    if holds(folder):
        called("umount", "--lazy", str(folder))


def called(*command: str) -> bool:
    """Run it unseen; False when it fails or is not there."""
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False

"""The databases of tests lie in memory where that is possible, and are kept as any others are."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest

from tests.conftest import read_env
from tests.integration.trial import ROOT, ask

NAME = "test-in-memory"
STATE = ROOT / ".state" / NAME


def services(verb: Literal["down", "remove"]) -> None:
    command = [ROOT / "scripts/services", verb, "--instance", NAME]
    subprocess.run(command, capture_output=True, text=True, timeout=300, check=True)


@pytest.fixture
def _gone_afterwards() -> Iterator[None]:
    yield
    if STATE.exists():
        services("remove")


def mounts() -> list[str]:
    """Options of the tmpfs over this instance's database, none when it lies on the disk."""
    lines = [line.split() for line in Path("/proc/mounts").read_text().splitlines()]
    return [one[3] for one in lines if one[0] == "chevet" and one[1].endswith(f"/{NAME}/postgres")]


def must_be_in_memory(folder: Path) -> bool:
    """Say whether this machine has the memory, to spare, and lets a tmpfs be mounted."""
    if (STATE / "way").read_text().strip() != "sandbox":
        return False
    free = re.search(r"^MemAvailable:\s+(\d+) kB", Path("/proc/meminfo").read_text(), re.M)
    if free is None or int(free[1]) < 14 * 1024 * 1024:
        return False
    made = subprocess.run(["mount", "-t", "tmpfs", "trial", folder], capture_output=True)
    subprocess.run(["umount", folder], capture_output=True)
    return made.returncode == 0


@pytest.mark.usefixtures("_gone_afterwards")
def test_a_database_in_memory_is_kept_from_down_to_up_and_gone_when_removed(tmp_path: Path) -> None:
    env = read_env(NAME)
    superuser = env["CHEVET_SUPERUSER_DSN"]
    assert ("CHEVET_IN_MEMORY" in env) is bool(mounts())
    if must_be_in_memory(tmp_path):
        (options,) = mounts()
        assert "mode=700" in options
    assert ask(superuser, "show fsync") == ask(superuser, "show full_page_writes") == "on"
    ask(superuser, "create table public.kept as select 41 + 1 as n")
    services("down")
    superuser = read_env(NAME)["CHEVET_SUPERUSER_DSN"]
    assert ask(superuser, "select n from public.kept") == 42
    assert len(mounts()) <= 1
    services("remove")
    assert mounts() == []
    assert not STATE.exists()

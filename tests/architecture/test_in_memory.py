"""Which databases of tests lie in memory, and that everything else falls back to the disk."""

from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
GIB = 1024 * 1024


@pytest.fixture
def in_memory(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The module, imported as scripts/services does."""
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    import instances.in_memory

    return instances.in_memory


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("test", True),
        ("test-gw1", True),
        ("faults", False),
        ("dev", False),
        ("demo", False),
        ("services-trial", False),
        ("testimony", False),
    ],
)
def test_only_instances_of_tests_that_break_nothing_belong_in_memory(
    in_memory: ModuleType, name: str, expected: bool
) -> None:
    assert in_memory.belongs_in_memory(name) is expected


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        ({}, 20 * GIB),
        ({"memory.max": "max\n"}, 20 * GIB),
        ({"memory.max": f"{4 * GIB * 1024}\n"}, 4 * GIB),
        ({"memory/memory.limit_in_bytes": f"{3 * GIB * 1024}\n"}, 3 * GIB),
        ({"memory/memory.limit_in_bytes": "9223372036854771712\n"}, 20 * GIB),
    ],
    ids=["a machine", "a container without a limit", "with one", "an older one", "its no limit"],
)
def test_a_containers_limit_counts_as_all_it_has(
    in_memory: ModuleType, tmp_path: Path, limits: dict[str, str], expected: int
) -> None:
    (tmp_path / "proc").mkdir()
    said = f"MemTotal:  {24 * GIB} kB\nMemAvailable:  {20 * GIB} kB\nBuffers:  1 kB\n"
    (tmp_path / "proc/meminfo").write_text(said)
    for name, text in limits.items():
        path = tmp_path / "sys/fs/cgroup" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    assert in_memory.free_kb(tmp_path) == expected


def test_what_cannot_be_mounted_is_left_on_the_disk(in_memory: ModuleType, tmp_path: Path) -> None:
    """As in a container, or without root: no word, and the folder is as it was."""
    assert in_memory.mount(tmp_path / "absent", (0, 0)) is False
    assert in_memory.called("no-such-command") is False
    (tmp_path / "kept").write_text("kept")
    in_memory.give_back(tmp_path)
    assert (tmp_path / "kept").read_text() == "kept"

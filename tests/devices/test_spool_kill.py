"""A process that writes to its spool and dies: what it was told is kept, is kept."""

import random
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from core.vitals import Quality, Vital
from devices.edge.spool import Kept, Spool
from devices.measurement import Spot

spool = Spool(Path(sys.argv[1]))
spot = Spot(device="A", vital=Vital.WEIGHT, value=1.0, raw_at=None, quality=Quality(0),
            measured_at=datetime(2026, 11, 22, tzinfo=UTC))
while True:
    kept = spool.append([spot] * 7)
    assert isinstance(kept, Kept)
    print(spool.boot, kept.first, kept.last, flush=True)
"""


@pytest.mark.promise("R1")
def test_kill_dash_nine_forgets_nothing_and_reuses_no_number(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    seed = random.randrange(2**32)
    chance = random.Random(seed)
    path = tmp_path / "spool.db"
    told: list[tuple[str, int]] = []
    for _ in range(10):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True
        )
        assert writer.stdout is not None
        first = writer.stdout.readline()
        try:
            writer.wait(chance.uniform(0.0, 0.2))
        except subprocess.TimeoutExpired:
            writer.kill()
        for line in (first + writer.communicate()[0]).splitlines(keepends=True):
            if line.endswith("\n"):
                boot, low, high = line.split()
                told += [(boot, n) for n in range(int(low), int(high) + 1)]
    with sqlite3.connect(path) as db:
        kept = db.execute("select boot_id, n from item join boot on ordinal = boot").fetchall()
    db.close()
    missing = set(told) - set(kept)
    counts = f"told {len(told)}; kept {len(kept)}; missing {len(missing)}; kills 10; seed {seed}"
    record_property("counts", counts)
    assert len(told) == len(set(told)) > 100
    assert not missing
    assert len({boot for boot, _ in kept}) == 10

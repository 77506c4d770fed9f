"""A disk that is full to the last byte: refused, then taken again once something was settled."""

import subprocess
import sys
from pathlib import Path

# Run on a file system of its own, so small that the spool fills it.
STORY = """
import sys
from pathlib import Path
from devices.edge.spool import Full, Kept, Spool
from tests.devices.test_uplink import readings

folder = Path(sys.argv[1])
spool = Spool(folder / "spool.db")
spool.append(readings(1, 500))
with (folder / "somebody-else").open("wb", buffering=0) as other:
    try:
        while True:
            other.write(bytes(65536))
    except OSError:
        pass
    try:
        while True:
            other.write(b"x")
    except OSError:
        pass
    last = 500
    while isinstance(kept := spool.append(readings(last + 1, last + 20)), Kept):
        last += 20
assert isinstance(kept, Full), kept
assert spool.waiting == last
settled = 0
while batch := spool.lend_live(floor=0):
    count = spool.settle(batch.boot, [(batch.numbers[0], batch.numbers[-1])])
    assert count == len(batch.numbers), count
    settled += count
assert (settled, spool.waiting) == (last, 0)
again = spool.append(readings(1, 20))
assert isinstance(again, Kept), again
spool.close()
assert Spool(folder / "spool.db").waiting == 20
print("kept", last)
"""


def test_a_full_disk_refuses_and_recovers_by_itself(tmp_path: Path) -> None:
    mount = 'mount -t tmpfs -o size=6m tmpfs "$1" && exec "$2" -c "$3" "$1"'
    told = subprocess.run(
        ["unshare", "-rm", "sh", "-c", mount, "sh", tmp_path, sys.executable, STORY],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert told.returncode == 0, told.stderr
    assert told.stdout.startswith("kept ")

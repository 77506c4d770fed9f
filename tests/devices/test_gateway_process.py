"""`chevet-gateway` as a process of its own: killed at any moment, it loses and doubles nothing."""

import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from devices.envelope import SpotItem
from tests.devices.conftest import Home

START = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
CRASHED = 86  # what core.failpoint exits with


def write_recording(path: Path, count: int) -> None:
    """Write readings numbered by their value."""
    with path.open("w") as lines:
        for n in range(count):
            at = (START + timedelta(seconds=n)).isoformat().replace("+00:00", "Z")
            item = {
                "kind": "spot",
                "device": "A",
                "vital": "weight",
                "value": n,
                "unit": "kg",
                "measured_at": at,
                "raw_at": None,
                "quality": 0,
            }
            lines.write(json.dumps(item) + "\n")


def gateway(
    home: Home, *arguments: str, failpoints: str = "", **more: str
) -> "subprocess.Popen[str]":
    environment = {
        **os.environ,
        **home.env,
        "CHEVET_PROFILE": "test",
        "CHEVET_GATEWAY_ID": home.gateway,
        "CHEVET_GATEWAY_PASSWORD": home.password,
        "CHEVET_GATEWAY_SPOOL": str(home.spool_path),
        "CHEVET_FAILPOINTS": failpoints,
        **more,
    }
    return subprocess.Popen(
        [sys.executable, "-m", "devices.gateway_main", *arguments],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(process: "subprocess.Popen[str]", seconds: float = 40.0) -> tuple[int, str]:
    """Wait for the end; return exit status and journal."""
    try:
        _, journal = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        _, journal = process.communicate()
        return -signal.SIGKILL, journal
    return process.returncode, journal


def values(home: Home) -> list[float]:
    items = home.platform.items.values()
    return sorted(item.value or 0.0 for item in items if isinstance(item, SpotItem))


@pytest.mark.promise("R1")
def test_killed_at_random_it_loses_and_doubles_nothing(
    home: Home, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    count, kills = 20_000, 0
    seed = random.randrange(2**32)
    chance = random.Random(seed)
    recording = tmp_path / "recording.jsonl"
    write_recording(recording, count)
    for _ in range(6):
        status, _ = ended(gateway(home, "--replay", str(recording)), chance.uniform(0.25, 0.9))
        kills += status != 0
    status, journal = ended(gateway(home, "--replay", str(recording)))
    assert status == 0, journal
    got = values(home)
    record_property(
        "counts",
        f"sent {count}; arrived {len(got)}; missing {count - len(set(got))}; "
        f"duplicate {len(got) - len(set(got))}; kills {kills}; seed {seed}",
    )
    assert kills > 0
    assert got == [float(n) for n in range(count)]


@pytest.mark.promise("R2")
@pytest.mark.parametrize("point", ["gateway.spooled", "gateway.published", "gateway.acked"])
@pytest.mark.parametrize("passes", [1, 3])
def test_a_crash_at_a_named_point_loses_and_doubles_nothing(
    home: Home, tmp_path: Path, point: str, passes: int
) -> None:
    count = 5000
    recording = tmp_path / "recording.jsonl"
    write_recording(recording, count)
    crash = f"{point}=exit@{passes}"
    status, journal = ended(gateway(home, "--replay", str(recording), failpoints=crash))
    assert status == CRASHED, journal
    status, journal = ended(gateway(home, "--replay", str(recording)))
    assert status == 0, journal
    assert values(home) == [float(n) for n in range(count)]


def test_a_stream_from_a_pipe_goes_on_where_it_was(home: Home, tmp_path: Path) -> None:
    recording = tmp_path / "recording.jsonl"
    write_recording(recording, 300)
    lines = recording.read_text().splitlines(keepends=True)
    first = gateway(home, "--replay", "-", "--recording-name", "week")
    assert first.stdin is not None
    assert first.stdout is not None
    first.stdin.write("".join(lines[:100]) + "not an item\n")
    first.stdin.flush()
    assert json.loads(first.stdout.readline())["played"] == 0
    told = json.loads(first.stdout.readline())
    while told["lines"] < 101:
        told = json.loads(first.stdout.readline())
    first.kill()
    _, journal = first.communicate()
    assert "recording_line_malformed" in journal
    second = gateway(home, "--replay", "-", "--recording-name", "week")
    _, journal = second.communicate("".join([*lines[:100], "not an item\n", *lines[100:]]))
    assert second.returncode == 0, journal
    assert values(home) == [float(n) for n in range(300)]


def test_a_killed_gateway_is_reported_offline(home: Home, tmp_path: Path) -> None:
    process = gateway(home, "--replay", "-")
    home.platform.wait_for(lambda: any(status.online for status in home.platform.statuses))
    process.kill()
    ended(process)
    home.platform.wait_for(lambda: not home.platform.statuses[-1].online)


def test_it_stops_when_asked_and_says_good_bye(home: Home) -> None:
    process = gateway(home, "--replay", "-")
    home.platform.wait_for(lambda: any(status.online for status in home.platform.statuses))
    process.terminate()
    assert process.wait(20) == 0
    _, journal = process.communicate()
    events = [json.loads(line)["event"] for line in journal.splitlines()]
    assert events == ["gateway_started", "uplink_connected", "gateway_stopped"]
    home.platform.wait_for(lambda: not home.platform.statuses[-1].online)


def test_two_gateways_cannot_share_a_spool(home: Home) -> None:
    first = gateway(home, "--replay", "-")
    home.platform.wait_for(lambda: any(status.online for status in home.platform.statuses))
    status, journal = ended(gateway(home, "--replay", "-"))
    assert status == 1
    assert "another gateway" in journal
    first.terminate()
    assert first.wait(20) == 0
    first.communicate()


def test_failpoints_are_refused_outside_the_test_profile(home: Home) -> None:
    process = gateway(
        home, "--replay", "-", failpoints="gateway.spooled=exit", CHEVET_PROFILE="production"
    )
    status, journal = ended(process)
    assert status == 1
    assert "only for the test profile" in journal

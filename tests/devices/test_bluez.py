"""The gateway as shipped: its own process, bleak's own BlueZ backend, a real broker."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from devices.envelope import EventItem, SampledItem, SpotItem
from tests.devices.conftest import Home
from tests.devices.test_gateway_process import CRASHED, ended, gateway

ADDRESSES = ("F0:F1:F2:F3:F4:01", "F0:F1:F2:F3:F4:02")


@contextmanager
def virtual_air(folder: Path) -> Iterator["subprocess.Popen[str]"]:
    """Run the process with the virtual air; its bus is `folder`/bus."""
    patients = [
        {"address": address, "name": f"Oxi {n}", "serial_number": str(n), "seed": n}
        for n, address in enumerate(ADDRESSES)
    ]
    script = folder / "patients.json"
    script.write_text(json.dumps({"patients": patients}))
    process = subprocess.Popen(
        [sys.executable, "-m", "devices.virtual", "--bus", folder / "bus", "--patients", script],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == "ready\n"
        yield process
    finally:
        process.terminate()
        _, complaints = process.communicate(timeout=20)
        assert process.returncode == 0, complaints
        assert complaints == ""


def tell(process: "subprocess.Popen[str]", **command: object) -> dict[str, object]:
    """Give one command and return the answer."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps(command) + "\n")
    process.stdin.flush()
    answer: dict[str, object] = json.loads(process.stdout.readline())
    return answer


def lowest(home: Home, device: str) -> int:
    """The lowest SpO2 the platform has from a device."""
    values = [
        value
        for item in home.platform.items.values()
        if isinstance(item, SampledItem) and item.vital == "spo2" and item.device == device
        for value in item.values
        if value is not None
    ]
    return min(values, default=100)


def events(home: Home, device: str) -> list[str]:
    items = sorted(home.platform.items.items(), key=lambda named: named[0][1])
    return [i.event for _, i in items if isinstance(i, EventItem) and i.device == device]


def has_battery(home: Home, device: str) -> bool:
    return "battery" in events(home, device)


@pytest.mark.timeout(60)
def test_a_deterioration_reaches_the_platform_over_unmodified_bleak(
    home: Home, tmp_path: Path
) -> None:
    ill, well = ADDRESSES
    with virtual_air(tmp_path) as air:
        process = gateway(
            home,
            CHEVET_GATEWAY_DEVICES=",".join(ADDRESSES),
            DBUS_SYSTEM_BUS_ADDRESS=f"unix:path={tmp_path / 'bus'}",
        )
        try:
            for address in ADDRESSES:
                home.platform.wait_for(partial(has_battery, home, address))
            answer = tell(
                air,
                do="deteriorate",
                address=ill,
                spo2_percent=85,
                pulse_per_minute=120,
                over_seconds=0,
            )
            assert "done" in answer
            home.platform.wait_for(lambda: lowest(home, ill) <= 88, 5)
            assert lowest(home, well) >= 95
            assert "done" in tell(air, do="spot_check", address=well)
            home.platform.wait_for(
                lambda: sum(isinstance(i, SpotItem) for i in home.platform.items.values()) == 2
            )
            assert "done" in tell(air, do="disconnect", address=ill)
            home.platform.wait_for(lambda: events(home, ill).count("battery") == 2)
            assert "refused" in tell(air, do="spot_check", address="F0:F1:F2:F3:F4:99")
            assert "refused" in tell(air, do="dance")
        finally:
            process.terminate()
            status, journal = ended(process)
    assert status == 0, journal
    assert "fault" not in journal
    assert events(home, ill)[:2] == ["connected", "battery"]


@pytest.mark.promise("R2")
@pytest.mark.timeout(60)
def test_a_crash_while_reading_keeps_what_was_kept_and_reads_on(home: Home, tmp_path: Path) -> None:
    home.platform.answering.clear()
    bus = f"unix:path={tmp_path / 'bus'}"
    with virtual_air(tmp_path) as air:
        process = gateway(
            home,
            failpoints="gateway.ble_read=exit@3",
            CHEVET_GATEWAY_DEVICES=ADDRESSES[0],
            DBUS_SYSTEM_BUS_ADDRESS=bus,
        )
        status, journal = ended(process)
        assert status == CRASHED, journal
        assert "done" in tell(air, do="disconnect", address=ADDRESSES[0])
        sent = {(e.boot, item.n): item for e in home.platform.received for item in e.items}
        assert sent
        home.platform.answering.set()
        process = gateway(home, CHEVET_GATEWAY_DEVICES=ADDRESSES[0], DBUS_SYSTEM_BUS_ADDRESS=bus)
        home.platform.wait_for(lambda: sent.keys() <= home.platform.items.keys())
        home.platform.wait_for(lambda: len({boot for boot, _ in home.platform.items}) == 2)
        process.terminate()
        status, journal = ended(process)
    assert status == 0, journal
    assert all(home.platform.items[name] == item for name, item in sent.items())


def test_without_a_bus_the_gateway_says_so_and_goes_on(home: Home, tmp_path: Path) -> None:
    process = gateway(
        home,
        CHEVET_GATEWAY_DEVICES="any",
        DBUS_SYSTEM_BUS_ADDRESS=f"unix:path={tmp_path / 'nothing'}",
    )
    home.platform.wait_for(lambda: any(status.online for status in home.platform.statuses))
    assert process.stderr is not None
    while "scan_failed" not in process.stderr.readline():
        assert process.poll() is None
    process.terminate()
    status, _ = ended(process)
    assert status == 0

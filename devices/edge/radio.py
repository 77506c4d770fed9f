"""The radio of the gateway: find oximeters, stay connected to them, read what they send.

Scanning and connecting take turns, because most adapters cannot do both at once; connected
oximeters go on sending meanwhile. Characteristics are found by UUID, never by handle: handles
differ between backends and firmware.
"""

import asyncio
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo
from typing import TypeAlias

from bleak import BleakClient, BleakScanner
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.client import BaseBleakClient
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData, BaseBleakScanner
from bleak.exc import BleakError

from core import clock
from devices.edge.journal import Journal
from devices.edge.listening import Listening
from devices.gatt import oximeter
from devices.gatt.clock import CURRENT_TIME
from devices.gatt.identity import BATTERY_LEVEL, battery_percent
from devices.measurement import EventCode, Observation

FIRST_PAUSE_SECONDS = 1.0
LAST_PAUSE_SECONDS = 60.0

Sink: TypeAlias = Callable[[Sequence[Observation]], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Backends:
    """What to give bleak as `backend=`; None means the platform's own."""

    scanner: type[BaseBleakScanner] | None = None
    client: type[BaseBleakClient] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RadioSettings:
    """Whom to listen to (None: any oximeter in reach), and how long to wait for what."""

    devices: frozenset[str] | None
    zone: tzinfo
    backends: Backends = field(default_factory=Backends)
    scan_seconds: float = 5.0
    connect_seconds: float = 20.0
    silence_seconds: float = 15.0


@dataclass(slots=True)
class _Attempts:
    """How often a device failed us lately, and when it may be tried again (monotonic)."""

    failures: int = 0
    not_before: float = 0.0


class Radio:
    """Keeps a connection to every oximeter it is meant to listen to."""

    def __init__(self, settings: RadioSettings, *, sink: Sink, journal: Journal) -> None:
        """Prepare; `run` does the work."""
        self._settings, self._sink, self._journal = settings, sink, journal
        self._sessions: dict[str, asyncio.Task[None]] = {}
        self._attempts: dict[str, _Attempts] = {}
        self._free = asyncio.Event()

    @property
    def connected(self) -> frozenset[str]:
        """Addresses of the oximeters with a session now."""
        return frozenset(self._sessions)

    async def run(self) -> None:
        """Scan and connect until cancelled; then end every session."""
        try:
            while True:
                await self._round()
        finally:
            sessions = list(self._sessions.values())
            for session in sessions:
                session.cancel()
            await asyncio.gather(*sessions, return_exceptions=True)

    async def _round(self) -> None:
        self._free.clear()
        wanted = self._settings.devices
        if wanted is not None and wanted <= self.connected:
            await self._free.wait()
            return
        try:
            found = await self._scan()
        except Exception as fault:
            self._journal("scan_failed", fault=type(fault).__name__, detail=str(fault))
            await asyncio.sleep(self._settings.scan_seconds)
            return
        for device in found:
            await self._open(device)

    async def _scan(self) -> list[BLEDevice]:
        """Return the oximeters to connect to, soon after the first is seen."""
        found: dict[str, BLEDevice] = {}
        seen = asyncio.Event()

        def on_advertisement(device: BLEDevice, _: AdvertisementData) -> None:
            if self._is_wanted(device.address.upper()):
                found[device.address.upper()] = device
                seen.set()

        async with BleakScanner(
            on_advertisement,
            service_uuids=[oximeter.SERVICE_UUID],
            backend=self._settings.backends.scanner,
        ):
            await _within(seen, self._settings.scan_seconds)
            if found:
                await asyncio.sleep(min(1.0, self._settings.scan_seconds / 5))
        return list(found.values())

    def _is_wanted(self, address: str) -> bool:
        allowed = self._settings.devices is None or address in self._settings.devices
        attempts = self._attempts.get(address, _Attempts())
        rested = clock.monotonic() >= attempts.not_before
        return allowed and rested and address not in self._sessions

    async def _open(self, device: BLEDevice) -> None:
        """Connect and subscribe; then listen in a task of its own."""
        address = device.address.upper()
        listening = Listening(
            device=address, zone=self._settings.zone, sink=self._sink, journal=self._journal
        )
        gone = asyncio.Event()
        client = BleakClient(
            device,
            disconnected_callback=lambda _: gone.set(),
            timeout=self._settings.connect_seconds,
            backend=self._settings.backends.client,
        )
        try:
            await client.connect()
            await self._subscribe(client, listening)
        except Exception as fault:
            self._journal("connect_failed", device=address, fault=type(fault).__name__)
            if listening.frames:
                listening.end()
            self._failed(address)
            await _let_go(client)
            return
        except asyncio.CancelledError:
            await _let_go(client)
            raise
        self._sessions[address] = asyncio.create_task(self._listen(client, listening, gone))

    async def _subscribe(self, client: BleakClient, listening: Listening) -> None:
        handlers = {
            oximeter.CONTINUOUS.uuid: listening.on_continuous,
            oximeter.SPOT_CHECK.uuid: listening.on_spot_check,
        }
        offered = [uuid for uuid in handlers if client.services.get_characteristic(uuid)]
        if not offered:
            raise LookupError("no pulse oximeter characteristic")
        await self._read_clock(client, listening)
        listening.streams = oximeter.CONTINUOUS.uuid in offered
        for uuid in offered:
            await client.start_notify(uuid, _bytes_to(handlers[uuid]))
        listening.event(EventCode.CONNECTED)
        if client.services.get_characteristic(BATTERY_LEVEL.uuid):
            level = await client.read_gatt_char(BATTERY_LEVEL.uuid)
            listening.event(EventCode.BATTERY, battery_percent(bytes(level)))

    async def _read_clock(self, client: BleakClient, listening: Listening) -> None:
        """Note what the device's clock shows; one that will not tell is listened to anyway."""
        if client.services.get_characteristic(CURRENT_TIME.uuid) is None:
            return
        try:
            shown = await client.read_gatt_char(CURRENT_TIME.uuid)
        except BleakError as fault:
            self._journal("clock_unread", device=listening.device, fault=type(fault).__name__)
            return
        listening.on_clock(bytes(shown))

    async def _listen(self, client: BleakClient, listening: Listening, gone: asyncio.Event) -> None:
        """Wait until the device leaves, or sends nothing for too long; then let it go."""
        limit = self._settings.silence_seconds
        try:
            while not gone.is_set():
                await _within(gone, max(limit - listening.silent_seconds, 0.05))
                if listening.streams and listening.silent_seconds >= limit and not gone.is_set():
                    listening.event(EventCode.SILENT)
                    break
        finally:
            listening.end()
            if listening.frames:
                self._attempts.pop(listening.device, None)
            else:
                self._failed(listening.device)
            await _let_go(client)
            del self._sessions[listening.device]
            self._free.set()

    def _failed(self, address: str) -> None:
        attempts = self._attempts.setdefault(address, _Attempts())
        pause = min(FIRST_PAUSE_SECONDS * 2.0**attempts.failures, LAST_PAUSE_SECONDS)
        attempts.failures = min(attempts.failures + 1, 10)
        attempts.not_before = clock.monotonic() + pause * random.uniform(0.8, 1.2)


def _bytes_to(
    handler: Callable[[bytes], None],
) -> Callable[[BleakGATTCharacteristic, bytearray], None]:
    return lambda _, data: handler(bytes(data))


async def _within(event: asyncio.Event, seconds: float) -> bool:
    """Wait for `event` at most `seconds`; say whether it came."""
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return False
    return True


async def _let_go(client: BleakClient) -> None:
    """Disconnect, whatever state the link is in."""
    try:
        await client.disconnect()
    except Exception:
        return

"""The gateway's radio against virtual oximeters, in one process: real frames, real bleak calls."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from core import clock
from core.vitals import Quality, Vital
from devices.device_time import DateTime
from devices.edge.bumble_backend import backends_on
from devices.edge.journal import Field
from devices.edge.radio import Radio, RadioSettings
from devices.gatt.oximeter import MeasurementStatus
from devices.measurement import DeviceEvent, EventCode, Observation, Sampled, Spot
from devices.virtual.oximeter import VirtualOximeter, continuous_frame, spot_check_frame
from devices.virtual.radio import Air
from devices.virtual.trace import Vitals

WELL = Vitals(spo2_percent=97, pulse_per_minute=72)
ADDRESS = "F0:F1:F2:F3:F4:01"
OTHER = "F0:F1:F2:F3:F4:02"


class Heard:
    """Everything the radio handed over, and what it wrote in its journal."""

    def __init__(self) -> None:
        self.observations: list[Observation] = []
        self.journal: list[str] = []
        self._news = asyncio.Event()

    def take(self, observations: Sequence[Observation]) -> None:
        self.observations.extend(observations)
        self._news.set()

    def note(self, event: str, **fields: Field) -> None:
        self.journal.append(event)
        self._news.set()

    async def until(self, condition: Callable[[], bool], seconds: float = 15.0) -> None:
        async with asyncio.timeout(seconds):
            while not condition():
                self._news.clear()
                await self._news.wait()

    def events(self, code: EventCode, device: str = ADDRESS) -> int:
        return sum(
            isinstance(one, DeviceEvent) and one.event is code and one.device == device
            for one in self.observations
        )

    def has_connected(self, times: int) -> bool:
        return self.events(EventCode.BATTERY) == times

    def values(self, vital: Vital, device: str = ADDRESS) -> list[tuple[float | None, Quality]]:
        out: list[tuple[float | None, Quality]] = []
        for one in self.observations:
            if isinstance(one, DeviceEvent) or one.device != device or one.vital is not vital:
                continue
            values = [one.value] if isinstance(one, Spot) else one.values
            out += [(value, one.quality) for value in values]
        return out


@asynccontextmanager
async def listening(
    air: Air, *, devices: set[str] | None = None, silence_seconds: float = 10.0
) -> AsyncIterator[Heard]:
    heard = Heard()
    settings = RadioSettings(
        devices=None if devices is None else frozenset(devices),
        zone=UTC,
        backends=backends_on(await air.central()),
        scan_seconds=0.5,
        connect_seconds=1.0,
        silence_seconds=silence_seconds,
    )
    radio = Radio(settings, sink=heard.take, journal=heard.note)
    running = asyncio.create_task(radio.run())
    try:
        yield heard
    finally:
        running.cancel()
        await asyncio.wait((running,))


async def oximeter(
    air: Air, address: str = ADDRESS, *, shows: DateTime | None = None
) -> VirtualOximeter:
    device = air.device(name=f"Oxi {address[-2:]}", address=address)
    virtual = VirtualOximeter(device, serial_number="1", battery_percent=55, shows=shows)
    await virtual.switch_on()
    return virtual


def run(story: Callable[[], object]) -> None:
    """Run an async story."""
    coroutine = story()
    assert asyncio.iscoroutine(coroutine)
    asyncio.run(coroutine)


def test_an_oximeter_is_found_heard_and_its_battery_read() -> None:
    async def story() -> None:
        air = Air()
        oxi = await oximeter(air)
        async with listening(air, devices={ADDRESS}) as heard:
            await heard.until(lambda: heard.events(EventCode.BATTERY) == 1)
            await oxi.send_continuous(continuous_frame(WELL))
            await oxi.send_spot_check(bytes.fromhex("0facf3bef5e8070b1d170839204022000066e3"))
            await heard.until(lambda: len(heard.values(Vital.PULSE)) == 2)
        assert heard.values(Vital.SPO2) == [(97, Quality(0)), (94.0, Quality(5))]
        assert heard.values(Vital.PULSE) == [(72, Quality(0)), (147.0, Quality(5))]
        assert (heard.events(EventCode.CONNECTED), heard.events(EventCode.DISCONNECTED)) == (1, 1)
        spots = [one for one in heard.observations if isinstance(one, Spot)]
        assert [one.measured_at.isoformat() for one in spots] == ["2024-11-29T23:08:57+00:00"] * 2

    run(story)


def test_a_clock_years_behind_is_read_beside_ours_and_places_the_stamp() -> None:
    shown = datetime(2017, 1, 1, 1, 36, 19, tzinfo=UTC)

    async def story() -> None:
        air = Air()
        oxi = await oximeter(air, shows=DateTime.of(shown))
        async with listening(air) as heard:
            began = clock.now()
            await heard.until(lambda: heard.events(EventCode.BATTERY) == 1)
            connected = clock.now()
            await oxi.send_spot_check(spot_check_frame(WELL, shown - timedelta(minutes=2)))
            await heard.until(lambda: len(heard.values(Vital.PULSE)) == 1)
        spot = next(one for one in heard.observations if isinstance(one, Spot))
        ago = spot.measured_at + timedelta(minutes=2)
        assert began <= ago <= connected
        assert spot.raw_at == shown - timedelta(minutes=2)
        assert spot.quality == Quality(0)

    run(story)


def test_no_number_and_marked_measurements_reach_the_domain_with_their_marks() -> None:
    questionable = MeasurementStatus.QUESTIONABLE_MEASUREMENT.to_bytes(2, "little")
    invalid = MeasurementStatus.INVALID_MEASUREMENT.to_bytes(2, "little")
    frames = [
        continuous_frame(None),
        bytes.fromhex("00fe070208"),  # +INF, -INF
        b"\x04\x5a\x00\x48\x00" + questionable,
        b"\x04\x5b\x00\x48\x00" + invalid,
    ]

    async def story() -> None:
        air = Air()
        oxi = await oximeter(air)
        async with listening(air) as heard:
            await heard.until(lambda: heard.events(EventCode.BATTERY) == 1)
            for frame in frames:
                await oxi.send_continuous(frame)
            await oxi.drop_connections()
            await heard.until(lambda: heard.events(EventCode.DISCONNECTED) == 1)
        unconnected = Quality.INVALID | Quality.LOW_PERFUSION | Quality.QUESTIONABLE
        assert heard.values(Vital.SPO2) == [
            (None, unconnected),
            (None, Quality.INVALID),
            (90, Quality.QUESTIONABLE),
            (91, Quality.INVALID),
        ]

    run(story)


def test_a_malformed_frame_is_an_event_and_the_next_frame_is_heard() -> None:
    async def story() -> None:
        air = Air()
        oxi = await oximeter(air)
        async with listening(air) as heard:
            await heard.until(lambda: heard.events(EventCode.BATTERY) == 1)
            for frame in (b"", b"\x00", b"\x1f\x61\x00", bytes(20)):
                await oxi.send_continuous(frame)
            await oxi.send_continuous(continuous_frame(WELL))
            await oxi.drop_connections()
            await heard.until(lambda: heard.events(EventCode.DISCONNECTED) == 1)
        assert heard.events(EventCode.MALFORMED_FRAME) == 4
        assert heard.values(Vital.SPO2) == [(97, Quality(0))]
        details = [str(o.value) for o in heard.observations if isinstance(o, DeviceEvent)]
        assert "flags: 1 bytes wanted, 0 left: " in details

    run(story)


def test_a_dropped_connection_is_made_again_and_nothing_read_is_lost() -> None:
    async def story() -> None:
        air = Air()
        oxi = await oximeter(air)
        async with listening(air, devices={ADDRESS}) as heard:
            for times in (1, 2, 3):
                await heard.until(partial(heard.has_connected, times))
                await oxi.send_continuous(continuous_frame(WELL))
                await oxi.drop_connections()
            await heard.until(lambda: heard.events(EventCode.DISCONNECTED) == 3)
        assert heard.values(Vital.SPO2) == [(97, Quality(0))] * 3

    run(story)


def test_a_connection_that_falls_silent_is_ended_and_made_again() -> None:
    async def story() -> None:
        air = Air()
        oxi = await oximeter(air)
        async with listening(air, devices={ADDRESS}, silence_seconds=0.5) as heard:
            await heard.until(lambda: heard.events(EventCode.BATTERY) == 1)
            await oxi.send_continuous(continuous_frame(WELL))
            await heard.until(lambda: heard.events(EventCode.SILENT) == 1)
            await heard.until(lambda: heard.events(EventCode.CONNECTED) == 2)
        assert heard.values(Vital.SPO2) == [(97, Quality(0))]

    run(story)


def test_an_oximeter_of_the_neighbours_is_left_alone() -> None:
    async def story() -> None:
        air = Air()
        neighbour, ours = await oximeter(air, OTHER), await oximeter(air)
        async with listening(air, devices={ADDRESS}) as heard:
            await heard.until(lambda: heard.events(EventCode.BATTERY) == 1)
            assert not neighbour.connections
            assert ours.connections
        assert {one.device for one in heard.observations} == {ADDRESS}

    run(story)


def test_an_oximeter_that_comes_late_is_found_although_another_is_absent() -> None:
    async def story() -> None:
        air = Air()
        async with listening(air, devices={ADDRESS, OTHER}) as heard:
            await asyncio.sleep(0.7)  # one whole scan finds nobody
            late = await oximeter(air)
            await heard.until(lambda: heard.events(EventCode.BATTERY) == 1)
            assert late.connections

    run(story)


@pytest.mark.timeout(60)
def test_a_fleet_of_thirty_oximeters_is_heard_in_full() -> None:
    addresses = [f"F0:F1:F2:F3:F4:{n:02X}" for n in range(1, 31)]

    async def story() -> None:
        air = Air()
        fleet = [await oximeter(air, address) for address in addresses]
        async with listening(air, devices=set(addresses), silence_seconds=40) as heard:
            await heard.until(
                lambda: all(heard.events(EventCode.BATTERY, a) == 1 for a in addresses), 40
            )
            for spo2 in range(80, 100):
                vitals = Vitals(spo2_percent=spo2, pulse_per_minute=spo2 - 20)
                await asyncio.gather(
                    *(oxi.send_continuous(continuous_frame(vitals)) for oxi in fleet)
                )
            await asyncio.gather(*(oxi.drop_connections() for oxi in fleet))
            await heard.until(
                lambda: all(heard.events(EventCode.DISCONNECTED, a) >= 1 for a in addresses)
            )
        for address in addresses:
            assert [value for value, _ in heard.values(Vital.SPO2, address)] == [*range(80, 100)]
            assert [value for value, _ in heard.values(Vital.PULSE, address)] == [*range(60, 80)]

    run(story)


def test_steady_seconds_travel_as_one_stretch() -> None:
    async def story() -> None:
        air = Air()
        oxi = await oximeter(air)
        async with listening(air, devices={ADDRESS}) as heard:
            await heard.until(lambda: heard.events(EventCode.BATTERY) == 1)
            loop = asyncio.get_running_loop()
            beat = loop.time()
            for _ in range(3):
                await oxi.send_continuous(continuous_frame(WELL))
                beat += 1.0
                await asyncio.sleep(beat - loop.time())
            await oxi.drop_connections()
            await heard.until(lambda: heard.events(EventCode.DISCONNECTED) == 1)
        stretches = [one for one in heard.observations if isinstance(one, Sampled)]
        assert [(s.vital, s.values) for s in stretches] == [
            (Vital.SPO2, (97,)),
            (Vital.PULSE, (72,)),
            (Vital.SPO2, (97, 97)),
            (Vital.PULSE, (72, 72)),
        ]

    run(story)

"""Virtual patients at once: each has an oximeter on the air that sends what the trace says."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, tzinfo
from typing import assert_never

from core import clock
from devices.virtual.oximeter import VirtualOximeter, continuous_frame, spot_check_frame
from devices.virtual.radio import Air
from devices.virtual.script import (
    Command,
    Deteriorate,
    Disconnect,
    DropOut,
    PatientEntry,
    SpotCheckNow,
)
from devices.virtual.trace import deteriorating, dropping_out, vitals_at


class VirtualPatient:
    """One patient: a trace, an oximeter, and the second it began."""

    def __init__(self, air: Air, entry: PatientEntry) -> None:
        """Put the patient's oximeter on `air`, switched off."""
        self.trace = entry.trace()
        self.oximeter = VirtualOximeter(
            air.device(name=entry.name, address=entry.address),
            serial_number=entry.serial_number,
            battery_percent=entry.battery_percent,
        )
        self._began = clock.monotonic()

    @property
    def seconds(self) -> float:
        """Seconds since the patient began."""
        return clock.monotonic() - self._began

    async def stream(self, period_seconds: float) -> None:
        """Send a frame every period until cancelled, keeping to the beat."""
        self._began = beat = clock.monotonic()
        while True:
            vitals = vitals_at(self.trace, self.seconds)
            if vitals != "silence":
                await self.oximeter.send_continuous(continuous_frame(vitals))
            beat += period_seconds
            await asyncio.sleep(max(0.0, beat - clock.monotonic()))


class Ward:
    """The patients of one air, by the address of their oximeter."""

    def __init__(self, air: Air, entries: Sequence[PatientEntry], *, zone: tzinfo = UTC) -> None:
        """Put everybody on the air; `zone` is where the oximeters' wall clocks hang."""
        self.patients = {entry.address: VirtualPatient(air, entry) for entry in entries}
        self._zone = zone

    async def run(self, period_seconds: float) -> None:
        """Send everybody's frames until cancelled."""
        async with asyncio.TaskGroup() as group:
            for patient in self.patients.values():
                group.create_task(patient.stream(period_seconds))

    async def switch_on(self) -> None:
        """Switch every oximeter on."""
        for patient in self.patients.values():
            await patient.oximeter.switch_on()

    async def obey(self, command: Command) -> bool:
        """Carry out a command; False when nobody has that address."""
        patient = self.patients.get(command.address)
        if patient is None:
            return False
        match command:
            case Deteriorate():
                patient.trace = deteriorating(
                    patient.trace,
                    at_seconds=patient.seconds,
                    over_seconds=command.over_seconds,
                    spo2_percent=command.spo2_percent,
                    pulse_per_minute=command.pulse_per_minute,
                )
            case DropOut():
                patient.trace = dropping_out(
                    patient.trace,
                    at_seconds=patient.seconds,
                    for_seconds=command.for_seconds,
                    kind=command.kind,
                )
            case SpotCheckNow():
                vitals = vitals_at(patient.trace, patient.seconds)
                if vitals is not None and vitals != "silence":
                    local = clock.now().astimezone(self._zone)
                    await patient.oximeter.send_spot_check(spot_check_frame(vitals, local))
            case Disconnect():
                await patient.oximeter.drop_connections()
            case _:
                assert_never(command)
        return True

"""Who is in the virtual air and what may be done to them, as JSON."""

from typing import Annotated, Literal, TypeAlias

import msgspec
from msgspec import Meta, Struct

from devices.malformed import Malformed
from devices.virtual.trace import Drift, Dropout, Trace, Vitals

Address: TypeAlias = Annotated[str, Meta(pattern=r"^([0-9A-F]{2}:){5}[0-9A-F]{2}$")]
Percent: TypeAlias = Annotated[float, Meta(ge=0, le=100)]
Rate: TypeAlias = Annotated[float, Meta(ge=0, le=400)]
Seconds: TypeAlias = Annotated[float, Meta(ge=0)]


class DriftEntry(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A planned change of the patient."""

    start_seconds: Seconds
    over_seconds: Seconds
    spo2_percent: Percent
    pulse_per_minute: Rate


class DropoutEntry(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A planned loss of signal."""

    start_seconds: Seconds
    for_seconds: Seconds
    kind: Literal["not_a_number", "silence"] = "not_a_number"


class PatientEntry(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One virtual patient and the oximeter on the finger."""

    address: Address
    name: str
    serial_number: str
    spo2_percent: Percent = 97.0
    pulse_per_minute: Rate = 74.0
    noise: Annotated[float, Meta(ge=0, le=5)] = 0.6
    seed: int = 0
    battery_percent: Annotated[int, Meta(ge=0, le=100)] = 87
    drifts: tuple[DriftEntry, ...] = ()
    dropouts: tuple[DropoutEntry, ...] = ()

    def trace(self) -> Trace:
        """Return the physiology this entry describes."""
        return Trace(
            baseline=Vitals(spo2_percent=self.spo2_percent, pulse_per_minute=self.pulse_per_minute),
            noise=self.noise,
            seed=self.seed,
            drifts=tuple(
                Drift(
                    start_seconds=drift.start_seconds,
                    over_seconds=drift.over_seconds,
                    target=Vitals(
                        spo2_percent=drift.spo2_percent, pulse_per_minute=drift.pulse_per_minute
                    ),
                )
                for drift in self.drifts
            ),
            dropouts=tuple(
                Dropout(start_seconds=d.start_seconds, for_seconds=d.for_seconds, kind=d.kind)
                for d in self.dropouts
            ),
        )


class PatientsFile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everybody in the virtual air; each oximeter sends a frame every `period_seconds`."""

    patients: tuple[PatientEntry, ...]
    period_seconds: Annotated[float, Meta(gt=0)] = 1.0


class Deteriorate(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="do", tag="deteriorate"
):
    """From now, move the patient to these vitals."""

    address: Address
    spo2_percent: Percent
    pulse_per_minute: Rate
    over_seconds: Seconds


class DropOut(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="do", tag="drop_out"
):
    """From now, lose the signal."""

    address: Address
    for_seconds: Seconds
    kind: Literal["not_a_number", "silence"] = "not_a_number"


class SpotCheckNow(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="do", tag="spot_check"
):
    """Send one spot check of the vitals of this moment."""

    address: Address


class Disconnect(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="do", tag="disconnect"
):
    """End the connection from the oximeter's side; it stays in reach."""

    address: Address


Command: TypeAlias = Deteriorate | DropOut | SpotCheckNow | Disconnect


def parse_patients(text: bytes) -> PatientsFile | Malformed:
    """Parse a patients file."""
    try:
        parsed = msgspec.json.decode(text, type=PatientsFile)
    except msgspec.DecodeError as refusal:
        return Malformed(reason=str(refusal))
    addresses = [patient.address for patient in parsed.patients]
    if len(set(addresses)) < len(addresses):
        return Malformed(reason="an address is used twice")
    return parsed


def parse_command(line: bytes) -> Command | Malformed:
    """Parse one line of commands."""
    try:
        command: Command = msgspec.json.decode(line, type=Command)
    except msgspec.DecodeError as refusal:
        return Malformed(reason=str(refusal))
    return command

"""What a frame says, for a person at a command line: the values, their quality, or the refusal."""

from datetime import datetime, tzinfo
from enum import IntFlag
from typing import Literal, TypeAlias

from devices.gatt.plx import Continuous, SpotCheck
from devices.gatt.sfloat import Number, Sfloat
from devices.malformed import Malformed
from devices.measurement import Spot, from_continuous, from_spot_check

FrameKind: TypeAlias = Literal["plx-continuous", "plx-spot"]
Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"


def decode_frame(
    kind: FrameKind, hex_text: str, *, received_at: datetime, zone: tzinfo
) -> dict[str, Json]:
    """Return the frame as JSON, or `{"refused": reason}`; spaces in `hex_text` do not matter."""
    try:
        frame = bytes.fromhex(hex_text)
    except ValueError:
        return {"refused": "not hexadecimal"}
    if kind == "plx-continuous":
        return _continuous(frame, received_at)
    return _spot_check(frame, received_at, zone)


def _continuous(frame: bytes, received_at: datetime) -> dict[str, Json]:
    decoded = Continuous.from_bytes(frame)
    if isinstance(decoded, Malformed):
        return {"refused": decoded.reason}
    spots = from_continuous(decoded, device="-", received_at=received_at)
    return {
        "characteristic": "PLX Continuous Measurement",
        **_values(spots),
        "measurement_status": _names(decoded.status),
        "sensor_status": _names(decoded.sensor),
        "pulse_amplitude_index_percent": _number(decoded.amplitude_percent),
    }


def _spot_check(frame: bytes, received_at: datetime, zone: tzinfo) -> dict[str, Json]:
    decoded = SpotCheck.from_bytes(frame)
    if isinstance(decoded, Malformed):
        return {"refused": decoded.reason}
    spots = from_spot_check(decoded, device="-", received_at=received_at, zone=zone)
    raw_at = spots[0].raw_at
    return {
        "characteristic": "PLX Spot-check Measurement",
        **_values(spots),
        "measured_at": spots[0].measured_at.isoformat(),
        "raw_at": None if raw_at is None else raw_at.isoformat(),
        "clock_not_set": decoded.clock_not_set,
        "measurement_status": _names(decoded.status),
        "sensor_status": _names(decoded.sensor),
        "pulse_amplitude_index_percent": _number(decoded.amplitude_percent),
    }


def _values(spots: tuple[Spot, Spot]) -> dict[str, Json]:
    spo2, pulse = spots
    return {
        "spo2_percent": spo2.value,
        "spo2_quality": _names(spo2.quality),
        "pulse_per_minute": pulse.value,
        "pulse_quality": _names(pulse.quality),
    }


def _number(sfloat: Sfloat | None) -> Json:
    if sfloat is None:
        return None
    return sfloat.value if isinstance(sfloat, Number) else sfloat.name.lower()


def _names(flags: IntFlag | None) -> list[Json]:
    return [] if flags is None else [str(flag.name).lower() for flag in flags]

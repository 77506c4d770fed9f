"""Blood Pressure Service (0x1810, BLS 1.1.1)."""

from enum import IntFlag
from typing import Final

from devices.gatt.engine import Field, Flags, Table, Told
from devices.gatt.kinds import Bits, Clock, Float, Whole
from devices.medfloat import SFLOAT


class CuffStatus(IntFlag):
    """What the cuff says of one measurement (16 bits)."""

    BODY_MOVEMENT = 1 << 0
    CUFF_TOO_LOOSE = 1 << 1
    IRREGULAR_PULSE = 1 << 2
    PULSE_ABOVE_RANGE = 1 << 3
    PULSE_BELOW_RANGE = 1 << 4
    IMPROPER_POSITION = 1 << 5


class CuffFeatures(IntFlag):
    """What the cuff can tell (16 bits)."""

    BODY_MOVEMENT = 1 << 0
    CUFF_FIT = 1 << 1
    IRREGULAR_PULSE = 1 << 2
    PULSE_RATE_RANGE = 1 << 3
    MEASUREMENT_POSITION = 1 << 4
    MULTIPLE_BONDS = 1 << 5


_PRESSURE: Final = "mm[Hg] or kPa, as `unit` says"


def _pressure(code: int, name: str) -> Table:
    return Table(
        code=code,
        name=name,
        flags=Flags(told=(Told("unit", 0, "mm[Hg]", "kPa"),)),
        fields=(
            Field("systolic", Float(SFLOAT), unit=_PRESSURE),
            Field("diastolic", Float(SFLOAT), unit=_PRESSURE),
            Field("mean_arterial", Float(SFLOAT), unit=_PRESSURE),
            Field("timestamp", Clock(), 1),
            Field("pulse_per_minute", Float(SFLOAT), 2, unit="/min"),
            Field("user_id", Whole(1), 3),
            Field("measurement_status", Bits(2, CuffStatus), 4),
        ),
    )


MEASUREMENT: Final = _pressure(0x2A35, "Blood Pressure Measurement")
TABLES: Final = (
    MEASUREMENT,
    _pressure(0x2A36, "Intermediate Cuff Pressure"),
    Table(
        code=0x2A49,
        name="Blood Pressure Feature",
        flags=Flags(octets=2, name="supported", names=CuffFeatures),
    ),
)

"""Health Thermometer Service (0x1809, HTS 1.0)."""

from enum import IntEnum
from typing import Final

from devices.gatt.engine import Field, Flags, Table, Told
from devices.gatt.kinds import Clock, Code, Float, Whole
from devices.medfloat import FLOAT


class TemperatureType(IntEnum):
    """Where it was measured."""

    ARMPIT = 1
    BODY = 2
    EAR = 3
    FINGER = 4
    GASTRO_INTESTINAL_TRACT = 5
    MOUTH = 6
    RECTUM = 7
    TOE = 8
    TYMPANUM = 9


def _temperature(code: int, name: str) -> Table:
    return Table(
        code=code,
        name=name,
        flags=Flags(told=(Told("unit", 0, "Cel", "[degF]"),)),
        fields=(
            Field("temperature", Float(FLOAT), unit="Cel or [degF], as `unit` says"),
            Field("timestamp", Clock(), 1),
            Field("type", Code(TemperatureType), 2),
        ),
    )


MEASUREMENT: Final = _temperature(0x2A1C, "Temperature Measurement")
TABLES: Final = (
    MEASUREMENT,
    _temperature(0x2A1E, "Intermediate Temperature"),
    Table(
        code=0x2A1D,
        name="Temperature Type",
        fields=(Field("type", Code(TemperatureType)),),
    ),
    Table(
        code=0x2A21,
        name="Measurement Interval",
        fields=(Field("interval_seconds", Whole(2), unit="s"),),
    ),
)

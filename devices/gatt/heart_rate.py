"""Heart Rate Service (0x180D, HRS 1.0)."""

from enum import IntEnum
from typing import Final

from devices.gatt.engine import Field, Flags, Table, Told
from devices.gatt.kinds import Code, Either, Whole


class BodySensorLocation(IntEnum):
    """Where the sensor is worn."""

    OTHER = 0
    CHEST = 1
    WRIST = 2
    FINGER = 3
    HAND = 4
    EAR_LOBE = 5
    FOOT = 6


class ControlPoint(IntEnum):
    """What may be written to it."""

    RESET_ENERGY_EXPENDED = 1


MEASUREMENT: Final = Table(
    code=0x2A37,
    name="Heart Rate Measurement",
    flags=Flags(
        told=(
            Told("rate_in_two_bytes", 0),
            Told("contact", 1),
            Told("contact_supported", 2),
        )
    ),
    fields=(
        Field("heart_rate_per_minute", Either(0, Whole(1), Whole(2)), unit="/min"),
        Field("energy_expended_kj", Whole(2), 3, unit="kJ"),
        Field("rr_intervals_1024", Whole(2), 4, many=True, unit="1/1024 s"),
    ),
)
TABLES: Final = (
    MEASUREMENT,
    Table(
        code=0x2A38,
        name="Body Sensor Location",
        fields=(Field("location", Code(BodySensorLocation)),),
    ),
    Table(
        code=0x2A39,
        name="Heart Rate Control Point",
        fields=(Field("request", Code(ControlPoint)),),
    ),
)

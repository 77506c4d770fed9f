"""Current Time Service (0x1805, CTS 1.1) and Date Time: what the clock of a device shows."""

from enum import IntEnum, IntFlag
from typing import Final

from devices.gatt.engine import Field, Table
from devices.gatt.kinds import Bits, Clock, Code, Whole


class AdjustReason(IntFlag):
    """Why the clock was last changed."""

    MANUAL = 1 << 0
    EXTERNAL_REFERENCE = 1 << 1
    TIME_ZONE = 1 << 2
    SUMMER_TIME = 1 << 3


class SummerTime(IntEnum):
    """How far summer time is ahead, in quarters of an hour."""

    STANDARD = 0
    HALF_AN_HOUR = 2
    ONE_HOUR = 4
    TWO_HOURS = 8
    UNKNOWN = 255


class TimeSource(IntEnum):
    """Where the clock has its time from."""

    UNKNOWN = 0
    NETWORK_TIME_PROTOCOL = 1
    SATELLITE = 2
    RADIO_SIGNAL = 3
    MANUAL = 4
    ATOMIC_CLOCK = 5
    CELLULAR_NETWORK = 6


DATE_TIME: Final = Table(code=0x2A08, name="Date Time", fields=(Field("timestamp", Clock()),))
CURRENT_TIME: Final = Table(
    code=0x2A2B,
    name="Current Time",
    fields=(
        Field("timestamp", Clock()),
        Field("day_of_week", Whole(1, lowest=0, highest=7)),
        Field("fractions_256", Whole(1), unit="1/256 s"),
        Field("adjust_reason", Bits(1, AdjustReason)),
    ),
)
TABLES: Final = (
    DATE_TIME,
    CURRENT_TIME,
    Table(
        code=0x2A0F,
        name="Local Time Information",
        fields=(
            Field(
                "time_zone_quarters", Whole(1, signed=True, unknown=-128, lowest=-48, highest=56)
            ),
            Field("summer_time", Code(SummerTime)),
        ),
    ),
    Table(
        code=0x2A14,
        name="Reference Time Information",
        fields=(
            Field("source", Code(TimeSource)),
            Field("accuracy_eighths", Whole(1), unit="1/8 s"),
            Field("days_since_update", Whole(1), unit="d"),
            Field("hours_since_update", Whole(1), unit="h"),
        ),
    ),
)

"""Glucose Service (0x1808, GLS 1.0.1)."""

from enum import IntEnum, IntFlag
from typing import Final

from devices.gatt.engine import Field, Flags, Table, Told
from devices.gatt.kinds import Bits, Clock, Code, Float, Nibbles, Whole
from devices.medfloat import SFLOAT

TIME_OFFSET_UNKNOWN: Final = frozenset({0x7FFF, -0x8000})
"""Overrun and underrun of Time Offset: the clock was moved by more minutes than a word holds."""


class SampleType(IntEnum):
    """What was measured."""

    CAPILLARY_WHOLE_BLOOD = 1
    CAPILLARY_PLASMA = 2
    VENOUS_WHOLE_BLOOD = 3
    VENOUS_PLASMA = 4
    ARTERIAL_WHOLE_BLOOD = 5
    ARTERIAL_PLASMA = 6
    UNDETERMINED_WHOLE_BLOOD = 7
    UNDETERMINED_PLASMA = 8
    INTERSTITIAL_FLUID = 9
    CONTROL_SOLUTION = 10


class SampleLocation(IntEnum):
    """Where it was taken."""

    FINGER = 1
    ALTERNATE_SITE = 2
    EARLOBE = 3
    CONTROL_SOLUTION = 4
    NOT_AVAILABLE = 15


class MeterStatus(IntFlag):
    """Sensor Status Annunciation (16 bits)."""

    BATTERY_LOW = 1 << 0
    SENSOR_MALFUNCTION = 1 << 1
    SAMPLE_TOO_SMALL = 1 << 2
    STRIP_INSERTION_ERROR = 1 << 3
    STRIP_TYPE_INCORRECT = 1 << 4
    RESULT_ABOVE_RANGE = 1 << 5
    RESULT_BELOW_RANGE = 1 << 6
    TEMPERATURE_TOO_HIGH = 1 << 7
    TEMPERATURE_TOO_LOW = 1 << 8
    READ_INTERRUPTED = 1 << 9
    GENERAL_FAULT = 1 << 10
    TIME_FAULT = 1 << 11


class MeterFeatures(IntFlag):
    """What the meter can tell (16 bits)."""

    LOW_BATTERY = 1 << 0
    SENSOR_MALFUNCTION = 1 << 1
    SAMPLE_SIZE = 1 << 2
    STRIP_INSERTION_ERROR = 1 << 3
    STRIP_TYPE_ERROR = 1 << 4
    RESULT_HIGH_LOW = 1 << 5
    TEMPERATURE_HIGH_LOW = 1 << 6
    READ_INTERRUPT = 1 << 7
    GENERAL_FAULT = 1 << 8
    TIME_FAULT = 1 << 9
    MULTIPLE_BONDS = 1 << 10


class Carbohydrate(IntEnum):
    """What was eaten."""

    BREAKFAST = 1
    LUNCH = 2
    DINNER = 3
    SNACK = 4
    DRINK = 5
    SUPPER = 6
    BRUNCH = 7


class Meal(IntEnum):
    """When, seen from a meal."""

    BEFORE = 1
    AFTER = 2
    FASTING = 3
    CASUAL = 4
    BEDTIME = 5


class Tester(IntEnum):
    """Who measured."""

    SELF = 1
    HEALTH_CARE_PROFESSIONAL = 2
    LABORATORY = 3
    NOT_AVAILABLE = 15


class Health(IntEnum):
    """How the person was."""

    MINOR_ISSUES = 1
    MAJOR_ISSUES = 2
    DURING_MENSES = 3
    UNDER_STRESS = 4
    NO_ISSUES = 5
    NOT_AVAILABLE = 15


class Medication(IntEnum):
    """Which insulin."""

    RAPID_ACTING = 1
    SHORT_ACTING = 2
    INTERMEDIATE_ACTING = 3
    LONG_ACTING = 4
    PRE_MIXED = 5


MEASUREMENT: Final = Table(
    code=0x2A18,
    name="Glucose Measurement",
    flags=Flags(told=(Told("unit", 2, "kg/L", "mol/L"), Told("context_follows", 4))),
    fields=(
        Field("sequence_number", Whole(2)),
        Field("timestamp", Clock()),
        Field("time_offset_minutes", Whole(2, signed=True), 0, unit="min"),
        Field("concentration", Float(SFLOAT), 1, unit="kg/L or mol/L, as `unit` says"),
        Field("type_and_location", Nibbles(SampleType, SampleLocation), 1),
        Field("measurement_status", Bits(2, MeterStatus), 3),
    ),
)
CONTEXT: Final = Table(
    code=0x2A34,
    name="Glucose Measurement Context",
    flags=Flags(told=(Told("medication_unit", 5, "kg", "L"),)),
    fields=(
        Field("sequence_number", Whole(2)),
        Field("extended_flags", Whole(1), 7),
        Field("carbohydrate", Code(Carbohydrate), 0),
        Field("carbohydrate_kg", Float(SFLOAT), 0, unit="kg"),
        Field("meal", Code(Meal), 1),
        Field("tester_and_health", Nibbles(Tester, Health), 2),
        Field("exercise_seconds", Whole(2), 3, unit="s"),
        Field("exercise_percent", Whole(1), 3, unit="%"),
        Field("medication", Code(Medication), 4),
        Field("medication_amount", Float(SFLOAT), 4, unit="kg or L"),
        Field("hba1c_percent", Float(SFLOAT), 6, unit="%"),
    ),
)
TABLES: Final = (
    MEASUREMENT,
    CONTEXT,
    Table(
        code=0x2A51,
        name="Glucose Feature",
        flags=Flags(octets=2, name="supported", names=MeterFeatures),
    ),
)

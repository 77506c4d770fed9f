"""The vital signs Chevet stores: one small integer each in the database, one LOINC code outside.

Sources: LOINC 2.77 (https://loinc.org), UCUM 2.1 (https://ucum.org). The integers are our own
contract with schema `vitals` and are never reused.
"""

from dataclasses import dataclass
from enum import IntEnum, IntFlag


class Vital(IntEnum):
    """A measured vital sign, by its code in the database."""

    SPO2 = 1
    PULSE = 2
    RESPIRATORY_RATE = 3
    TEMPERATURE = 4
    SYSTOLIC = 5
    DIASTOLIC = 6
    WEIGHT = 7


class Quality(IntFlag):
    """What is known against a value; 0 means nothing is."""

    QUESTIONABLE = 1
    INVALID = 2
    LOW_PERFUSION = 4
    TIME_FAULT = 8
    IMPLAUSIBLE = 16
    DEMONSTRATION = 32
    EARLY_ESTIMATE = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class VitalInfo:
    """How a vital sign is named, coded and written; `unit_shown` is the msgid of its unit.

    `lowest` and `highest` bound what a living person at home can show: a value outside is kept
    with `Quality.IMPLAUSIBLE`, never dropped (proposed bounds, wider than any device's range).
    """

    slug: str
    loinc: str
    ucum: str
    unit_shown: str
    decimals: int
    lowest: float
    highest: float


VITALS: dict[Vital, VitalInfo] = {
    Vital.SPO2: VitalInfo(
        slug="spo2", loinc="59408-5", ucum="%", unit_shown="%", decimals=0, lowest=30, highest=100
    ),
    Vital.PULSE: VitalInfo(
        slug="pulse",
        loinc="8889-8",
        ucum="/min",
        unit_shown="bpm",
        decimals=0,
        lowest=15,
        highest=300,
    ),
    Vital.RESPIRATORY_RATE: VitalInfo(
        slug="respiratory_rate",
        loinc="9279-1",
        ucum="/min",
        unit_shown="breaths/min",
        decimals=0,
        lowest=1,
        highest=90,
    ),
    Vital.TEMPERATURE: VitalInfo(
        slug="temperature",
        loinc="8310-5",
        ucum="Cel",
        unit_shown="°C",
        decimals=1,
        lowest=25,
        highest=45,
    ),
    Vital.SYSTOLIC: VitalInfo(
        slug="systolic",
        loinc="8480-6",
        ucum="mm[Hg]",
        unit_shown="mmHg",
        decimals=0,
        lowest=30,
        highest=300,
    ),
    Vital.DIASTOLIC: VitalInfo(
        slug="diastolic",
        loinc="8462-4",
        ucum="mm[Hg]",
        unit_shown="mmHg",
        decimals=0,
        lowest=10,
        highest=200,
    ),
    Vital.WEIGHT: VitalInfo(
        slug="weight",
        loinc="29463-7",
        ucum="kg",
        unit_shown="kg",
        decimals=1,
        lowest=1,
        highest=400,
    ),
}

VITAL_BY_SLUG: dict[str, Vital] = {info.slug: vital for vital, info in VITALS.items()}


def quality_of(vital: Vital, value: float, quality: Quality) -> Quality:
    """Add IMPLAUSIBLE to `quality` when `value` (in the vital's UCUM unit) is out of bounds."""
    info = VITALS[vital]
    if info.lowest <= value <= info.highest:
        return quality
    return quality | Quality.IMPLAUSIBLE

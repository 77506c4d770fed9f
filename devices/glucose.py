"""Glucose in blood: one amount, read in the three units people use, never without its unit.

The characteristic speaks in kg/L or mol/L. 1 kg/L = 1000 g/L, 1 g/L = 100 mg/dL, and
1 mmol/L = 0.1801559 g/L: the molar mass of D-glucose is 180.1559 g/mol (NIST Chemistry WebBook,
C6H12O6, https://webbook.nist.gov/cgi/cbook.cgi?ID=C50997). Amounts are fractions, so that going
to another unit and back changes nothing; only what is shown is rounded.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Final

from core.vitals import Quality
from devices.gatt.engine import Record
from devices.gatt.glucose import MEASUREMENT
from devices.medfloat import Number
from devices.observing import Reception, time_of
from devices.quality import quality_said

GRAMS_PER_MOLE: Final = Fraction("180.1559")


class Unit(StrEnum):
    """A unit of concentration, as UCUM writes it."""

    G_PER_L = "g/L"
    MG_PER_DL = "mg/dL"
    MMOL_PER_L = "mmol/L"
    KG_PER_L = "kg/L"
    MOL_PER_L = "mol/L"


_IN_G_PER_L: Final = {
    Unit.G_PER_L: Fraction(1),
    Unit.MG_PER_DL: Fraction(1, 100),
    Unit.MMOL_PER_L: GRAMS_PER_MOLE / 1000,
    Unit.KG_PER_L: Fraction(1000),
    Unit.MOL_PER_L: GRAMS_PER_MOLE,
}
_DECIMALS: Final = {
    Unit.G_PER_L: 2,
    Unit.MG_PER_DL: 0,
    Unit.MMOL_PER_L: 1,
    Unit.KG_PER_L: 5,
    Unit.MOL_PER_L: 4,
}


@dataclass(frozen=True, slots=True)
class Concentration:
    """An amount of glucose in `unit`."""

    amount: Fraction
    unit: Unit

    def to(self, unit: Unit) -> "Concentration":
        """Return the same concentration in another unit, exactly."""
        return Concentration(self.amount * _IN_G_PER_L[self.unit] / _IN_G_PER_L[unit], unit)

    def shown(self, language: str, unit: Unit = Unit.G_PER_L) -> str:
        """Return it as people read it, with its unit: « 1,05 g/L » in French."""
        amount = self.to(unit).amount
        exact = Decimal(amount.numerator) / Decimal(amount.denominator)
        rounded = exact.quantize(Decimal(1).scaleb(-_DECIMALS[unit]), ROUND_HALF_EVEN)
        text = f"{rounded:f}"
        return f"{text.replace('.', ',') if language == 'fr' else text}\u00a0{unit}"


def concentration_of(record: Record) -> Concentration | None:
    """Return what a Glucose Measurement says; None: it carries no number."""
    value = record.values.get("concentration")
    if record.code != MEASUREMENT.code or not isinstance(value, Number):
        return None
    return Concentration(Fraction(value.exact), Unit(str(record.values["unit"])))


def quality_of_glucose(record: Record, reception: Reception) -> Quality:
    """Return what is held against it: the meter's own words, its clock, no number at all."""
    quality = quality_said(record)
    if time_of(record, reception).fault:
        quality |= Quality.TIME_FAULT
    return quality if concentration_of(record) is not None else quality | Quality.INVALID

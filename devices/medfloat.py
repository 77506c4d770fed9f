"""IEEE 11073-20601 floats: SFLOAT (12-bit mantissa, 4-bit exponent) and FLOAT (24 and 8).

Mantissa and exponent are kept apart so that encoding gives back the very bytes (100 % is sent as
100e0 by one device and as 1000e-1 by another), and the five words that are no number stay distinct.
Source: Bluetooth GATT Specification Supplement, medfloat16 and medfloat32.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from enum import Enum
from typing import Final, TypeAlias, assert_never


class NotANumber(Enum):
    """A word that is no number; its value is its distance from the middle of the mantissas."""

    POSITIVE_INFINITY = -2
    NAN = -1
    NOT_AT_THIS_RESOLUTION = 0
    RESERVED = 1
    NEGATIVE_INFINITY = 2


@dataclass(frozen=True, slots=True)
class Number:
    """`mantissa` x 10^`exponent`."""

    mantissa: int
    exponent: int = 0

    @property
    def exact(self) -> Decimal:
        """The value, without any rounding."""
        return Decimal(self.mantissa).scaleb(self.exponent)

    @property
    def value(self) -> float:
        """The nearest float, as if the decimal text had been read."""
        return float(self.exact)

    @classmethod
    def of(cls, value: float | Decimal, *, decimals: int = 0) -> "Number":
        """Return `value` rounded to `decimals` places, a tie to the even neighbour."""
        scaled = Decimal(str(value)).scaleb(decimals)
        return cls(int(scaled.to_integral_value(ROUND_HALF_EVEN)), -decimals)


Medfloat: TypeAlias = Number | NotANumber


@dataclass(frozen=True, slots=True)
class Format:
    """How many bits hold the mantissa and how many the exponent, both two's complement."""

    name: str
    mantissa_bits: int
    exponent_bits: int

    @property
    def octets(self) -> int:
        """Bytes of a word."""
        return (self.mantissa_bits + self.exponent_bits) // 8

    def decode(self, word: int) -> Medfloat:
        """Read one word, of which every value means something."""
        middle = 1 << (self.mantissa_bits - 1)
        distance = word - middle
        if abs(distance) <= _FARTHEST:
            return NotANumber(distance)
        mantissa, exponent = word & (2 * middle - 1), word >> self.mantissa_bits
        return Number(_signed(mantissa, self.mantissa_bits), _signed(exponent, self.exponent_bits))

    def encode(self, value: Medfloat) -> int:
        """Return the word of `value`; ValueError when this format has none for it."""
        middle = 1 << (self.mantissa_bits - 1)
        match value:
            case NotANumber():
                return middle + value.value
            case Number(mantissa=mantissa, exponent=exponent):
                mask = 2 * middle - 1
                word = (mantissa & mask) | exponent << self.mantissa_bits
                word &= (1 << (self.mantissa_bits + self.exponent_bits)) - 1
                if self.decode(word) != value:
                    raise ValueError(f"{mantissa}e{exponent} is no {self.name}")
                return word
            case _:
                assert_never(value)


_FARTHEST: Final = 2
SFLOAT: Final = Format("SFLOAT", 12, 4)
FLOAT: Final = Format("FLOAT", 24, 8)


def _signed(raw: int, bits: int) -> int:
    return raw - (1 << bits) if raw >> (bits - 1) else raw

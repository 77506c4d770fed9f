"""IEEE 11073-20601 SFLOAT: 12-bit mantissa, 4-bit decimal exponent, five words that are no number.

Mantissa and exponent are kept apart so that encoding gives back the very bytes (100 % is sent as
100e0 by one device and as 1000e-1 by another), and the five special words stay distinct values.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from enum import IntEnum
from typing import TypeAlias, assert_never


class NotANumber(IntEnum):
    """The special words (Bluetooth GATT Specification Supplement, medfloat16)."""

    POSITIVE_INFINITY = 0x07FE
    NAN = 0x07FF
    NOT_AT_THIS_RESOLUTION = 0x0800
    RESERVED = 0x0801
    NEGATIVE_INFINITY = 0x0802


_SPECIAL_WORDS = frozenset(int(word) for word in NotANumber)
MANTISSA_MIN, MANTISSA_MAX = -2048, 2047
EXPONENT_MIN, EXPONENT_MAX = -8, 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """`mantissa` x 10^`exponent`; the special words are never a Number."""

    mantissa: int
    exponent: int

    def __post_init__(self) -> None:
        """Refuse what 16 bits cannot carry (a programming error, never an input)."""
        if not MANTISSA_MIN <= self.mantissa <= MANTISSA_MAX:
            raise ValueError(f"mantissa {self.mantissa} does not fit 12 bits")
        if not EXPONENT_MIN <= self.exponent <= EXPONENT_MAX:
            raise ValueError(f"exponent {self.exponent} does not fit 4 bits")
        if self.exponent == 0 and (self.mantissa & 0x0FFF) in _SPECIAL_WORDS:
            raise ValueError(f"{self.mantissa}e0 is a special word")

    @property
    def value(self) -> float:
        """The nearest float, as if the decimal text had been read."""
        return float(Decimal(self.mantissa).scaleb(self.exponent))

    @classmethod
    def of(cls, value: float, *, decimals: int = 0) -> "Number":
        """Return `value` rounded to `decimals` places; ValueError if it does not fit."""
        scaled = Decimal(str(value)).scaleb(decimals)
        return cls(mantissa=int(scaled.to_integral_value(ROUND_HALF_EVEN)), exponent=-decimals)


Sfloat: TypeAlias = Number | NotANumber


def decode_sfloat(word: int) -> Sfloat:
    """Read one 16-bit word (already little-endian decoded)."""
    if word in _SPECIAL_WORDS:
        return NotANumber(word)
    mantissa, exponent = word & 0x0FFF, word >> 12
    return Number(
        mantissa=mantissa - 0x1000 if mantissa >= 0x0800 else mantissa,
        exponent=exponent - 0x10 if exponent >= 0x8 else exponent,
    )


def encode_sfloat(sfloat: Sfloat) -> int:
    """Return the 16-bit word of `sfloat`."""
    match sfloat:
        case NotANumber():
            return int(sfloat)
        case Number(mantissa=mantissa, exponent=exponent):
            return (exponent & 0xF) << 12 | mantissa & 0x0FFF
        case _:
            assert_never(sfloat)

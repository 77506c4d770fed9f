"""Weight Scale Service (0x181D, WSS 1.0)."""

from decimal import Decimal
from enum import IntFlag
from typing import Final

from devices.gatt.engine import Field, Flags, Table, Told
from devices.gatt.kinds import Clock, Either, Whole

UNSUCCESSFUL: Final = 0xFFFF
"""The word of a weight that could not be measured (WSS 1.0, 3.2.1.2)."""


class ScaleFeatures(IntFlag):
    """What the scale can send; bits 3-6 and 7-9 are codes of its resolutions (32 bits)."""

    TIMESTAMP = 1 << 0
    MULTIPLE_USERS = 1 << 1
    BODY_MASS_INDEX = 1 << 2


def _steps(zero: str, one: str, unknown: int | None = None) -> Either:
    """Steps in SI units where the flag is 0, in imperial units where it is 1."""
    return Either(
        0,
        Whole(2, step=Decimal(zero), unknown=unknown),
        Whole(2, step=Decimal(one), unknown=unknown),
    )


MEASUREMENT: Final = Table(
    code=0x2A9D,
    name="Weight Measurement",
    flags=Flags(told=(Told("unit", 0, "kg", "[lb_av]"),)),
    fields=(
        Field("weight", _steps("0.005", "0.01", UNSUCCESSFUL), unit="kg or [lb_av]"),
        Field("timestamp", Clock(), 1),
        Field("user_id", Whole(1), 2),
        Field("body_mass_index", Whole(2, step=Decimal("0.1")), 3, unit="kg/m2"),
        Field("height", _steps("0.001", "0.1"), 3, unit="m, or [in_i] with [lb_av]"),
    ),
)
TABLES: Final = (
    MEASUREMENT,
    Table(
        code=0x2A9E,
        name="Weight Scale Feature",
        flags=Flags(octets=4, name="supported", names=ScaleFeatures),
    ),
)

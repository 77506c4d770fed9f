"""National numbers and their keys: INS (NIR, NIA), RPPS, ADELI, FINESS.

A number is either right or refused with a reason that a person can act on; none is repaired.
"""

import re
from dataclasses import dataclass
from typing import Final, Literal

from stdnum import luhn
from stdnum.exceptions import InvalidChecksum, ValidationError
from stdnum.fr import nir

InsKind = Literal["nir", "nia", "test"]

INS_OIDS: Final[dict[str, str]] = {
    "nir": "1.2.250.1.213.1.4.8",
    "nia": "1.2.250.1.213.1.4.9",
    "test": "1.2.250.1.213.1.4.10",
}
"""OID of the authority that gave the number (ANS, référentiel INS, annexe of the OIDs)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ins:
    """A matricule INS with its authority."""

    number: str
    oid: str


@dataclass(frozen=True, slots=True)
class WrongNumber:
    """The number is not one; `reason` is a text of the interface, in English."""

    reason: str


def parse_ins(raw: str, oid: str = INS_OIDS["nir"]) -> Ins | WrongNumber:
    """Read a matricule of 15 characters with its key; spaces and dots are left out.

    Corsica (2A, 2B) is understood. The key is 97 minus the rest of the number by 97 (INSEE).
    """
    if oid not in INS_OIDS.values():
        return WrongNumber("This is not an authority that gives INS numbers.")
    try:
        number = nir.validate(raw)
    except InvalidChecksum:
        return WrongNumber("The key (the last two digits) does not fit the INS number.")
    except ValidationError:
        return WrongNumber("An INS number has 13 characters and a key of two digits.")
    if number[0] in "09":
        return WrongNumber("An INS number has 13 characters and a key of two digits.")
    return Ins(number=number, oid=oid)


def parse_rpps(raw: str) -> str | WrongNumber:
    """Read an RPPS number: 11 digits, the last a Luhn key (ANS)."""
    number = re.sub(r"\s", "", raw)
    if not re.fullmatch(r"[0-9]{11}", number):
        return WrongNumber("An RPPS number has 11 digits.")
    if not luhn.is_valid(number):
        return WrongNumber("The key (the last digit) does not fit the RPPS number.")
    return number


def parse_adeli(raw: str) -> str | WrongNumber:
    """Read an ADELI number of 9 characters, the number before RPPS: department, then 7 digits."""
    number = re.sub(r"\s", "", raw).upper()
    if not re.fullmatch(r"[0-9][0-9AB][0-9]{7}", number):
        return WrongNumber("An ADELI number has 9 digits.")
    return number


def parse_finess(raw: str) -> str | WrongNumber:
    """Read a FINESS number: department, 6 digits and a Luhn key; in Corsica A is 1 and B is 2."""
    number = re.sub(r"\s", "", raw).upper()
    if not re.fullmatch(r"[0-9][0-9AB][0-9]{7}", number):
        return WrongNumber("A FINESS number has 9 characters.")
    if not luhn.is_valid(number.replace("A", "1").replace("B", "2")):
        return WrongNumber("The key (the last digit) does not fit the FINESS number.")
    return number


def say_ins(number: str) -> str:
    """Write a matricule in its groups, « 2 77 07 63 220 829 10 »."""
    return nir.format(number)

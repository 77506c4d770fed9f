"""The sheet read out to the SAMU (fiche SAMU): which number is dialled. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Dial:
    """The ten digits of the SAMU of the patient's département."""

    department: str
    number: str


@dataclass(frozen=True, slots=True)
class NoSamuNumber:
    """His département is known, its number is not set here."""

    department: str


@dataclass(frozen=True, slots=True)
class NoDepartment:
    """Nobody has said in which département he lives."""


def whom_to_dial(department: str, numbers: Mapping[str, str]) -> Dial | NoSamuNumber | NoDepartment:
    """Return the number of a département; 15 is right only for whoever dials it from there."""
    if not department:
        return NoDepartment()
    number = numbers.get(department)
    return Dial(department, number) if number else NoSamuNumber(department)

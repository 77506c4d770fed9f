"""What may be asked of the search for patients, and what it tells."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from identity.names import fold
from identity.numbers import INS_OIDS, Ins, WrongNumber, parse_ins
from identity.people import InsStatus, Sex

FEWEST_LETTERS: Final = 2
"""Of the name and of the first name (rule of Terr-eSanté, its user guide)."""
MOST_FOUND: Final = 10
"""People shown for one search (proposed): more means that more must be asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ByTraits:
    """Search by the beginning of a birth or used name, of a first name, and a birth date."""

    name: str
    first_name: str
    birth_date: date


@dataclass(frozen=True, slots=True)
class ByIns:
    """Search by matricule INS."""

    ins: Ins


@dataclass(frozen=True, slots=True)
class NotEnough:
    """The search cannot be made; `field` is what to mend, `reason` a text of the interface."""

    field: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPatient:
    """What a search tells of a person, and no more; `in_my_circle` says the record is open."""

    patient_id: UUID
    birth_name: str
    birth_first_names: str
    used_name: str | None
    used_first_name: str | None
    birth_date: date
    sex: Sex
    ins_status: InsStatus
    in_my_circle: bool
    is_archived: bool = False


def parse_search(
    name: str, first_name: str, birth_date: str, ins: str
) -> ByTraits | ByIns | NotEnough:
    """Read a filled-in search; an INS number, when given, is all that counts."""
    if ins.strip():
        found = parse_ins(ins, INS_OIDS["nir"])
        return NotEnough("ins", found.reason) if isinstance(found, WrongNumber) else ByIns(found)
    if len(fold(name)) < FEWEST_LETTERS:
        return NotEnough("name", "Enter at least two letters of the name.")
    if len(fold(first_name)) < FEWEST_LETTERS:
        return NotEnough("first_name", "Enter at least two letters of the first name.")
    born = parse_day(birth_date)
    if born is None:
        return NotEnough("birth_date", "Enter the birth date as day, month and year.")
    return ByTraits(name=name, first_name=first_name, birth_date=born)


def parse_day(raw: str) -> date | None:
    """Read a day as a browser sends it (1951-04-02) or as people write it (02/04/1951)."""
    text = raw.strip()
    french = re.fullmatch(r"(\d{1,2})[/. -](\d{1,2})[/. -](\d{4})", text)
    try:
        if french:
            day, month, year = (int(part) for part in french.groups())
            return date(year, month, day)
        return date.fromisoformat(text)
    except ValueError:
        return None

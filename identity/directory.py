"""Words of the national directory: entries of an extract, and what of it was refused.

Codes and systems: Nomenclatures des objets de santé (ANS): TRE_G15 profession, TRE_R38 specialty,
TRE_R23 way of practising, TRE_R02 sector of activity.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from core.access import Role
from identity.numbers import WrongNumber, parse_adeli, parse_finess, parse_rpps

PROFESSION_LABELS: Final[dict[str, str]] = {
    "10": "Doctor",
    "21": "Pharmacist",
    "40": "Dental surgeon",
    "50": "Midwife",
    "60": "Nurse",
    "70": "Physiotherapist",
    "80": "Podiatrist",
    "91": "Speech therapist",
    "92": "Orthoptist",
    "93": "Psychologist",
    "94": "Occupational therapist",
    "95": "Dietitian",
    "96": "Psychomotor therapist",
}
"""TRE_G15-ProfessionSante, those who take part in care at home; others keep their code."""

SECTOR_KINDS: Final[Mapping[str, str]] = {
    "SA01": "hospital",
    "SA02": "hospital",
    "SA03": "hospital",
    "SA04": "hospital",
    "SA05": "health_centre",
    "SA07": "practice",
    "SA08": "practice",
    "SA09": "practice",
    "SA25": "laboratory",
    "SA33": "pharmacy",
}
"""TRE_R02-SecteurActivite, those that matter here (proposed); any other is « other »."""

ORGANISATION_KIND_LABELS: Final[dict[str, str]] = {
    "hospital": "Hospital",
    "practice": "Practice",
    "pharmacy": "Pharmacy",
    "laboratory": "Laboratory",
    "health_centre": "Health centre",
    "nursing_home": "Nursing home",
    "home_care": "Home care",
    "telemonitoring_centre": "Telemonitoring centre",
    "dac": "Coordination support service (DAC)",
    "social": "Social service",
    "other": "Other organisation",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationEntry:
    """An organisation of an extract; `parent` is a key such as « id:481677 »."""

    ref: str
    directory_id: str | None
    finess: str | None
    national_id: str | None
    name: str
    kind: str
    sector: str | None
    parent: str | None
    mssante: str | None
    active: bool
    postcode: str | None = None
    town: str | None = None
    commune: str | None = None
    phone: str | None = None

    @property
    def keys(self) -> tuple[str, ...]:
        """What it can be called by, the surest first."""
        return _keys(finess=self.finess, nst=self.national_id, id=self.directory_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfessionalEntry:
    """A professional of an extract."""

    ref: str
    directory_id: str | None
    rpps: str | None
    adeli: str | None
    family_name: str
    given_names: str
    civility: str | None
    profession: str | None
    specialty: str | None
    mssante: str | None
    active: bool

    @property
    def keys(self) -> tuple[str, ...]:
        """What he can be called by, the surest first."""
        return _keys(rpps=self.rpps, adeli=self.adeli, id=self.directory_id)

    @property
    def shown_name(self) -> str:
        """Name in a sentence, with the title of a doctor or a professor."""
        title = {"DR": "Dr", "PR": "Pr"}.get((self.civility or "").upper().rstrip("."))
        return " ".join(part for part in (title, self.given_names, self.family_name) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class PostEntry:
    """A professional in an organisation; both are keys such as « rpps:… » or « id:… »."""

    ref: str
    directory_id: str
    professional: str
    organisation: str
    function_code: str | None
    practice_mode: str | None
    starts_on: date | None
    ends_on: date | None
    active: bool


@dataclass(frozen=True, slots=True)
class Refusal:
    """What was not taken: where it stands, and why, a text of the interface in English."""

    ref: str
    reason: str


@dataclass(slots=True)
class Extract:
    """What an extract holds, once read."""

    organisations: list[OrganisationEntry] = field(default_factory=list)
    professionals: list[ProfessionalEntry] = field(default_factory=list)
    posts: list[PostEntry] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What an import did, as it is kept."""

    id: UUID
    at: datetime
    format: str
    source: str
    dry_run: bool
    created: int
    updated: int
    unchanged: int
    ended: int
    closed: int
    refused: list[dict[str, Any]]


def _keys(**numbers: str | None) -> tuple[str, ...]:
    return tuple(f"{kind}:{number}" for kind, number in numbers.items() if number)


def wrong_numbers(entry: OrganisationEntry | ProfessionalEntry) -> str | None:
    """Return why an entry is refused for its numbers or name, or None."""
    if isinstance(entry, OrganisationEntry):
        if not entry.name:
            return "It has no name."
        found = parse_finess(entry.finess) if entry.finess else ""
        if not entry.finess and not entry.national_id:
            return "It has neither a FINESS number nor a national identifier."
    else:
        if not entry.family_name:
            return "It has no family name."
        if not entry.rpps and not entry.adeli:
            return "It has neither an RPPS nor an ADELI number."
        found = parse_rpps(entry.rpps) if entry.rpps else parse_adeli(entry.adeli or "")
    return found.reason if isinstance(found, WrongNumber) else None


def role_of(profession: str | None, specialty: str | None, kind: str, mode: str | None) -> str:
    """Return the role a post has here by profession and place, empty where there is none.

    Proposed: doctors of a hospital are its doctors, any other the GP's role; nurses have a role
    here when they work in private practice (mode L) or for home care, not on a ward.
    """
    if profession == "10":
        return Role.HOSPITAL_DOCTOR if kind == "hospital" else Role.GP
    if profession == "60":
        at_home = mode == "L" or kind in ("practice", "home_care", "health_centre")
        return Role.HOME_NURSE if at_home else ""
    return {"21": str(Role.PHARMACIST), "70": str(Role.PHYSIOTHERAPIST)}.get(profession or "", "")


def place_of(postcode: object, town: object, commune: object) -> dict[str, str | None]:
    """Return where an organisation is, each part that has the shape it must have."""
    post, code = str(postcode or "").strip(), str(commune or "").strip().upper()
    return {
        "postcode": post if re.fullmatch(r"[0-9]{5}", post) else None,
        "town": " ".join(str(town or "").split()) or None,
        "commune": code if re.fullmatch(r"([0-9]{2}|2A|2B)[0-9]{3}", code) else None,
    }


def mssante_of(address: str | None) -> str | None:
    """Return an address of the secured mail, or None: an ordinary address is not kept."""
    found = (address or "").strip()
    domain = found.rpartition("@")[2].lower()
    return found if "@" in found and "mssante" in domain and " " not in found else None

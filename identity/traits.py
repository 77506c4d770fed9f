"""The traits of a patient and the rules of their status (ANS: référentiel INS, RNIV 1)."""

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from identity.numbers import Ins
from identity.people import (
    IdentityDocument,
    IdentitySource,
    InsStatus,
    PatientTraits,
    Sex,
)

SURE: Final[frozenset[InsStatus]] = frozenset({"validated", "qualified"})
"""Statuses of an identity that a document has proved."""
WITH_INS: Final[frozenset[InsStatus]] = frozenset({"recovered", "qualified"})
"""Statuses of an identity that the INSi service has given: only these carry a matricule."""

STRICT: Final = (
    "birth_name",
    "birth_first_names",
    "birth_first_name",
    "birth_date",
    "sex",
    "birth_place",
)
"""The strict traits (référentiel INS), without the matricule."""


@dataclass(frozen=True, slots=True)
class NotThisStatus:
    """The identity cannot have that status; `reason` is a text of the interface, in English."""

    reason: str


def new_traits(
    *,
    patient_id: UUID,
    birth_name: str,
    birth_first_names: str,
    birth_date: date,
    sex: Sex,
    birth_first_name: str | None = None,
    used_name: str | None = None,
    used_first_name: str | None = None,
    birth_place: str | None = None,
    ins: Ins | None = None,
    ins_status: InsStatus = "provisional",
    is_doubtful: bool = False,
    is_fictitious: bool = False,
    is_homonym: bool = False,
    document: IdentityDocument | None = None,
    phone: str | None = None,
) -> PatientTraits:
    """Return the first version of an identity; its source follows from what is known."""
    source: IdentitySource = "insi" if ins else "document" if document else "declared"
    return PatientTraits(
        patient_id=patient_id,
        birth_name=birth_name,
        birth_first_names=birth_first_names,
        birth_first_name=birth_first_name or birth_first_names.split()[0],
        used_name=used_name,
        used_first_name=used_first_name,
        birth_date=birth_date,
        sex=sex,
        birth_place=birth_place,
        ins=ins.number if ins else None,
        ins_oid=ins.oid if ins else None,
        ins_status=ins_status,
        is_homonym=is_homonym,
        is_doubtful=is_doubtful,
        is_fictitious=is_fictitious,
        source=source,
        document=document,
        validated_at=None,
        version=1,
        phone=phone,
    )


def check_status(
    status: InsStatus,
    *,
    ins: str | None,
    document: IdentityDocument | None,
    is_doubtful: bool,
    is_fictitious: bool,
) -> NotThisStatus | None:
    """Return why an identity cannot have `status`, or None when it can.

    Qualified is validated and recovered at once. A doubtful or fictitious identity proves nobody.
    """
    if status in SURE and (is_doubtful or is_fictitious):
        return NotThisStatus("A doubtful or fictitious identity cannot be validated.")
    if status in SURE and document is None:
        return NotThisStatus("Say which identity document you have seen.")
    if status in WITH_INS and ins is None:
        return NotThisStatus("Without an INS number an identity is not recovered.")
    if ins is not None and status not in WITH_INS:
        return NotThisStatus("An INS number belongs to a recovered or qualified identity.")
    return None


def status_of(*, ins: str | None, document: IdentityDocument | None) -> InsStatus:
    """Return the status that follows from what has been seen: a document, an INS, both, none."""
    if ins is not None:
        return "qualified" if document else "recovered"
    return "validated" if document else "provisional"


def may_change_traits(traits: PatientTraits, *, is_master: bool) -> bool:
    """Whether the strict traits may be changed here; once validated only a master may."""
    return is_master or traits.validated_at is None

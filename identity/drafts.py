"""A filled-in identity: what the form says, read into traits or into what is to be mended."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, cast, get_args
from uuid import UUID

from identity.names import fold
from identity.numbers import INS_OIDS, Ins, WrongNumber, parse_ins
from identity.people import IdentityDocument, PatientTraits, Sex
from identity.search import parse_day
from identity.traits import new_traits, status_of

FIELDS: Final = (
    "birth_name",
    "birth_first_names",
    "birth_first_name",
    "used_name",
    "used_first_name",
    "birth_date",
    "sex",
    "birth_place",
    "ins",
    "ins_kind",
    "document",
    "phone",
    "is_homonym",
    "is_doubtful",
    "is_fictitious",
)
EARLIEST_BIRTH: Final = date(1900, 1, 1)


@dataclass(frozen=True, slots=True)
class Mend:
    """What is to be mended: field to reason, a text of the interface in English."""

    problems: dict[str, str]


def read_draft(
    given: Mapping[str, str], patient: UUID, today: date, current: PatientTraits | None = None
) -> PatientTraits | Mend:
    """Read a filled-in identity; `current` is the one it changes, whose version it keeps.

    The status follows from what was seen: a document, an INS number, both or none. A doubt takes
    both away.
    """
    text = {field: " ".join(given.get(field, "").split()) for field in FIELDS}
    doubt = bool(text["is_doubtful"] or text["is_fictitious"])
    problems = _problems(text, today)
    ins = None if doubt or not text["ins"] else _ins(text)
    if isinstance(ins, WrongNumber):
        problems["ins"] = ins.reason
        ins = None
    if problems:
        return Mend(problems)
    document = cast(IdentityDocument | None, None if doubt else text["document"] or None)
    born = parse_day(text["birth_date"])
    first_names = text["birth_first_names"].replace(",", " ")
    draft = new_traits(
        patient_id=patient,
        birth_name=text["birth_name"],
        birth_first_names=" ".join(first_names.split()),
        birth_first_name=text["birth_first_name"] or None,
        used_name=text["used_name"] or None,
        used_first_name=text["used_first_name"] or None,
        birth_date=born or today,
        sex=cast(Sex, text["sex"]),
        birth_place=text["birth_place"].upper() or None,
        ins=ins,
        ins_status=status_of(ins=ins.number if ins else None, document=document),
        is_homonym=bool(text["is_homonym"]),
        is_doubtful=bool(text["is_doubtful"]),
        is_fictitious=bool(text["is_fictitious"]),
        document=document,
        phone=re.sub(r"[ .-]", "", text["phone"]) or None,
    )
    return draft if current is None else replace(draft, version=current.version)


def _ins(text: Mapping[str, str]) -> Ins | WrongNumber:
    return parse_ins(text["ins"], INS_OIDS.get(text["ins_kind"] or "nir", ""))


def _problems(text: Mapping[str, str], today: date) -> dict[str, str]:
    problems = {}
    for field in ("birth_name", "birth_first_names"):
        if not fold(text[field]):
            problems[field] = "Enter the name as on the identity document."
    first, firsts = fold(text["birth_first_name"]), fold(text["birth_first_names"])
    if first and not firsts.startswith(first):
        problems["birth_first_name"] = "The first of the first names is not among them."
    born = parse_day(text["birth_date"])
    if born is None:
        problems["birth_date"] = "Enter the birth date as day, month and year."
    elif not EARLIEST_BIRTH <= born <= today:
        problems["birth_date"] = "Nobody alive was born on that day."
    if text["sex"] not in get_args(Sex):
        problems["sex"] = "Choose the sex as on the identity document."
    if text["birth_place"] and not re.fullmatch(r"(\d{2}|2[ABab])\d{3}", text["birth_place"]):
        problems["birth_place"] = "An INSEE code has five characters; abroad it begins with 99."
    if text["document"] and text["document"] not in get_args(IdentityDocument):
        problems["document"] = "Choose a document of the list."
    if text["phone"] and not re.fullmatch(r"\+?[\d .-]{6,20}", text["phone"]):
        problems["phone"] = "Enter the telephone number in digits."
    return problems


def fields_of(traits: PatientTraits) -> dict[str, str]:
    """Return an identity as the fields of its form."""
    kinds = {oid: kind for kind, oid in INS_OIDS.items()}
    plain = {field: getattr(traits, field, None) for field in FIELDS}
    return {
        **{field: _text(value) for field, value in plain.items()},
        "ins_kind": kinds.get(traits.ins_oid or "", "nir"),
    }


def _text(value: object) -> str:
    if value is None or value is False:
        return ""
    return "yes" if value is True else str(value)

"""The way into a home and what a rescuer is told of its patient: a form read. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Final

from core.samu import department_of, is_department

LONGEST: Final[dict[str, int]] = {
    "address": 200,
    "commune": 100,
    "floor": 60,
    "door_code": 60,
    "allergies": 500,
    "treatments": 1000,
    "directives": 300,
    "gp": 160,
}
FIELDS: Final = (*LONGEST, "postcode", "department", "usual_spo2", "oxygen")
PROBLEM_SENTENCES: Final[dict[str, str]] = {
    "postcode": "A postcode has five digits, for example 75013.",
    "department": "This is not the code of a département: 75, 2A, 974.",
    "usual_spo2": "Enter the usual SpO₂ as a whole percentage from 50 to 100.",
    "oxygen": "Enter the flow in litres a minute, from 0 to 15; 0 says that there is none.",
    "long": "This is too long: shorten it.",
    "changed": "Somebody else has changed the sheet meanwhile. Your words are kept: look at his,"
    " then save again.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """What was noted; empty and None: nobody has said. Flow in L/min (0: none), SpO2 in percent."""

    address: str = ""
    postcode: str = ""
    commune: str = ""
    department: str = ""
    floor: str = ""
    door_code: str = ""
    usual_spo2_percent: int | None = None
    oxygen_l_min: Decimal | None = None
    allergies: str = ""
    treatments: str = ""
    directives: str = ""
    gp: str = ""
    version: int = 0
    changed_at: datetime | None = None

    def as_typed(self) -> dict[str, str]:
        """Return what the form shows."""
        texts = {field: str(getattr(self, field)) for field in (*LONGEST, "postcode", "department")}
        spo2, oxygen = self.usual_spo2_percent, self.oxygen_l_min
        return {
            **texts,
            "usual_spo2": "" if spo2 is None else str(spo2),
            "oxygen": "" if oxygen is None else f"{oxygen.normalize():f}".replace(".", ","),
        }


@dataclass(frozen=True, slots=True)
class MendHome:
    """What is to be mended: field to sentence, an English msgid."""

    problems: dict[str, str]


def read_home(given: Mapping[str, str], version: int) -> Home | MendHome:
    """Read a filled-in form; without a département the postcode says it."""
    text = {field: given.get(field, "").strip() for field in FIELDS}
    postcode = text["postcode"].replace(" ", "")
    department = text["department"].upper() or department_of(postcode) or ""
    spo2, oxygen = _percent(text["usual_spo2"]), _flow(text["oxygen"])
    wrong = {
        "postcode": bool(postcode) and not re.fullmatch(r"[0-9]{5}", postcode),
        "department": bool(department) and not is_department(department),
        "usual_spo2": bool(text["usual_spo2"]) and spo2 is None,
        "oxygen": bool(text["oxygen"]) and oxygen is None,
    }
    problems = {field: PROBLEM_SENTENCES[field] for field, bad in wrong.items() if bad}
    long = [field for field, most in LONGEST.items() if len(text[field]) > most]
    problems |= dict.fromkeys(long, PROBLEM_SENTENCES["long"])
    if problems:
        return MendHome(problems)
    return Home(
        address=text["address"],
        commune=text["commune"],
        floor=text["floor"],
        door_code=text["door_code"],
        allergies=text["allergies"],
        treatments=text["treatments"],
        directives=text["directives"],
        gp=text["gp"],
        postcode=postcode,
        department=department,
        usual_spo2_percent=spo2,
        oxygen_l_min=oxygen,
        version=version,
    )


def _percent(typed: str) -> int | None:
    digits = typed.removesuffix("%").strip()
    if not re.fullmatch(r"[0-9]{1,3}", digits):
        return None
    return int(digits) if 50 <= int(digits) <= 100 else None


def _flow(typed: str) -> Decimal | None:
    try:
        flow = Decimal(typed.replace(",", "."))
    except InvalidOperation:
        return None
    return flow.quantize(Decimal("0.1")) if flow.is_finite() and 0 <= flow <= 15 else None

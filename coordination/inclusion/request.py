"""A demande de télésuivi: what it says, what a form may say, and where it can go. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Final, Literal
from uuid import UUID

from coordination.inclusion.programmes import find_programme

State = Literal["sent", "accepted", "refused", "withdrawn"]
MOST_OXYGEN: Final = Decimal(15)
"""Litres a minute; no concentrator or bottle at home gives more."""
SHORTEST_REASON: Final = 3
LONGEST_REASON: Final = 2000
LONGEST_NOTE: Final = 1000


class Refusal(StrEnum):
    """Why a centre refuses (proposed list)."""

    NOT_ELIGIBLE = "not_eligible"
    NO_CAPACITY = "no_capacity"
    PATIENT_REFUSES = "patient_refuses"
    UNREACHABLE = "unreachable"
    ALREADY_FOLLOWED = "already_followed"
    OTHER = "other"


REFUSAL_LABELS: Final[dict[str, str]] = {
    Refusal.NOT_ELIGIBLE: "Not eligible for a follow-up at home",
    Refusal.NO_CAPACITY: "No place at the centre now",
    Refusal.PATIENT_REFUSES: "The person refuses",
    Refusal.UNREACHABLE: "The person cannot be reached",
    Refusal.ALREADY_FOLLOWED: "Already followed",
    Refusal.OTHER: "Other reason, in the note",
}
RISK_LABELS: Final[dict[str, str]] = {
    "usual": "Usual risk",
    "raised": "Raised risk",
    "high": "High risk",
}
PROBLEM_SENTENCES: Final[dict[str, str]] = {
    "centre": "Choose the centre.",
    "programme": "Choose a programme.",
    "reason": "Say why, in a sentence.",
    "risk": "Choose a level of risk.",
    "phone": "Enter the telephone number in digits.",
    "patient_told": "Without the person's knowledge nothing is asked.",
    "birth_date": "Enter the birth date as day, month and year.",
    "sex": "Choose the sex as on the identity document.",
    "oxygen": "Enter the flow in litres a minute, from 0.1 to 15.",
    "name": "Enter the name as on the identity document.",
    "day": "Enter a day.",
}
STATE_LABELS: Final[dict[str, str]] = {
    "sent": "Waiting for the centre",
    "accepted": "Accepted",
    "refused": "Refused by the centre",
    "withdrawn": "Withdrawn",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Whom a request is for, as far as the requester knows."""

    birth_name: str
    first_name: str
    birth_date: date
    sex: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is asked; `person` is None when it is the patient of a record."""

    centre: UUID
    person: Person | None
    phone: str
    programme: str
    risk: str
    reason: str
    discharge_on: date | None
    oxygen_l_min: Decimal | None
    patient_told: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request as its requester and its centre read it."""

    id: UUID
    mine: bool
    centre: UUID
    centre_name: str
    requested_by: UUID
    requester_name: str
    requester_role: str
    organisation_name: str
    patient_id: UUID | None
    birth_name: str
    first_name: str
    birth_date: date
    sex: str
    phone: str
    programme: str
    risk: str
    reason: str
    discharge_on: date | None
    oxygen_l_min: Decimal | None
    sent_at: datetime
    state: State
    decided_at: datetime | None
    decided_by_name: str | None
    refusal: str | None
    note: str
    inclusion_id: UUID | None
    inclusion_state: str | None

    @property
    def name(self) -> str:
        """Name as shown to people: family name in capitals."""
        return f"{self.birth_name.upper()} {self.first_name}"


@dataclass(frozen=True, slots=True)
class Mend:
    """What is to be mended: field to reason, an English msgid."""

    problems: dict[str, str]


def next_states(state: State) -> frozenset[State]:
    """Return where a request can go from a state: once decided, nowhere."""
    return frozenset({"accepted", "refused", "withdrawn"}) if state == "sent" else frozenset()


def read_wish(given: Mapping[str, str], *, known: bool, today: date) -> Wish | Mend:
    """Read a filled-in form; `known`: for the patient of a record, whose name is not asked."""
    problems: dict[str, str] = {}
    centre = _uuid(given.get("centre", ""))
    if centre is None:
        problems["centre"] = PROBLEM_SENTENCES["centre"]
    if find_programme(given.get("programme", "")) is None:
        problems["programme"] = PROBLEM_SENTENCES["programme"]
    reason = given.get("reason", "").strip()
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        problems["reason"] = PROBLEM_SENTENCES["reason"]
    if given.get("risk", "") not in RISK_LABELS:
        problems["risk"] = PROBLEM_SENTENCES["risk"]
    phone = _phone(given.get("phone", ""))
    if phone is None:
        problems["phone"] = PROBLEM_SENTENCES["phone"]
    discharge_on = _optional_day(given, "discharge_on", problems)
    oxygen = _oxygen(given.get("oxygen", ""), problems)
    if not given.get("patient_told"):
        problems["patient_told"] = PROBLEM_SENTENCES["patient_told"]
    person = None if known else _person(given, today, problems)
    if problems or centre is None or phone is None:
        return Mend(problems)
    return Wish(
        centre=centre,
        person=person,
        phone=phone,
        programme=given["programme"],
        risk=given["risk"],
        reason=reason,
        discharge_on=discharge_on,
        oxygen_l_min=oxygen,
        patient_told=True,
    )


def _person(given: Mapping[str, str], today: date, problems: dict[str, str]) -> Person | None:
    names = {field: given.get(field, "").strip() for field in ("birth_name", "first_name")}
    for field, name in names.items():
        if not any(letter.isalpha() for letter in name):
            problems[field] = PROBLEM_SENTENCES["name"]
    born = _day(given.get("birth_date", ""))
    if born is None or born > today:
        problems["birth_date"] = PROBLEM_SENTENCES["birth_date"]
    sex = given.get("sex", "") or "unknown"
    if sex not in ("female", "male", "unknown"):
        problems["sex"] = PROBLEM_SENTENCES["sex"]
    if problems or born is None:
        return None
    return Person(**names, birth_date=born, sex=sex)


def _oxygen(raw: str, problems: dict[str, str]) -> Decimal | None:
    if not raw.strip():
        return None
    try:
        flow = Decimal(raw.strip().replace(",", "."))
    except InvalidOperation:
        flow = Decimal("NaN")
    if not (flow.is_finite() and 0 < flow <= MOST_OXYGEN):
        problems["oxygen"] = PROBLEM_SENTENCES["oxygen"]
        return None
    return flow.quantize(Decimal("0.1"))


def _phone(raw: str) -> str | None:
    digits = "".join(sign for sign in raw if sign not in " .-")
    plain = digits.removeprefix("+")
    return digits if plain.isdigit() and 6 <= len(plain) <= 15 else None


def _optional_day(given: Mapping[str, str], field: str, problems: dict[str, str]) -> date | None:
    raw = given.get(field, "").strip()
    day = _day(raw) if raw else None
    if raw and day is None:
        problems[field] = PROBLEM_SENTENCES["day"]
    return day


def _day(raw: str) -> date | None:
    try:
        day = date.fromisoformat(raw.strip())
    except ValueError:
        return None
    return day if 1900 <= day.year <= 2200 else None


def _uuid(raw: str) -> UUID | None:
    try:
        return UUID(raw.strip())
    except ValueError:
        return None


IDENTIFY_SENTENCES: Final[dict[str, str]] = {
    "closed": (
        "This person is registered, but your service is not in the care circle. Ask whoever sent "
        "the request to send it from the record, or to let your service in."
    ),
    "not_allowed": "Your post registers nobody.",
    "too_many": "Too many searches. Wait ten minutes.",
}
SAID_SENTENCES: Final[dict[str, str]] = {
    "sent": "The request is sent. You are told by mail when the centre has decided.",
    "withdrawn": "The request is withdrawn.",
    "refused": "The request is refused; whoever sent it is told by mail.",
    "accepted": "The request is accepted; whoever sent it is told by mail.",
    "gone": "There is no such request, or it is not for you.",
    "decided": "Somebody has decided this request meanwhile.",
    "dead": "A death is noted in this record: nobody is included.",
    "requester_left": "Whoever sent it is no longer in the care circle: ask him to send it again.",
    "refusal": "Choose why the request is refused.",
}
SENDING_SENTENCES: Final[dict[str, str]] = {
    "already": "This centre is asked already for this patient and programme.",
    "no_centre": "This centre cannot be asked. Choose another.",
    "dead": "A death is noted in this record: nobody is included.",
}


def to_identity(request: Request) -> dict[str, str]:
    """Return what a request tells of a person as the fields of an identity."""
    return {
        "birth_name": request.birth_name,
        "birth_first_names": request.first_name,
        "birth_date": request.birth_date.isoformat(),
        "sex": request.sex,
        "phone": request.phone,
        "document": "",
    }

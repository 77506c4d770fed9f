"""People to call for a patient: their form read, and their order. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from identity.phone_numbers import parse_phone

Direction = Literal["up", "down"]
MOST_PEOPLE: Final = 12
"""People a list holds (proposed): nobody calls more before somebody goes there."""
MAY_KNOW_LABELS: Final[dict[str, str]] = {
    "search": "That we are trying to reach the patient",
    "alert": "That there is an alert",
    "health": "Health information, with the patient's agreement",
}
PROBLEM_SENTENCES: Final[dict[str, str]] = {
    "name": "Enter the name, in 100 characters at most.",
    "tie": "Say the tie in 60 characters at most.",
    "phone": "This is not a telephone number. For example: 06 39 98 01 12.",
    "may_know": "Choose what this person may be told.",
    "full": "The list is full: remove somebody first.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody to call; `phone` is ten French digits or E.164, `place` begins at 1."""

    id: UUID
    patient_id: UUID
    place: int
    of_patient: bool
    name: str
    tie: str
    phone: str
    has_key: bool
    may_know: str
    doubted_at: datetime | None

    @property
    def shown(self) -> str:
        """Name and tie, « Luc Martin (fils) »."""
        return f"{self.name} ({self.tie})" if self.tie else self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonDraft:
    """Somebody to call, as a form says him and every part of it was checked."""

    of_patient: bool
    name: str
    tie: str
    phone: str
    has_key: bool
    may_know: str


@dataclass(frozen=True, slots=True)
class Mend:
    """What is to be mended: field to sentence, an English msgid."""

    problems: dict[str, str]


def read_person(given: Mapping[str, str]) -> PersonDraft | Mend:
    """Read a filled-in form; a further number of the patient's own needs no name."""
    text = {key: " ".join(value.split()) for key, value in given.items()}
    of_patient, name = bool(text.get("of_patient")), text.get("name", "")
    tie, phone = text.get("tie", ""), parse_phone(text.get("phone", ""))
    may_know = "health" if of_patient else text.get("may_know") or "search"
    wrong = {
        "name": not 1 <= len(name) <= 100,
        "tie": len(tie) > 60,
        "phone": phone is None,
        "may_know": may_know not in MAY_KNOW_LABELS,
    }
    if phone is None or any(wrong.values()):
        return Mend({field: PROBLEM_SENTENCES[field] for field, bad in wrong.items() if bad})
    return PersonDraft(
        of_patient=of_patient,
        name=name,
        tie=tie,
        phone=phone,
        has_key=bool(text.get("has_key")) and not of_patient,
        may_know=may_know,
    )


def in_order(people: Sequence[Person]) -> list[Person]:
    """Return people as they are called: numbers of the patient's own first."""
    return sorted(people, key=lambda one: (not one.of_patient, one.place, one.id))


def moved(people: Sequence[Person], who: UUID, direction: Direction) -> list[UUID] | None:
    """Return the order after somebody went one place up or down; None when he cannot.

    Nobody goes past the patient's own numbers, nor these past anybody.
    """
    order = in_order(people)
    at = next((place for place, one in enumerate(order) if one.id == who), None)
    if at is None:
        return None
    to = at - 1 if direction == "up" else at + 1
    if not 0 <= to < len(order) or order[to].of_patient != order[at].of_patient:
        return None
    order[at], order[to] = order[to], order[at]
    return [one.id for one in order]

"""How a member of a circle is reached: what may be written, what is shown, in which order. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from core.access import Role
from identity.administration.forms import is_mail
from identity.phone_numbers import parse_phone

CHANNEL_LABELS: Final[dict[str, str]] = {
    "": "No preference",
    "call": "By telephone",
    "text": "By text message",
    "mail": "By mail",
}
SHOWN_TO_LABELS: Final[dict[str, str]] = {
    "circle": "The whole circle, the patient and family too",
    "professionals": "The professionals of the circle alone",
    "nobody": "Nobody",
}
LAST_PLACE: Final = 99
SAID_SENTENCES: Final[dict[str, str]] = {
    "changed": "The change is kept.",
    "attending": "The attending physician is flagged.",
    "no_attending": "No attending physician is flagged any more.",
    "absent": "This person is no longer in the circle. Nothing was changed.",
    "accepted": "You are in the care circle from now on.",
}
PROBLEM_SENTENCES: Final[dict[str, str]] = {
    "place": "Write a whole number from 1 to 99.",
    "phone": "This is not a telephone number. For example: 06 39 98 01 12.",
    "mail": "This is not a mail address.",
    "note": "Write 120 characters at most.",
    "choice": "Choose one of the list.",
    "changed": (
        "Somebody else has changed this meanwhile. What stands there now is below; "
        "what you typed is still here, and nothing was changed."
    ),
}
_MOBILE: Final = ("06", "07", "+336", "+337")


class CircleStatus(StrEnum):
    """How a circle stands, as FHIR CareTeam.status says it."""

    PROPOSED = "proposed"
    ACTIVE = "active"
    INACTIVE = "inactive"


STATUS_LABELS: Final[dict[str, str]] = {
    CircleStatus.PROPOSED: "Being made up: no professional is in it yet",
    CircleStatus.ACTIVE: "Active",
    CircleStatus.INACTIVE: "Closed: the person has died",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reachable:
    """A member of now, with the ways to reach him that whoever looks is to be shown."""

    membership_id: UUID
    party: UUID
    kind: str
    name: str
    role: str
    starts_at: datetime
    ends_at: datetime | None
    place: int | None
    channel: str
    channel_here: str
    note: str
    noted_phone: str
    own_phone: str
    own_mail: str
    mssante: str
    version: int
    changed_by_name: str
    changed_at: datetime | None
    replaces_name: str | None

    @property
    def phone(self) -> str:
        """The number to dial: his own before one that was written down for him."""
        return self.own_phone or self.noted_phone

    @property
    def mail(self) -> str:
        """The address to write to; between professionals the secured one first."""
        return self.mssante or self.own_mail

    @property
    def takes_texts(self) -> bool:
        """Say whether the number is a mobile one."""
        return self.phone.startswith(_MOBILE)

    def as_typed(self) -> dict[str, str]:
        """Return what the form of the member would hold."""
        return {
            "place": str(self.place or ""),
            "channel": self.channel_here,
            "phone": self.noted_phone,
            "note": self.note,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """How a member is to be reached, as a form says and every part of it was checked."""

    place: int
    channel: str
    phone: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """How somebody wants to be reached, and by whom; at first shown to professionals alone."""

    phone: str = ""
    phone_to: str = "professionals"
    mail: str = ""
    mail_to: str = "professionals"
    channel: str = ""
    version: int = 0

    def as_typed(self) -> dict[str, str]:
        """Return what the form would hold."""
        return {
            "phone": self.phone,
            "phone_to": self.phone_to,
            "mail": self.mail,
            "mail_to": self.mail_to,
            "channel": self.channel,
        }


@dataclass(frozen=True, slots=True)
class Mend:
    """What is to be mended: field to the key of its sentence."""

    problems: dict[str, str]


def read_contact(given: Mapping[str, str]) -> Contact | Mend:
    """Read how a member is to be reached."""
    raw_place, channel = given.get("place", "").strip(), given.get("channel", "")
    place = int(raw_place) if raw_place.isascii() and raw_place.isdigit() else 0
    typed, note = given.get("phone", "").strip(), " ".join(given.get("note", "").split())
    phone = parse_phone(typed) if typed else ""
    problems = {
        "place": "" if len(raw_place) < 3 and 1 <= place <= LAST_PLACE else "place",
        "channel": "" if channel in CHANNEL_LABELS else "choice",
        "phone": "phone" if phone is None else "",
        "note": "note" if len(note) > 120 else "",
    }
    wrong = {field: key for field, key in problems.items() if key}
    if wrong or phone is None:
        return Mend(wrong)
    return Contact(place=place, channel=channel, phone=phone, note=note)


def read_own(given: Mapping[str, str], version: int) -> Own | Mend:
    """Read how somebody wants to be reached."""
    typed, mail = given.get("phone", "").strip(), given.get("mail", "").strip()
    phone = parse_phone(typed) if typed else ""
    phone_to, mail_to = given.get("phone_to", ""), given.get("mail_to", "")
    channel = given.get("channel", "")
    problems = {
        "phone": "phone" if phone is None else "",
        "mail": "mail" if mail and not is_mail(mail) else "",
        "phone_to": "" if phone_to in SHOWN_TO_LABELS else "choice",
        "mail_to": "" if mail_to in SHOWN_TO_LABELS else "choice",
        "channel": "" if channel in CHANNEL_LABELS else "choice",
    }
    wrong = {field: key for field, key in problems.items() if key}
    if wrong or phone is None:
        return Mend(wrong)
    return Own(
        phone=phone, phone_to=phone_to, mail=mail, mail_to=mail_to, channel=channel, version=version
    )


def status_of(roles: set[str], *, died: bool) -> CircleStatus:
    """Say how a circle stands, by who is in it now: nobody has to keep it up to date."""
    if died:
        return CircleStatus.INACTIVE
    private = {
        Role.PATIENT,
        Role.CARER,
        Role.TRUSTED_PERSON,
        Role.LEGAL_REPRESENTATIVE,
        Role.PROPERTY_REPRESENTATIVE,
        Role.EMERGENCY,
    }
    return CircleStatus.ACTIVE if roles - private else CircleStatus.PROPOSED


def may_attend(one: Reachable) -> bool:
    """Say whether a member can be the attending physician: a GP, or a practice (CSS L.162-5-3)."""
    return one.role in (Role.GP, Role.PRACTICE) and one.replaces_name is None

"""Rooms, who reads each, and what may be said there: pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from core.access import Role

LONGEST_TEXT: Final = 4000
"""Characters of a message; the database refuses longer ones too."""
LONGEST_REASON: Final = 500
LONGEST_TITLE: Final = 80
LONGEST_NOTE: Final = 10_000
"""Characters of a note a stretch is written into: `coordination.noting.LONGEST_TEXT`."""
MOST_PEOPLE: Final = 30
"""Members of a conversation besides who begins it."""
OWN_MINUTES: Final = 15
"""How long somebody withdraws what he said himself (proposed); held by the database."""
MUTE_HOURS: Final = (1, 8, 24, 168)
"""For how long a room may be muted; a week at most (proposed), and never what is urgent."""


class Kind(StrEnum):
    """Kinds of rooms: three of a patient, from the strictest, and two of conversations."""

    CARERS = "carers"
    TEAM = "team"
    PATIENT = "patient"
    DIRECT = "direct"
    GROUP = "group"


_HEALTH: Final = frozenset(
    {
        Role.GP,
        Role.COORDINATING_DOCTOR,
        Role.HOME_NURSE,
        Role.PHARMACIST,
        Role.PHYSIOTHERAPIST,
        Role.TELEMONITORING_NURSE,
        Role.HOSPITAL_DOCTOR,
    }
)
_TEAM: Final = _HEALTH | {Role.SOCIAL_WORKER, Role.DAC_COORDINATOR, Role.HOME_HELP}
READERS: Final[Mapping[Kind, frozenset[Role]]] = {
    Kind.CARERS: _HEALTH,
    Kind.TEAM: _TEAM,
    Kind.PATIENT: _TEAM
    | {
        Role.PATIENT,
        Role.CARER,
        Role.TRUSTED_PERSON,
        Role.LEGAL_REPRESENTATIVE,
        Role.PROPERTY_REPRESENTATIVE,
    },
}
"""Which roles read a room of a patient, where they have the right to talk at all (CSP L.1110-4,
L.1110-12: the strictest is for those who treat)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A room as its reader sees it."""

    id: UUID
    kind: str
    patient_id: UUID | None
    title: str | None
    last_seq: int
    last_at: datetime | None
    removed_through: int
    since: datetime
    """From when on the reader reads it."""
    through: int
    """How far the reader has read."""
    muted_until: datetime | None
    unread: int
    """Messages of others he has not read."""
    for_me: int
    """Those among them that are for his attention, or urgent."""

    @property
    def of_patient(self) -> bool:
        """Whether it is one of the three rooms of a patient."""
        return self.kind in (Kind.CARERS, Kind.TEAM, Kind.PATIENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What was said, as it stands now."""

    seq: int
    author: UUID
    author_name: str
    author_role: str
    author_organisation: str | None
    sent: datetime
    urgent: bool
    text: str
    item_id: UUID | None
    withdrawn_at: datetime | None
    withdrawn_by_author: bool
    reason: str | None
    mentions: list[UUID]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Somebody who reads a room; through a post when there is an organisation."""

    person: UUID
    name: str
    role: str | None
    organisation: UUID | None
    organisation_name: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """How far somebody has read a room."""

    person: UUID
    name: str
    through: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Team:
    """An organisation whose staff reads a room."""

    name: str
    people: int


def teams_of(readers: Iterable[Reader]) -> list[Team]:
    """Return the organisations among the readers, each with how many of its people read."""
    counts = dict[UUID, tuple[str, int]]()
    for one in readers:
        if one.organisation is not None:
            name, count = counts.get(one.organisation, (one.organisation_name or "", 0))
            counts[one.organisation] = (name, count + 1)
    return [Team(name, count) for name, count in sorted(counts.values())]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What somebody says, fit to be stored."""

    key: UUID
    text: str
    urgent: bool = False
    mentions: tuple[UUID, ...] = ()
    item: UUID | None = None


@dataclass(frozen=True, slots=True)
class Wrong:
    """What stands against it: codes of `words.PROBLEM_SENTENCES` by field."""

    problems: Mapping[str, str] = field(default_factory=dict)


def parse_said(
    key: str, text: str, urgent: str = "", mentions: Sequence[str] = (), item: str = ""
) -> Said | Wrong:
    """Judge what a form or a socket sends; a key that is none is an error, never made up."""
    known = as_uuid(key)
    text = clean(text)
    if known is None:
        return Wrong({"text": "key"})
    if not text or len(text) > LONGEST_TEXT:
        return Wrong({"text": "long" if text else "empty"})
    people = tuple(dict.fromkeys(filter(None, map(as_uuid, mentions))))
    if len(people) > MOST_PEOPLE:
        return Wrong({"mentions": "many"})
    return Said(key=known, text=text, urgent=bool(urgent), mentions=people, item=as_uuid(item))


_UNSEEN: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def clean(text: str) -> str:
    """Return a text without characters that are not seen, turn others around or are a half (S7)."""
    return _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def named_in(text: str, readers: Iterable[Reader]) -> tuple[UUID, ...]:
    """Return the readers whose whole name stands behind an @ in a text."""
    low = text.casefold()
    found = [
        one.person for one in readers if re.search(rf"@{re.escape(one.name.casefold())}(?!\w)", low)
    ]
    return tuple(found[:MOST_PEOPLE])


def may_withdraw_own(message: Message, me: UUID, now: datetime) -> bool:
    """Whether somebody may still withdraw what he said himself."""
    within = now <= message.sent + timedelta(minutes=OWN_MINUTES)
    return message.author == me and message.withdrawn_at is None and within


def parse_hours(raw: str) -> int | None:
    """Return for how many hours a room shall be muted; 0 ends it, None is no answer."""
    hours = int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 4 else -1
    return hours if hours == 0 or hours in MUTE_HOURS else None


def parse_stretch(first: str, last: str) -> tuple[int, int] | None:
    """Return the numbers of the first and last message of a stretch, in order."""
    numbers = [int(raw) for raw in (first, last) if raw.isascii() and raw.isdigit()]
    if len(numbers) != 2 or any(not 0 < one < 2**62 for one in numbers):
        return None
    return min(numbers), max(numbers)


def parse_title(raw: str) -> str | None:
    """Return the title of a group on one line; None for none, or for one that is too long."""
    title = " ".join(clean(raw).split())
    return title if 0 < len(title) <= LONGEST_TITLE else None


def as_uuid(raw: str) -> UUID | None:
    """Return an id; None for what is none."""
    try:
        return UUID(raw)
    except ValueError:
        return None

"""What a room contributes to a home page: which records changed, and what waits for somebody.

Each is one small function of the room over what it keeps by person or organisation, never a scan;
`coordination/homes/sources.py` lists them. What is hidden from the reader is neither shown nor
counted: the room's own function leaves it out.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from core.doors import Actor, PersonConnection


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """That something of one kind came in a record since its reader was there last."""

    patient_id: UUID
    name: str
    times: int
    last_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeSource:
    """Which of the records the actor follows changed since an instant, latest first."""

    kind: str
    label: str
    load: Callable[[PersonConnection, datetime, int], list[Change]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Something that waits for somebody; `about` and `why` are msgids."""

    key: str
    link: str
    about: str
    """What it is: a note of a kind, a request, a visit."""
    why: str
    """Why it waits for him."""
    at: datetime
    patient_name: str = ""
    author: str = ""
    words: str = ""
    """What somebody wrote of it, shown as it is."""
    hour: time | None = None
    """Of a visit: the time of day it is planned at, where it happens."""
    due_on: date | None = None
    urgent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingSource:
    """What waits for somebody in one room.

    `load` is given the actor, the role of the post he acts in, and today; where nothing of the
    room can wait for that role it returns nothing without asking the database.
    """

    kind: str
    load: Callable[[Actor, str | None, date], list[Waiting]]

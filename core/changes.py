"""What a room contributes to a home page: which records changed, and what waits for somebody.

Each is one small function of the room over what it keeps by person or organisation, never a scan;
`coordination/homes/sources.py` lists them. What is hidden from the reader is neither shown nor
counted: the room's own function leaves it out.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from core.doors import Actor, PersonConnection
from core.i18n import Translate


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
    """Something that waits for somebody; `patient_name` is empty where it names nobody."""

    key: str
    link: str
    what: str
    """A code of the source, which says it in words."""
    at: datetime
    patient_name: str = ""
    about: str = ""
    author: str = ""
    due_on: date | None = None
    urgent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingSource:
    """What waits for somebody in one room, what is due first at the head.

    `load` is given the actor, his role and today; a source that is not for that role returns
    nothing without asking the database.
    """

    kind: str
    load: Callable[[Actor, str | None, date], list[Waiting]]
    say: Callable[[Waiting, Translate], str]

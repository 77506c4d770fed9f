"""What a room contributes to the timeline of a record (synthèse temporelle).

A room declares one `Source` where it stands; `coordination/timeline/sources.py` lists them. A
source reads through its room's own doorways in a transaction of the reader, so that it shows what
he may read and nothing else: no second copy of events, hence no second set of rights.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from core.access import Permission
from core.doors import CareContext, PersonConnection
from core.i18n import Translate


class Grain(StrEnum):
    """How finely what comes by the thousand, such as measurements, is summed up."""

    YEAR = "year"
    """Only that there is something in the year."""
    MONTH = "month"
    """Only that there is something in the month."""
    DAY = "day"
    HOUR = "hour"
    EACH = "each"
    """Not at all: one entry each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """What is asked of a source: the latest entries of [since, until), before a place in them.

    The place is the last entry of the page before, by time and key: pages never skip or repeat.
    """

    since: datetime
    until: datetime
    most: int
    before_at: datetime
    before_key: str = ""
    grain: Grain = Grain.DAY
    zone: str = "Europe/Paris"

    def params(self, patient: UUID) -> dict[str, Any]:
        """Return what a query of a source is given."""
        return {
            "patient": patient,
            "since": self.since,
            "before_at": min(self.before_at, self.until),
            "before_key": self.before_key if self.before_at <= self.until else "",
            "most": self.most,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A row of a source's query; what `what`, `name` and `more` hold is the source's own affair."""

    at: datetime
    key: str
    """Of the form `kind:id`, compared byte by byte: order of what happened at one instant."""
    thing: str | None
    """What its page is about, as its address says it."""
    what: str
    name: str | None
    more: str | None
    author: str | None


class Weight(StrEnum):
    """How much an entry calls for attention."""

    USUAL = "usual"
    ORANGE = "orange"
    RED = "red"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Something that happened, as the timeline shows it."""

    at: datetime
    key: str
    kind: str
    what: str
    facts: Mapping[str, Any]
    link: str | None = None
    item_id: UUID | None = None
    author: str | None = None
    weight: Weight = Weight.USUAL
    withheld: bool = False
    """Non communicable: on the screens of those who read it, on no paper and in no file."""


def entry_of(kind: str, line: Line, link: str | None = None) -> Entry:
    """Return the entry of a row."""
    facts = {"name": line.name or "", "more": line.more or ""}
    return Entry(
        at=line.at,
        key=line.key,
        kind=kind,
        what=line.what,
        facts=facts,
        link=link,
        author=line.author,
    )


Load = Callable[[PersonConnection, CareContext, Window], list[Entry]]
Say = Callable[[Entry, Translate, str], str]
"""Write an entry in words; the last argument is the locale."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What one room adds to the timeline: `kind` is the filter it stands under."""

    kind: str
    label: str
    """The msgid of its kind."""
    permissions: tuple[Permission, ...]
    """Any of these opens it; whoever holds none is not offered its filter."""
    load: Load
    say: Say

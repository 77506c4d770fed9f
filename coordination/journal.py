"""Who opened the record, gathered so that a patient can read it: a line a person and day. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from typing import Final
from uuid import UUID

from core.audit.machines import MachineRuns

EMERGENCY: Final = "BTG"
"""Purpose of use of an access in an emergency (HL7 v3 ActReason, break the glass)."""
OWN: Final = "PATRQT"
"""Purpose of use of the patient himself (HL7 v3 ActReason, patient requested)."""
_MONTH: Final = re.compile(r"(\d{4})-(\d\d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """One event of the audit trail, as the journal shows it."""

    at: datetime
    person: UUID | None
    person_name: str | None
    organisation_name: str | None
    role: str | None
    service: str | None
    """The machine, when no person did it."""
    permission: str
    outcome: str
    purpose: str
    basis: str | None
    """Through which right, as it was then."""

    @property
    def refused(self) -> bool:
        """Whether nothing was shown or done."""
        return self.outcome == "refused"

    @property
    def in_emergency(self) -> bool:
        """Whether the glass was broken for it."""
        return self.purpose == EMERGENCY


@dataclass(frozen=True, slots=True, kw_only=True)
class Journal:
    """What is shown of a span."""

    accesses: tuple[Access, ...]
    machines: tuple[MachineRuns, ...]
    reaches_back: bool
    """Whether there is more from before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """One person on one day, for one purpose and through one right; `refused`: he got nothing."""

    day: date
    name: str | None
    organisation: str | None
    role: str | None
    service: str | None
    refused: bool
    in_emergency: bool
    own: bool
    purpose: str
    basis: str | None
    first_at: datetime
    last_at: datetime
    permissions: tuple[str, ...]


def gather(accesses: Iterable[Access], zone: tzinfo) -> list[Visitor]:
    """Gather accesses by local day, person, post, purpose, right and outcome; latest first."""
    groups: dict[tuple[object, ...], list[Access]] = {}
    for access in accesses:
        who = (access.person, access.person_name, access.organisation_name, access.role)
        why = (access.service, access.purpose, access.basis, access.refused)
        groups.setdefault((access.at.astimezone(zone).date(), who, why), []).append(access)
    visitors = [_visitor(group, zone) for group in groups.values()]
    return sorted(visitors, key=lambda visitor: visitor.last_at, reverse=True)


def _visitor(group: list[Access], zone: tzinfo) -> Visitor:
    one = group[0]
    return Visitor(
        day=one.at.astimezone(zone).date(),
        name=one.person_name,
        organisation=one.organisation_name,
        role=one.role,
        service=one.service,
        refused=one.refused,
        in_emergency=one.in_emergency,
        own=one.purpose == OWN,
        purpose=one.purpose,
        basis=one.basis,
        first_at=min(access.at for access in group),
        last_at=max(access.at for access in group),
        permissions=tuple(sorted({access.permission for access in group})),
    )


@dataclass(frozen=True, slots=True)
class Month:
    """A month of the journal, which is one page of it."""

    first: date

    def __str__(self) -> str:
        return f"{self.first:%Y-%m}"

    @property
    def before(self) -> "Month":
        """The month before."""
        year, month = divmod(self.first.year * 12 + self.first.month - 2, 12)
        return Month(date(year, month + 1, 1))

    @property
    def after(self) -> "Month":
        """The month after."""
        year, month = divmod(self.first.year * 12 + self.first.month, 12)
        return Month(date(year, month + 1, 1))

    def bounds(self, zone: tzinfo) -> tuple[datetime, datetime]:
        """Return when the month begins and when the next one does, for a reader in `zone`."""
        begin, end = (
            datetime.combine(first, time(), zone) for first in (self.first, self.after.first)
        )
        return begin, end


def parse_month(text: str, now: datetime, zone: tzinfo) -> Month:
    """Return the month of `2026-11`; anything else, and what is to come, is the month of `now`."""
    today = now.astimezone(zone).date()
    current = Month(today.replace(day=1))
    found = _MONTH.fullmatch(text)
    if found is None or not 1 <= int(found[2]) <= 12 or int(found[1]) < 2000:
        return current
    asked = Month(date(int(found[1]), int(found[2]), 1))
    return min(asked, current, key=lambda month: month.first)

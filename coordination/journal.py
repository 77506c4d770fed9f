"""Who opened the record, gathered so that a patient can read it: one line a person and day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, tzinfo


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """One event of the audit trail, as the journal shows it."""

    at: datetime
    person_name: str | None
    organisation_name: str | None
    role: str | None
    permission: str
    outcome: str
    purpose: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """One person on one day: what he did, from when to when; `refused` says he got nothing."""

    day: date
    name: str | None
    organisation: str | None
    role: str | None
    refused: bool
    own: bool
    first_at: datetime
    last_at: datetime
    permissions: tuple[str, ...]


def gather(accesses: Iterable[Access], zone: tzinfo) -> list[Visitor]:
    """Gather accesses by local day, person and outcome, latest first."""
    groups: dict[tuple[date, str | None, str | None, bool], list[Access]] = {}
    for access in accesses:
        day = access.at.astimezone(zone).date()
        refused = access.outcome == "refused"
        key = (day, access.person_name, access.organisation_name, refused)
        groups.setdefault(key, []).append(access)
    visitors = [
        Visitor(
            day=day,
            name=name,
            organisation=organisation,
            role=group[0].role,
            refused=refused,
            own=group[0].purpose == "PATRQT",
            first_at=min(access.at for access in group),
            last_at=max(access.at for access in group),
            permissions=tuple(sorted({access.permission for access in group})),
        )
        for (day, name, organisation, refused), group in groups.items()
    ]
    return sorted(visitors, key=lambda visitor: visitor.last_at, reverse=True)

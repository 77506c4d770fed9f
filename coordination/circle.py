"""Words of the care circle: its members and the patients a person has in common with it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from core.access import Role

ROLES_TO_GIVE: Final = (
    Role.GP,
    Role.HOME_NURSE,
    Role.PHARMACIST,
    Role.PHYSIOTHERAPIST,
    Role.SOCIAL_WORKER,
    Role.HOME_HELP,
    Role.CARER,
)
"""Roles a person can be given; an organisation joins by its mission, a patient never leaves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A party in a circle; `kind` is person or organisation, `reason` why he joined or left."""

    membership_id: UUID
    party: UUID
    kind: str
    name: str
    role: str
    starts_at: datetime
    ends_at: datetime | None
    reason: str | None

    def is_live(self, now: datetime) -> bool:
        """Say whether the membership opens the record at `now`."""
        return self.starts_at <= now and (self.ends_at is None or self.ends_at > now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A person found by his sign-in name."""

    party: UUID
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowedPatient:
    """A patient in whose circle the actor is."""

    patient_id: UUID
    name: str


def parse_role(raw: str) -> Role | None:
    """Return a role that can be given to a person, or None."""
    return next((role for role in ROLES_TO_GIVE if role == raw), None)


def live_and_past(members: Iterable[Member], now: datetime) -> tuple[list[Member], list[Member]]:
    """Split members into those of `now` and those who have left."""
    ordered = sorted(members, key=lambda member: (member.role != Role.PATIENT, member.starts_at))
    live = [member for member in ordered if member.is_live(now)]
    return live, [member for member in ordered if not member.is_live(now)]

"""Words of the care circle: its members, why they are in it, and what a form may ask for."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from core.access import Role

ROLES_TO_GIVE: Final = (
    Role.GP,
    Role.COORDINATING_DOCTOR,
    Role.HOME_NURSE,
    Role.PHARMACIST,
    Role.PHYSIOTHERAPIST,
    Role.SOCIAL_WORKER,
    Role.HOSPITAL_DOCTOR,
    Role.CARER,
    Role.TRUSTED_PERSON,
    Role.LEGAL_REPRESENTATIVE,
)
"""Roles a person can be given. A home help enters by her employer alone, a patient never leaves."""

FAMILY: Final = frozenset({Role.CARER, Role.TRUSTED_PERSON})
"""They are in the circle because the patient agreed, and for what he agreed to."""

STAFF_OF: Final = {
    Role.TELEMONITORING_CENTRE: Role.TELEMONITORING_NURSE,
    Role.HOME_HELP_SERVICE: Role.HOME_HELP,
    Role.DAC: Role.DAC_COORDINATOR,
    Role.WARD: Role.HOSPITAL_DOCTOR,
    Role.PRACTICE: Role.GP,
}
"""The missions an organisation can have in a circle, and in which role its staff mostly act."""

SCOPES: Final = {
    "person": Role.LEGAL_REPRESENTATIVE,
    "property": Role.PROPERTY_REPRESENTATIVE,
    "both": Role.LEGAL_REPRESENTATIVE,
}
"""What a legal protection measure covers (code civil, art. 425), and the role it gives."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A party in a circle for one stay; `kind` is person or organisation."""

    membership_id: UUID
    party: UUID
    kind: str
    name: str
    role: str
    starts_at: datetime
    ends_at: datetime | None
    reason: str | None
    basis: str
    agreed: list[str]
    measure_scope: str | None
    end_reason: str | None

    def is_live(self, now: datetime) -> bool:
        """Say whether the membership opens the record at `now`."""
        return self.starts_at <= now and not self.is_past(now)

    def is_past(self, now: datetime) -> bool:
        """Say whether the stay is over, or was called off before it began."""
        return self.ends_at is not None and self.ends_at <= max(now, self.starts_at)

    def overlaps(self, starts_at: datetime, ends_at: datetime | None) -> bool:
        """Say whether two stays share a moment."""
        before_its_end = self.ends_at is None or starts_at < self.ends_at
        return before_its_end and (ends_at is None or self.starts_at < ends_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The circle as a whole; a form shows `version`, and an older one is refused."""

    version: int
    managing_organisation: UUID | None
    managing_name: str | None
    attending: UUID | None = None
    """The stay of the attending physician."""
    attending_name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Circle:
    """Who is, will be and was in a circle."""

    head: Head
    live: list[Member]
    coming: list[Member]
    past: list[Member]

    @property
    def organisations(self) -> list[Member]:
        """Organisations that are in it now, any of which may manage it."""
        return [member for member in self.live if member.kind == "organisation"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A person found by his sign-in name, or an organisation."""

    party: UUID
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowedPatient:
    """A patient in whose circle the actor is."""

    patient_id: UUID
    name: str
    total: int
    """How many patients the list holds, over all its pages."""
    of_drill: bool
    """Whether the record serves exercises alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowedPage:
    """A page of a list of patients."""

    patients: tuple[FollowedPatient, ...]
    more: bool
    """Whether other patients come after these."""

    @property
    def total(self) -> int:
        """How many patients the whole list holds; 0 when none is on this page."""
        return self.patients[0].total if self.patients else 0

    @property
    def next_after(self) -> UUID | None:
        """After whom the next page begins."""
        return self.patients[-1].patient_id if self.more else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Joining:
    """What a form asks for: who, as what, from when to when, why, and what the patient agreed to.

    `kind` is person or organisation, `party` a sign-in name, or an id of the directory; dates are
    as typed (ISO 8601).
    """

    kind: str
    party: str
    role: str
    scope: str = ""
    basis: str = ""
    starts_on: str = ""
    ends_on: str = ""
    reason: str = ""
    groups: tuple[str, ...] = field(default=())
    consent_means: str = ""
    consent_on: str = ""
    consent_by: str = ""
    version: int = 0


def parse_role(raw: str, scope: str = "") -> Role | None:
    """Return a role that can be given to a person, or None; the scope of a measure refines it."""
    role = next((role for role in ROLES_TO_GIVE if role == raw), None)
    return SCOPES.get(scope) if role is Role.LEGAL_REPRESENTATIVE else role


def parse_mission(raw: str) -> Role | None:
    """Return a mission that an organisation can have, or None."""
    return next((role for role in STAFF_OF if role == raw), None)


def acting_role(role: str) -> Role | None:
    """Return the role in which a member acts: that of the staff for an organisation."""
    known = next((one for one in Role if one == role), None)
    return STAFF_OF.get(known, known) if known else None


def circle_of(head: Head, members: Iterable[Member], now: datetime) -> Circle:
    """Sort members into those of `now`, those to come and those who have left."""
    live, others = live_and_past(members, now)
    return Circle(
        head=head,
        live=live,
        coming=[member for member in others if not member.is_past(now)],
        past=[member for member in others if member.is_past(now)],
    )


def live_and_past(members: Iterable[Member], now: datetime) -> tuple[list[Member], list[Member]]:
    """Split members into those of `now` and all others, the patient first."""
    ordered = sorted(members, key=lambda member: (member.role != Role.PATIENT, member.starts_at))
    live = [member for member in ordered if member.is_live(now)]
    return live, [member for member in ordered if not member.is_live(now)]

"""Who may do what: roles, permissions and the one table that joins them.

Pure. The same table is seeded into `access.role_permission`, where the database applies it again;
a test holds the two equal. Rights follow the proposed matrix of the coordination frame (French
law: CSP L.1110-4, L.1110-12): to be validated by the organisation that deploys Chevet.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Permission(StrEnum):
    """One thing a person may do with a record, or with a list of his organisation."""

    IDENTITY_READ = "identity:read"
    IDENTITY_WRITE = "identity:write"
    CIRCLE_READ = "circle:read"
    CIRCLE_MANAGE = "circle:manage"
    VITALS_READ = "vitals:read"
    VITALS_WRITE = "vitals:write"
    ALERTS_READ = "alerts:read"
    ALERTS_ACKNOWLEDGE = "alerts:acknowledge"
    ANSWERS_READ = "answers:read"
    ANSWERS_WRITE = "answers:write"
    AUDIT_READ = "audit:read"
    QUEUE_READ = "queue:read"
    QUARANTINE_READ = "quarantine:read"
    QUARANTINE_RESOLVE = "quarantine:resolve"


class Role(StrEnum):
    """What a person is to a patient, or does in a post."""

    PATIENT = "patient"
    CARER = "carer"
    GP = "gp"
    HOME_NURSE = "home_nurse"
    PHARMACIST = "pharmacist"
    PHYSIOTHERAPIST = "physiotherapist"
    TELEMONITORING_NURSE = "telemonitoring_nurse"
    SOCIAL_WORKER = "social_worker"
    HOME_HELP = "home_help"
    DAC_COORDINATOR = "dac_coordinator"
    TELEMONITORING_CENTRE = "telemonitoring_centre"
    """The mission of an organisation; its staff have rights through their posts alone."""


_P = Permission
_CAREGIVER: Final = frozenset(
    {
        _P.IDENTITY_READ,
        _P.CIRCLE_READ,
        _P.VITALS_READ,
        _P.VITALS_WRITE,
        _P.ALERTS_READ,
        _P.ALERTS_ACKNOWLEDGE,
        _P.ANSWERS_READ,
        _P.ANSWERS_WRITE,
    }
)

ROLE_PERMISSIONS: Final[dict[Role, frozenset[Permission]]] = {
    Role.PATIENT: frozenset(
        {
            _P.IDENTITY_READ,
            _P.CIRCLE_READ,
            _P.VITALS_READ,
            _P.VITALS_WRITE,
            _P.ANSWERS_READ,
            _P.ANSWERS_WRITE,
            _P.AUDIT_READ,
        }
    ),
    Role.CARER: frozenset({_P.CIRCLE_READ}),
    Role.GP: _CAREGIVER | {_P.IDENTITY_WRITE, _P.CIRCLE_MANAGE, _P.AUDIT_READ},
    Role.HOME_NURSE: _CAREGIVER,
    Role.PHARMACIST: _CAREGIVER,
    Role.PHYSIOTHERAPIST: _CAREGIVER,
    Role.TELEMONITORING_NURSE: _CAREGIVER
    | {_P.QUEUE_READ, _P.QUARANTINE_READ, _P.QUARANTINE_RESOLVE},
    Role.SOCIAL_WORKER: frozenset({_P.IDENTITY_READ, _P.CIRCLE_READ}),
    Role.HOME_HELP: frozenset({_P.IDENTITY_READ, _P.CIRCLE_READ}),
    Role.DAC_COORDINATOR: frozenset(
        {
            _P.IDENTITY_READ,
            _P.IDENTITY_WRITE,
            _P.CIRCLE_READ,
            _P.CIRCLE_MANAGE,
            _P.VITALS_READ,
            _P.ALERTS_READ,
        }
    ),
    Role.TELEMONITORING_CENTRE: frozenset(),
}


@dataclass(frozen=True, slots=True)
class Allowed:
    """The actor may go on."""

    by_role: Role


@dataclass(frozen=True, slots=True)
class Denied:
    """The actor is in the circle but this is not his to do; `reason` is fit to be read by him."""

    reason: str


@dataclass(frozen=True, slots=True)
class NotInCircle:
    """The actor has no live membership: to him the record does not exist."""


def decide(held: Iterable[str], permission: Permission) -> Allowed | Denied | NotInCircle:
    """Judge one permission against the live roles an actor holds for one patient.

    Unknown roles grant nothing. An organisation's mission alone is not a role of a person.
    """
    known = [Role(role) for role in held if role in Role.__members__.values()]
    for role in known:
        if permission in ROLE_PERMISSIONS[role]:
            return Allowed(role)
    if not known:
        return NotInCircle()
    roles = ", ".join(sorted(known))
    return Denied(f"role {roles} does not grant {permission}")

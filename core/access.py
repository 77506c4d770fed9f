"""Who may do what: roles, permissions and the one table that joins them.

Pure. The table of `core.matrix` is seeded into `access.role_permission`, where the database applies
it again; a test holds the two equal.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


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
    NOTES_READ = "notes:read"
    NOTES_WRITE = "notes:write"
    DOCUMENTS_READ = "documents:read"
    DOCUMENTS_WRITE = "documents:write"
    PLAN_READ = "plan:read"
    PLAN_WRITE = "plan:write"
    PLAN_COMMENT = "plan:comment"
    MONITORING_WRITE = "monitoring:write"
    """Begin, change, pause and end what a patient is asked and how he is watched."""
    STAYS_READ = "stays:read"
    """See that a patient is or was in hospital, never in which unit."""
    STAYS_WRITE = "stays:write"
    ACTIONS_READ = "actions:read"
    """See what is to be done: with `plan:read` all of it, else what is given to oneself."""
    ACTIONS_WRITE = "actions:write"
    VISITS_READ = "visits:read"
    VISITS_REPORT = "visits:report"
    """Say of a visit whether it was made; who plans visits changes the plan (`plan:write`)."""
    SUPPORT_READ = "support:read"
    SUPPORT_REQUEST = "support:request"
    """Ask a DAC for support (demande d'appui)."""
    SOCIAL_READ = "social:read"
    SOCIAL_WRITE = "social:write"
    LEGAL_READ = "legal:read"
    LEGAL_WRITE = "legal:write"
    LEGAL_FLAG = "legal:flag"
    """See that a legal protection exists, not what it says."""
    CHAT_READ = "chat:read"
    CHAT_WRITE = "chat:write"
    ITEMS_HIDE = "items:hide"
    """Hide an item from a member: one's own, or any for the patient and who represents him."""
    AUDIT_READ = "audit:read"
    CONTRIBUTIONS_READ = "contributions:read"
    """Print what one signed in a circle one has left: being its author grants it, no role does."""
    # What a post gives on the lists of its organisation, never on a record.
    QUEUE_READ = "queue:read"
    QUARANTINE_READ = "quarantine:read"
    QUARANTINE_RESOLVE = "quarantine:resolve"
    BREAK_GLASS = "record:break_glass"
    BREAK_GLASS_REVIEW = "break_glass:review"
    PATIENTS_SEARCH = "patients:search"
    PATIENTS_INCLUDE = "patients:include"
    PATIENTS_MERGE = "patients:merge"
    TELEMONITORING_REQUEST = "telemonitoring:request"
    """Ask a centre to follow a person (demande de télésuivi)."""
    SUPPORT_ANSWER = "support:answer"
    """Receive, answer and close what one's DAC is asked."""
    DIRECTORY_READ = "directory:read"
    DIRECTORY_IMPORT = "directory:import"
    ACCOUNTS_MANAGE = "accounts:manage"
    INSTRUMENTS_MANAGE = "instruments:manage"
    """Import, preview, publish and retire questionnaires of the organisation (proposed)."""
    ROTA_MANAGE = "rota:manage"
    """Plan shifts and leave of the organisation: who is called, and when (proposed)."""


class Role(StrEnum):
    """What a person is to a patient, or does in a post."""

    PATIENT = "patient"
    CARER = "carer"
    TRUSTED_PERSON = "trusted_person"
    LEGAL_REPRESENTATIVE = "legal_representative"
    """By a measure that covers the person (protection de la personne)."""
    PROPERTY_REPRESENTATIVE = "property_representative"
    """By a measure that covers property alone (protection des biens)."""
    GP = "gp"
    COORDINATING_DOCTOR = "coordinating_doctor"
    HOME_NURSE = "home_nurse"
    PHARMACIST = "pharmacist"
    PHYSIOTHERAPIST = "physiotherapist"
    TELEMONITORING_NURSE = "telemonitoring_nurse"
    SOCIAL_WORKER = "social_worker"
    HOME_HELP = "home_help"
    DAC_COORDINATOR = "dac_coordinator"
    HOSPITAL_DOCTOR = "hospital_doctor"
    EMERGENCY = "emergency"
    """What breaking the glass gives for an hour; no post and no invitation has it."""
    ADMINISTRATOR = "administrator"
    IDENTITY_OFFICER = "identity_officer"
    """Watches over identities (cellule d'identitovigilance)."""
    ACCESS_REVIEWER = "access_reviewer"
    """Reviews accesses in an emergency; opens no record."""
    TELEMONITORING_CENTRE = "telemonitoring_centre"
    """The mission of an organisation; its staff have rights through their posts alone."""
    HOME_HELP_SERVICE = "home_help_service"
    DAC = "dac"
    WARD = "ward"
    PRACTICE = "practice"


MISSIONS = frozenset(
    {
        Role.TELEMONITORING_CENTRE,
        Role.HOME_HELP_SERVICE,
        Role.DAC,
        Role.WARD,
        Role.PRACTICE,
    }
)
"""What an organisation is to a patient: it grants nothing, the posts of its staff do."""


class Basis(StrEnum):
    """Why a membership may open a record (CSP L.1110-4, L.1110-12, L.1111-2)."""

    SELF = "self"
    CARE_TEAM = "care_team"
    """In the care team: consent is presumed, the person has been informed."""
    CONSENT = "consent"
    """Outside the care team: prior consent."""
    LEGAL_REPRESENTATIVE = "legal_representative"
    BREAK_GLASS = "break_glass"


def natural_basis(role: str) -> Basis:
    """Return the basis on which a role enters a circle when nobody says otherwise."""
    match role:
        case Role.PATIENT:
            return Basis.SELF
        case Role.CARER | Role.TRUSTED_PERSON:
            return Basis.CONSENT
        case Role.LEGAL_REPRESENTATIVE | Role.PROPERTY_REPRESENTATIVE:
            return Basis.LEGAL_REPRESENTATIVE
        case Role.EMERGENCY:
            return Basis.BREAK_GLASS
        case _:
            return Basis.CARE_TEAM


CLOSED_BY_ARCHIVE = frozenset(
    {
        Permission.IDENTITY_WRITE,
        Permission.VITALS_WRITE,
        Permission.ANSWERS_WRITE,
        Permission.NOTES_WRITE,
        Permission.DOCUMENTS_WRITE,
        Permission.PLAN_WRITE,
        Permission.PLAN_COMMENT,
        Permission.MONITORING_WRITE,
        Permission.STAYS_WRITE,
        Permission.ACTIONS_WRITE,
        Permission.VISITS_REPORT,
        Permission.SOCIAL_WRITE,
        Permission.LEGAL_WRITE,
        Permission.CHAT_WRITE,
        Permission.SUPPORT_REQUEST,
    }
)
"""What nobody does in an archived record. The circle is still managed, which reopens it, and an
item is still hidden from somebody; an alert that exists is answered. A test holds it equal to
`access.closed_by_archive`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """The table of rights in force: what each role grants always, and what by agreement.

    A right by agreement needs the recorded consent of the patient on the membership itself.
    """

    always: Mapping[str, frozenset[Permission]]
    by_agreement: Mapping[str, frozenset[Permission]]

    def of_post(self, role: str | None, permission: Permission) -> bool:
        """Say whether a post of that role grants a permission without any agreement."""
        return role is not None and permission in self.always.get(role, frozenset())


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A role that an actor holds for one patient now, and through what."""

    membership_id: UUID
    role: str
    basis: str
    agreed: tuple[str, ...] = ()
    """Permissions the patient agreed to for this membership, on top of the role's own."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """The actor may go on."""

    through: Held


@dataclass(frozen=True, slots=True)
class Denied:
    """The actor is in the circle but this is not his to do; `reason` is fit to be read by him."""

    reason: str


@dataclass(frozen=True, slots=True)
class NotInCircle:
    """The actor has no live membership: to him the record does not exist."""


def decide(
    held: Iterable[Held], permission: Permission, rights: Rights
) -> Allowed | Denied | NotInCircle:
    """Judge one permission against what an actor holds for one patient.

    Unknown roles grant nothing. An organisation's mission alone is not a role of a person. A right
    that comes by breaking the glass is used only when no other way grants it.
    """
    known = sorted(
        (one for one in held if one.role in Role.__members__.values()),
        key=lambda one: (one.basis == Basis.BREAK_GLASS, one.role, one.membership_id),
    )
    for one in known:
        if grants(one, permission, rights):
            return Allowed(one)
    if not known:
        return NotInCircle()
    roles = ", ".join(sorted({one.role for one in known}))
    return Denied(f"role {roles} does not grant {permission}")


def grants(held: Held, permission: Permission, rights: Rights) -> bool:
    """Say whether one membership grants a permission, always or by agreement."""
    if permission in rights.always.get(held.role, frozenset()):
        return True
    conditional = rights.by_agreement.get(held.role, frozenset())
    return permission in held.agreed and permission in conditional

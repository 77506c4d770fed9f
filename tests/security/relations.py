"""Who may stand before a route: a role, and what ties its holder to the patient."""

from dataclasses import dataclass
from enum import StrEnum

from core.access import MISSIONS, Permission, Role
from core.matrix import AGREEMENT_PERMISSIONS, ROLE_PERMISSIONS


class Relation(StrEnum):
    """What ties an actor to the patient whose record is asked for."""

    SELF = "self"
    CIRCLE = "circle"
    CIRCLE_AGREED = "circle with the patient's agreement"
    CIRCLE_POST = "circle through post"
    EX_CIRCLE = "ex-circle"
    EX_CIRCLE_POST = "ex-circle through post"
    EX_POST = "post ended"
    OTHER_CIRCLE = "other circle"
    OTHER_CIRCLE_POST = "other circle through post"
    NONE = "none"
    EXPIRED = "expired"
    NOT_YET = "not yet begun"
    NOT_YET_POST = "not yet begun through post"
    REVOKED = "session revoked"
    BREAK_GLASS = "break-glass"
    BREAK_GLASS_OVER = "break-glass over"
    NOBODY = "nobody signed in"


INSIDE = frozenset(
    {
        Relation.SELF,
        Relation.CIRCLE,
        Relation.CIRCLE_AGREED,
        Relation.CIRCLE_POST,
        Relation.REVOKED,
        Relation.BREAK_GLASS,
    }
)
"""Relations with a live membership; a revoked session is stopped before anybody asks for it."""
WITHOUT_SESSION = frozenset({Relation.EX_POST, Relation.REVOKED, Relation.NOBODY})
THROUGH_POST = frozenset(
    {
        Relation.CIRCLE_POST,
        Relation.EX_CIRCLE_POST,
        Relation.EX_POST,
        Relation.OTHER_CIRCLE_POST,
        Relation.NOT_YET_POST,
    }
)
EMERGENCY = frozenset({Relation.BREAK_GLASS, Relation.BREAK_GLASS_OVER})
FAMILY = frozenset(
    {
        Role.CARER,
        Role.TRUSTED_PERSON,
        Role.LEGAL_REPRESENTATIVE,
        Role.PROPERTY_REPRESENTATIVE,
    }
)
"""Roles that no post has."""
ONE_MISSION = Role.TELEMONITORING_CENTRE
"""Stands for all missions: a person who held one would have no right by it."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One cell of the matrix: a role and a relation."""

    role: Role
    relation: Relation

    def __str__(self) -> str:
        return f"{self.role}, {self.relation}"

    @property
    def signed_in(self) -> bool:
        return self.relation not in WITHOUT_SESSION

    @property
    def is_patient(self) -> bool:
        return self.role is Role.PATIENT

    @property
    def roles_held(self) -> frozenset[Role]:
        """Roles held for the patient, now."""
        return frozenset({self.role}) if self.relation in INSIDE else frozenset()

    @property
    def post_role(self) -> Role | None:
        """Role of the acting post; whoever breaks the glass does so from a hospital."""
        if self.is_patient or self.role in FAMILY:
            return None
        return Role.HOSPITAL_DOCTOR if self.role is Role.EMERGENCY else self.role

    def holds(self, permission: Permission) -> bool:
        """Say whether a role held for the patient grants the permission."""
        agreed = AGREEMENT_PERMISSIONS.get(self.role, frozenset())
        also = agreed if self.relation is Relation.CIRCLE_AGREED else frozenset()
        return any(permission in granted(role) | also for role in self.roles_held)


def granted(role: Role) -> frozenset[Permission]:
    """Return what a role grants without anybody's agreement."""
    return ROLE_PERMISSIONS[role]


def standings() -> list[Standing]:
    """Return every role in every relation it can have."""
    roles = [role for role in Role if role is ONE_MISSION or role not in MISSIONS]
    return [Standing(role, relation) for role in roles for relation in _relations(role)]


def _relations(role: Role) -> list[Relation]:
    if role is Role.PATIENT:
        return [Relation.SELF, Relation.NONE, Relation.REVOKED, Relation.NOBODY]
    if role is Role.EMERGENCY:
        return sorted(EMERGENCY)
    left_out = set(EMERGENCY) | {Relation.SELF, Relation.NOBODY}
    if role in FAMILY:
        left_out |= THROUGH_POST
    if role not in AGREEMENT_PERMISSIONS:
        left_out.add(Relation.CIRCLE_AGREED)
    return [relation for relation in Relation if relation not in left_out]

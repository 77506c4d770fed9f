"""Who may stand before a route: a role, and what ties its holder to the patient."""

from dataclasses import dataclass
from enum import StrEnum

from core.access import ROLE_PERMISSIONS, Permission, Role


class Relation(StrEnum):
    """What ties an actor to the patient whose record is asked for."""

    SELF = "self"
    CIRCLE = "circle"
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
    {Relation.SELF, Relation.CIRCLE, Relation.CIRCLE_POST, Relation.REVOKED, Relation.BREAK_GLASS}
)
"""Relations with a live membership; a revoked session is stopped before anybody asks for it."""
WITHOUT_SESSION = frozenset({Relation.EX_POST, Relation.REVOKED, Relation.NOBODY})
WITHOUT_POST = frozenset({Relation.SELF, Relation.NOBODY})


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
        """Role of the acting post."""
        return None if self.is_patient or not self.signed_in else self.role

    def holds(self, permission: Permission) -> bool:
        """Say whether a role held for the patient grants the permission."""
        return any(permission in granted(role) for role in self.roles_held)


def granted(role: Role) -> frozenset[Permission]:
    """Return what a role grants without anybody's agreement."""
    return ROLE_PERMISSIONS[role]


def standings() -> list[Standing]:
    """Return every role in every relation it can have; a patient is himself, or somebody else."""
    patient = [
        Standing(Role.PATIENT, relation)
        for relation in (Relation.SELF, Relation.NONE, Relation.REVOKED, Relation.NOBODY)
    ]
    others = [
        Standing(role, relation)
        for role in Role
        if role is not Role.PATIENT
        for relation in Relation
        if relation not in WITHOUT_POST
    ]
    return patient + others

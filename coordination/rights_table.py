"""The table of rights as people read it: one block a family of roles, one row a right."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from core.access import Permission, Rights, Role
from core.matrix import OF_POSTS


class Cell(StrEnum):
    """What a role may."""

    YES = "yes"
    AGREEMENT = "agreement"
    NO = "no"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A cell, and whether the deployment changed it."""

    cell: Cell
    changed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One right, with a mark for each role of the group."""

    permission: Permission
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Roles that are read side by side."""

    title: str
    roles: tuple[Role, ...]
    rows: tuple[Row, ...]


GROUP_LABELS: Final[dict[str, str]] = {
    "care": "Care",
    "support": "Support and coordination",
    "family": "The patient and those around",
    "posts": "Lists and tools of an organisation",
}

_CARE = (
    Role.GP,
    Role.COORDINATING_DOCTOR,
    Role.HOSPITAL_DOCTOR,
    Role.EMERGENCY,
    Role.HOME_NURSE,
    Role.TELEMONITORING_NURSE,
    Role.PHARMACIST,
    Role.PHYSIOTHERAPIST,
)
_SUPPORT = (Role.DAC_COORDINATOR, Role.SOCIAL_WORKER, Role.HOME_HELP)
_FAMILY = (
    Role.PATIENT,
    Role.CARER,
    Role.TRUSTED_PERSON,
    Role.LEGAL_REPRESENTATIVE,
    Role.PROPERTY_REPRESENTATIVE,
)
_TOOLS = (Role.ADMINISTRATOR, Role.IDENTITY_OFFICER, Role.ACCESS_REVIEWER)

OF_RECORD: Final = tuple(
    one for one in Permission if one not in OF_POSTS and one is not Permission.CONTRIBUTIONS_READ
)
"""Rights on a record, in the order of their families; being the author is no role's right."""


def rights_table(rights: Rights, proposed: Rights) -> list[Group]:
    """Return the table in force; cells that differ from the proposed ones are marked changed."""
    record = [("care", _CARE), ("support", _SUPPORT), ("family", _FAMILY)]
    groups = [
        _group(title, roles, OF_RECORD, rights, proposed, every_row=True) for title, roles in record
    ]
    staff = tuple(role for role in (*_CARE, *_SUPPORT, *_TOOLS) if role is not Role.EMERGENCY)
    posts = tuple(one for one in Permission if one in OF_POSTS)
    return [*groups, _group("posts", staff, posts, rights, proposed, every_row=False)]


def _group(
    title: str,
    roles: tuple[Role, ...],
    permissions: tuple[Permission, ...],
    rights: Rights,
    proposed: Rights,
    *,
    every_row: bool,
) -> Group:
    rows = []
    for permission in permissions:
        marks = tuple(_mark(role, permission, rights, proposed) for role in roles)
        if every_row or any(mark.cell is not Cell.NO for mark in marks):
            rows.append(Row(permission=permission, marks=marks))
    return Group(title=GROUP_LABELS[title], roles=roles, rows=tuple(rows))


def _mark(role: Role, permission: Permission, rights: Rights, proposed: Rights) -> Mark:
    cell = _cell(role, permission, rights)
    return Mark(cell=cell, changed=cell is not _cell(role, permission, proposed))


def _cell(role: Role, permission: Permission, rights: Rights) -> Cell:
    if permission in rights.always.get(role, frozenset()):
        return Cell.YES
    agreed = permission in rights.by_agreement.get(role, frozenset())
    return Cell.AGREEMENT if agreed else Cell.NO

"""Items of a record with rights of their own: who is not shown one, whatever his role grants.

Pure. `access.hidden_from_me` judges the same in the database; a test holds the two equal.
Measurements, allergies and alerts are not items: whoever is on duty must see them to help.
"""

from collections.abc import Iterable, Set
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from core.access import Permission, Role


class ItemKind(StrEnum):
    """What can be hidden from a member of the circle."""

    NOTE = "note"
    DOCUMENT = "document"
    SOCIAL = "social"
    ACTION = "action"


READING: Final = {
    ItemKind.NOTE: Permission.NOTES_READ,
    ItemKind.DOCUMENT: Permission.DOCUMENTS_READ,
    ItemKind.SOCIAL: Permission.SOCIAL_READ,
    ItemKind.ACTION: Permission.ACTIONS_READ,
}
"""The right that opens an item of each kind."""

NEVER_HIDDEN: Final = frozenset({"vitals", "allergies", "alerts"})
"""What nobody can hide: the responder on duty judges by it (proposed)."""

READS_SENSITIVE: Final = frozenset(
    {Role.PATIENT, Role.LEGAL_REPRESENTATIVE, Role.GP, Role.COORDINATING_DOCTOR}
)
"""Who reads a sensitive item besides its author (proposed; FHIR meta.security R, restricted)."""

DECIDES: Final = frozenset({Role.PATIENT, Role.LEGAL_REPRESENTATIVE})
"""Who hides items that others wrote (proposed; CSP L.1110-4: the person may oppose sharing)."""


READS_WITHHELD: Final = frozenset(
    {
        Role.GP,
        Role.COORDINATING_DOCTOR,
        Role.HOME_NURSE,
        Role.PHARMACIST,
        Role.PHYSIOTHERAPIST,
        Role.TELEMONITORING_NURSE,
        Role.SOCIAL_WORKER,
        Role.DAC_COORDINATOR,
        Role.HOSPITAL_DOCTOR,
    }
)
"""Who may read what is not communicable, as far as the table of rights lets them (proposed)."""

NEVER_WITHHELD_TO: Final = frozenset(
    {
        Role.PATIENT,
        Role.CARER,
        Role.TRUSTED_PERSON,
        Role.LEGAL_REPRESENTATIVE,
        Role.PROPERTY_REPRESENTATIVE,
    }
)
"""Who never does, even where he holds another role beside (CSP L.1111-7: third parties)."""


IN_CHARGE: Final = frozenset({Role.GP, Role.COORDINATING_DOCTOR})
"""Who judges again what is withheld, whoever wrote it: it is never hidden from them."""


class Sensitivity(StrEnum):
    """How far an item may go, over every cell of the table of rights."""

    NORMAL = "normal"
    SENSITIVE = "sensitive"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What is judged of an item."""

    item_id: UUID
    patient_id: UUID
    kind: ItemKind
    sensitivity: Sensitivity
    sensitivity_by: UUID | None
    author: UUID
    withheld: bool = False
    """Not communicable to the patient and his family, by itself or by what it belongs to."""
    within: UUID | None = None
    """The item it belongs to, such as the note it answers."""

    @property
    def flagged_by(self) -> UUID | None:
        """Who flagged it, while the flag stands."""
        return None if self.sensitivity == Sensitivity.NORMAL else self.sensitivity_by


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedItem(Item):
    """An item with who signed it and when, for lists that do not say what is in it."""

    author_name: str
    signed_at: datetime
    withheld: bool
    within: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFrom:
    """Who is not shown an item: a party (a person or an organisation) or whoever holds a role."""

    item_id: UUID
    party: UUID | None
    role: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hiding(KeptFrom):
    """The same in words, for those who read the item."""

    id: UUID
    party_kind: str | None
    party_name: str | None
    by: UUID
    by_name: str
    at: datetime
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """A person in the post he acts in, with the roles he holds for the patient now."""

    person: UUID
    organisation: UUID | None
    roles: frozenset[str]
    stands_for: UUID | None = None
    """Whom he replaces in that post: what is kept from that person is kept from him."""
    was_family: bool = False
    """Whether he ever was of the patient's family or represented him."""


@dataclass(frozen=True, slots=True)
class TooSensitive:
    """The item is flagged sensitive and none of his roles reads such items."""


@dataclass(frozen=True, slots=True)
class NotCommunicable:
    """The item is withheld from the patient and his family, and he is not named as its reader."""


@dataclass(frozen=True, slots=True)
class HiddenFrom:
    """Somebody hid the item from him, or from a role he holds."""

    hiding: KeptFrom


@dataclass(frozen=True, slots=True)
class NeverHidden:
    """What was asked to be hidden never can be."""

    what: str


def why_hidden(
    item: Item, hidings: Iterable[KeptFrom], reader: Reader
) -> NotCommunicable | TooSensitive | HiddenFrom | None:
    """Say why an item is not shown to a reader, or None when nothing stands against it.

    An author always sees what he signed. The rights of his roles are judged elsewhere.
    """
    if item.author == reader.person:
        return None
    if item.withheld and (reader.was_family or not reads_withheld(reader.roles)):
        return NotCommunicable()
    if item.sensitivity != Sensitivity.NORMAL and not reader.roles & READS_SENSITIVE:
        return TooSensitive()
    for hiding in hidings:
        if hiding.item_id == item.item_id and _meets(hiding, reader):
            return HiddenFrom(hiding)
    return None


def reads_withheld(roles: Set[str]) -> bool:
    """Whether somebody with these roles may read what is not communicable."""
    return bool(roles & READS_WITHHELD) and not roles & NEVER_WITHHELD_TO


def _meets(hiding: KeptFrom, reader: Reader) -> bool:
    if hiding.role is not None:
        return hiding.role in reader.roles
    return hiding.party in (reader.person, reader.organisation, reader.stands_for)


def parse_kind(raw: str) -> ItemKind | NeverHidden | None:
    """Return the kind of an item; NeverHidden for what cannot be hidden; None for anything else."""
    if raw in NEVER_HIDDEN:
        return NeverHidden(raw)
    return next((kind for kind in ItemKind if kind == raw), None)


def may_decide(item: Item, person: UUID, roles: Set[str]) -> bool:
    """Whether a person decides who sees an item: his own, or any for whom it is about."""
    return item.author == person or bool(DECIDES & roles)


def may_lift(item: Item, by: UUID | None, person: UUID, roles: Set[str]) -> bool:
    """Whether a person undoes what `by` decided on an item.

    The patient always, who represents him unless the patient decided, anybody else his own: an
    author does not undo the patient's choice.
    """
    if not may_decide(item, person, roles):
        return False
    if by is None or by == person or Role.PATIENT in roles:
        return True
    return by != item.patient_id and Role.LEGAL_REPRESENTATIVE in roles

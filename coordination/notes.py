"""Words of shared notes: a signed text that never changes, and from whom it is hidden."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from core.access import Role
from core.items import Hiding, Item, ItemKind, KeptFrom, Reader, Sensitivity, why_hidden


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A note as it was signed (FHIR Communication), with the flag of its item."""

    item_id: UUID
    patient_id: UUID
    author: UUID
    author_name: str
    author_role: str
    author_organisation: str | None
    category: str
    sent: datetime
    text: str
    tags: list[str]
    corrects: UUID | None
    within: UUID | None
    sensitivity: Sensitivity
    sensitivity_by: UUID | None
    withheld: bool
    """Not communicable to the patient and his family, by itself or by what it answers."""
    root_author: UUID | None
    """Of the note it answers, as long as the reader sees that one."""
    root_sensitivity: Sensitivity | None
    opened: bool
    """Whether the reader has opened it before."""

    @property
    def root(self) -> Item | None:
        """What is judged of the note that it answers; None when it answers none he sees."""
        if self.within is None or self.root_author is None or self.root_sensitivity is None:
            return None
        return Item(
            item_id=self.within,
            patient_id=self.patient_id,
            kind=ItemKind.NOTE,
            sensitivity=self.root_sensitivity,
            sensitivity_by=None,
            author=self.root_author,
            withheld=self.withheld,
        )

    @property
    def item(self) -> Item:
        """What is judged of it."""
        return Item(
            item_id=self.item_id,
            patient_id=self.patient_id,
            kind=ItemKind.NOTE,
            sensitivity=self.sensitivity,
            sensitivity_by=self.sensitivity_by,
            author=self.author,
            withheld=self.withheld,
            within=self.within,
        )


def is_shown(note: Note, kept_from: Sequence[KeptFrom], reader: Reader) -> bool:
    """Whether nothing stands against showing a note, nor the one it answers; his own always."""
    if note.author == reader.person:
        return True
    if note.within is not None and note.root is None:
        return False
    judged = [note.item] if note.root is None else [note.item, note.root]
    return all(why_hidden(item, kept_from, reader) is None for item in judged)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """What a person signed himself, with the traits of that day."""

    item_id: UUID
    patient_id: UUID
    kind: str
    author: UUID
    author_name: str
    author_role: str
    author_organisation: str | None
    patient_name: str
    patient_born: date | None
    signed_at: datetime
    category: str
    text: str
    still_in: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftCircle:
    """A circle its former member signed something in."""

    patient_id: UUID
    patient_name: str
    patient_born: date | None
    last_signed_at: datetime
    count: int


def left_circles(contributions: Iterable[Contribution]) -> list[LeftCircle]:
    """Gather contributions by patient, leaving out the circles the person is still in.

    The traits shown are those of the last signature, whatever has changed since.
    """
    groups: dict[UUID, list[Contribution]] = {}
    for one in contributions:
        if not one.still_in:
            groups.setdefault(one.patient_id, []).append(one)
    circles = []
    for patient, signed in groups.items():
        last = max(signed, key=lambda one: one.signed_at)
        circles.append(
            LeftCircle(
                patient_id=patient,
                patient_name=last.patient_name,
                patient_born=last.patient_born,
                last_signed_at=last.signed_at,
                count=len(signed),
            )
        )
    return sorted(circles, key=lambda circle: circle.last_signed_at, reverse=True)


def hidings_of(note: Note, hidings: Iterable[Hiding]) -> list[Hiding]:
    """Return from whom a note is hidden."""
    return [hiding for hiding in hidings if hiding.item_id == note.item_id]


@dataclass(frozen=True, slots=True)
class FromParty:
    """From a person or an organisation of the circle."""

    party: UUID


@dataclass(frozen=True, slots=True)
class FromRole:
    """From whoever holds a role."""

    role: Role


def parse_audience(raw: str) -> FromParty | FromRole | None:
    """Return whom a form means: `party:<uuid>` or `role:<name>`; None for anything else."""
    kind, _, value = raw.partition(":")
    if kind == "role":
        return FromRole(Role(value)) if value in Role.__members__.values() else None
    if kind != "party":
        return None
    try:
        return FromParty(UUID(value))
    except ValueError:
        return None

"""Words of identities as pages show them: earlier versions, pairs to judge, merged records."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from identity.duplicates import Cause
from identity.people import InsStatus, Sex

TRAIT_LABELS: dict[str, str] = {
    "birth_name": "Birth name",
    "birth_first_names": "Birth first names",
    "birth_first_name": "First of the birth first names",
    "used_name": "Used name",
    "used_first_name": "Used first name",
    "birth_date": "Birth date",
    "sex": "Sex",
    "birth_place": "Place of birth (INSEE code)",
    "ins": "INS number",
    "ins_oid": "Authority of the INS number",
    "ins_status": "Status",
    "is_homonym": "Homonym",
    "is_doubtful": "Doubtful identity",
    "is_fictitious": "Fictitious identity",
    "source": "Source of the identity",
    "document": "Identity document seen",
    "phone": "Telephone",
}
"""What of an identity is shown, in this order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierRow:
    """A version of an identity that was current until `until_at`."""

    version: int
    until_at: datetime
    by_name: str | None
    reason: str | None
    traits: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change of an identity: when, by whom, why, and each trait before and after."""

    at: datetime
    by_name: str | None
    reason: str | None
    differences: tuple[tuple[str, Any, Any], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspectRow:
    """One of two records that may be of one person, with how much hangs on it."""

    pair_id: UUID
    cause: Cause
    found_at: datetime
    patient_id: UUID
    birth_name: str
    birth_first_names: str
    used_name: str | None
    used_first_name: str | None
    birth_date: date
    sex: Sex
    birth_place: str | None
    ins: str | None
    ins_status: InsStatus
    is_homonym: bool
    registered_at: datetime
    own: bool
    members: int
    answers: int
    open_alerts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two records that may be of one person, the older first."""

    pair_id: UUID
    cause: Cause
    found_at: datetime
    sides: tuple[SuspectRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """Two records that are read as one."""

    link_id: UUID
    kept_id: UUID
    kept_name: str
    merged_id: UUID
    merged_name: str
    birth_date: date
    linked_at: datetime
    linked_by: str
    reason: str


def pairs_of(rows: Iterable[SuspectRow]) -> list[Pair]:
    """Put the rows of each pair together; they come side by side."""
    return [
        Pair(pair_id=pair, cause=sides[0].cause, found_at=sides[0].found_at, sides=sides)
        for pair, group in groupby(rows, key=lambda row: row.pair_id)
        if len(sides := tuple(group)) == 2
    ]


def changes_of(current: dict[str, Any], earlier: Iterable[EarlierRow]) -> list[Change]:
    """Return what each change did, latest first, from the earlier versions (latest first)."""
    after, changes = current, []
    for row in earlier:
        differences = tuple(
            (trait, row.traits.get(trait), after.get(trait))
            for trait in TRAIT_LABELS
            if row.traits.get(trait) != after.get(trait)
        )
        changes.append(
            Change(at=row.until_at, by_name=row.by_name, reason=row.reason, differences=differences)
        )
        after = row.traits
    return changes

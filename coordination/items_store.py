"""Typed functions over the queries of items, notes and explanations."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core.care import load_held
from core.doors import PersonConnection, ServiceConnection, VisiblePatientId
from core.explain import Tie
from core.items import Hiding, Item, ItemKind, KeptFrom, Reader, Sensitivity, SignedItem
from core.rows import fetch_all, fetch_one
from core.sqlfile import load_queries

_SQL = load_queries("coordination")


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who was ever tied to a patient."""

    person: UUID
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Acting:
    organisation: UUID | None
    stands_for: UUID | None
    was_family: bool


@dataclass(frozen=True, slots=True)
class _Party:
    party: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class _TieRow:
    membership_id: UUID
    role: str
    basis: str
    agreed: list[str]
    mission: str | None
    organisation: UUID | None
    organisation_name: str | None
    post: UUID | None
    starts_at: datetime
    ends_at: datetime | None
    post_starts_at: datetime | None
    post_ends_at: datetime | None
    stands_for: UUID | None

    def tie(self) -> Tie:
        return Tie(
            membership_id=self.membership_id,
            role=self.role,
            basis=self.basis,
            agreed=tuple(self.agreed),
            mission=self.mission,
            organisation=self.organisation,
            organisation_name=self.organisation_name,
            post=self.post,
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            post_starts_at=self.post_starts_at,
            post_ends_at=self.post_ends_at,
            stands_for=self.stands_for,
        )


def load_item(
    conn: PersonConnection, patient: VisiblePatientId, kind: ItemKind, item: UUID
) -> Item | None:
    """Return one item of a kind, if the actor may read it."""
    return fetch_one(conn, _SQL["item"], {"patient": patient, "kind": kind, "item": item}, Item)


def load_items(
    conn: PersonConnection, patient: VisiblePatientId, kind: ItemKind
) -> list[SignedItem]:
    """Return the items of a kind that the actor reads."""
    return fetch_all(conn, _SQL["items_read"], {"patient": patient, "kind": kind}, SignedItem)


def load_items_of(conn: ServiceConnection, patient: UUID, kind: ItemKind) -> list[SignedItem]:
    """Return the items of a kind, for the administrator's command."""
    return fetch_all(conn, _SQL["items_of"], {"patient": patient, "kind": kind}, SignedItem)


def load_kept_from(conn: ServiceConnection, patient: UUID) -> list[KeptFrom]:
    """Return from whom the items of a record are hidden, for the administrator's command."""
    return fetch_all(conn, _SQL["kept_from"], {"patient": patient}, KeptFrom)


def load_to_judge(conn: PersonConnection, patient: VisiblePatientId) -> list[KeptFrom]:
    """Return the exceptions that may concern the actor himself."""
    return fetch_all(conn, _SQL["hidings_to_judge"], {"patient": patient}, KeptFrom)


def load_reader(conn: PersonConnection, patient: VisiblePatientId, person: UUID) -> Reader:
    """Return the actor of the transaction as a reader of items."""
    acting = fetch_one(conn, _SQL["acting_in"], {"patient": patient}, _Acting)
    return Reader(
        person=person,
        organisation=acting.organisation if acting else None,
        stands_for=acting.stands_for if acting else None,
        roles=frozenset(held.role for held in load_held(conn, patient)),
        was_family=acting is None or acting.was_family,
    )


def load_doctors(conn: PersonConnection, patient: VisiblePatientId) -> set[UUID]:
    """Return the doctors in charge of a record and the organisations they act for."""
    return {row.party for row in fetch_all(conn, _SQL["doctors"], {"patient": patient}, _Party)}


def load_hidings(conn: PersonConnection, patient: VisiblePatientId) -> list[Hiding]:
    """Return from whom the items the actor reads are hidden."""
    return fetch_all(conn, _SQL["hidings"], {"patient": patient}, Hiding)


def save_hiding(
    conn: PersonConnection,
    *,
    id: UUID,
    item: UUID,
    party: UUID | None,
    role: str | None,
    by: UUID,
    now: datetime,
    reason: str | None,
) -> None:
    """Hide an item from a party or a role."""
    conn.execute(
        _SQL["hide_item"],
        {
            "id": id,
            "item": item,
            "party": party,
            "role": role,
            "by": by,
            "now": now,
            "reason": reason,
        },
    )


def save_shown(
    conn: PersonConnection, item: UUID, hiding: UUID, *, by: UUID, now: datetime
) -> bool:
    """Show an item again; False when there is nothing of that id the actor may lift."""
    params = {"item": item, "hiding": hiding, "by": by, "now": now}
    return conn.execute(_SQL["show_item"], params).rowcount == 1


def save_sensitivity(
    conn: PersonConnection,
    patient: VisiblePatientId,
    item: UUID,
    sensitivity: Sensitivity,
    *,
    by: UUID,
    now: datetime,
) -> bool:
    """Flag an item, or lift the flag; False when nothing changed."""
    params = {"item": item, "patient": patient, "sensitivity": sensitivity, "by": by, "now": now}
    return conn.execute(_SQL["flag_item"], params).rowcount == 1


def load_people(conn: PersonConnection, patient: VisiblePatientId) -> list[Person]:
    """Return everybody who was ever tied to a patient, by name."""
    return fetch_all(conn, _SQL["tied_people"], {"patient": patient}, Person)


def load_ties(conn: PersonConnection, patient: VisiblePatientId, person: UUID) -> list[Tie]:
    """Return what ever tied a person to a patient, for an actor who may ask."""
    params = {"patient": patient, "person": person}
    return [row.tie() for row in fetch_all(conn, _SQL["ties"], params, _TieRow)]


def load_ties_of(conn: ServiceConnection, patient: UUID, person: UUID) -> list[Tie]:
    """Return what ever tied a person to a patient, for the administrator's command."""
    params = {"patient": patient, "person": person}
    return [row.tie() for row in fetch_all(conn, _SQL["ties_of"], params, _TieRow)]


def load_person(conn: ServiceConnection, person: UUID) -> Person | None:
    """Return a person by id, for the administrator's command."""
    return fetch_one(conn, _SQL["party_name"], {"person": person}, Person)

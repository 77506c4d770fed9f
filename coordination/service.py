"""Use cases of the circle: who is in it, who enters and leaves, who opened the record."""

from dataclasses import dataclass
from uuid import UUID

from coordination import store
from coordination.circle import FollowedPatient, Member, parse_role
from coordination.journal import Access
from core import clock
from core.access import natural_basis
from core.doors import Actor, CareContext, acting_as
from core.ids import new_id

MOST_PATIENTS = 200
"""A page of patients; longer lists belong to the console's queue."""
MOST_ACCESSES = 500


@dataclass(frozen=True, slots=True)
class Added:
    """The person is in the circle from now on."""

    name: str


@dataclass(frozen=True, slots=True)
class NoSuchPerson:
    """Nobody signs in with that name."""


@dataclass(frozen=True, slots=True)
class NoSuchRole:
    """That role cannot be given to a person."""


@dataclass(frozen=True, slots=True)
class AlreadyIn:
    """The person holds that role in the circle already."""

    name: str


def members(ctx: CareContext) -> list[Member]:
    """Return everybody who is or was in the circle; needs `circle:read`."""
    with acting_as(ctx) as conn:
        return store.load_members(conn, ctx.patient)


def followed_patients(actor: Actor) -> list[FollowedPatient]:
    """Return the patients in whose circle the actor is, by name."""
    with acting_as(actor) as conn:
        return store.load_followed(conn, actor.person, clock.now(), MOST_PATIENTS)


def journal(ctx: CareContext) -> list[Access]:
    """Return the latest accesses to the record; needs `audit:read`."""
    with acting_as(ctx) as conn:
        return store.load_journal(conn, ctx.patient, MOST_ACCESSES)


def add_member(
    ctx: CareContext, login: str, role: str, reason: str
) -> Added | NoSuchPerson | NoSuchRole | AlreadyIn:
    """Put the person who signs in as `login` into the circle; needs `circle:manage`."""
    given = parse_role(role)
    if given is None:
        return NoSuchRole()
    now = clock.now()
    with acting_as(ctx, action="C", detail={"role": given}) as conn:
        found = store.load_person(conn, ctx.patient, login.strip())
        if found is None:
            return NoSuchPerson()
        present = store.load_members(conn, ctx.patient)
        if any((m.party, m.role) == (found.party, given) and m.is_live(now) for m in present):
            return AlreadyIn(found.name)
        store.save_member(
            conn,
            id=new_id(now),
            patient=ctx.patient,
            party=found.party,
            role=given,
            basis=natural_basis(given),
            now=now,
            granted_by=ctx.actor.person,
            reason=reason.strip() or None,
        )
    return Added(found.name)


def end_membership(ctx: CareContext, membership: UUID, reason: str) -> bool:
    """Let a member leave now; False when he has left already. Needs `circle:manage`."""
    with acting_as(ctx, action="U", detail={"membership": str(membership)}) as conn:
        return store.save_end(conn, ctx.patient, membership, clock.now(), reason.strip() or None)

"""Use cases of coordinates: reading them, writing them down, flagging the attending physician."""

from dataclasses import dataclass
from uuid import UUID

from coordination.coordinates import store
from coordination.coordinates.coordinates import Contact, Own, Reachable
from coordination.joining import Problem
from coordination.store import take_circle
from core import clock
from core.doors import Actor, CareContext, acting_as


@dataclass(frozen=True, slots=True)
class Done:
    """It is kept."""


@dataclass(frozen=True, slots=True)
class ChangedMeanwhile:
    """Somebody else has changed it since; nothing was kept. `theirs` is how it stands now."""

    theirs: Reachable | None


@dataclass(frozen=True, slots=True)
class Absent:
    """The member is no longer in the circle."""


def coordinates(ctx: CareContext) -> list[Reachable]:
    """Return the members of now with the ways to reach them; needs `circle:read`."""
    with acting_as(ctx, detail={"read": "coordinates"}) as conn:
        return store.load_coordinates(conn, ctx.patient)


def save_contact(
    ctx: CareContext, membership: UUID, contact: Contact, version: int
) -> Done | ChangedMeanwhile | Absent:
    """Write down how a member is reached; needs `circle:manage`."""
    now = clock.now()
    with acting_as(ctx, action="U", detail={"membership": str(membership)}) as conn:
        if store.save_contact(
            conn, ctx.patient, membership, contact, version, ctx.actor.person, now
        ):
            return Done()
        members = {one.membership_id: one for one in store.load_coordinates(conn, ctx.patient)}
    found = members.get(membership)
    return ChangedMeanwhile(found) if found else Absent()


def name_attending(ctx: CareContext, stay: UUID | None, version: int) -> bool | Problem:
    """Flag the attending physician of the circle that was shown; needs `circle:manage`."""
    with acting_as(ctx, action="U", detail={"attending": str(stay or "")}) as conn:
        if not take_circle(conn, ctx.patient, version):
            return Problem.STALE
        return store.save_attending(conn, ctx.patient, stay)


def own(actor: Actor) -> Own:
    """Return how the actor wants to be reached."""
    with acting_as(actor) as conn:
        return store.load_own(conn, actor.person)


def save_own(actor: Actor, said: Own) -> Done | Own:
    """Keep how the actor wants to be reached; else return what stands there now."""
    with acting_as(actor) as conn:
        if store.save_own(conn, actor.person, said, clock.now()):
            return Done()
        return store.load_own(conn, actor.person)

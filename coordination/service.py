"""Use cases of the circle: who is in it, whose circles a person is in, who opened the record."""

from coordination import store
from coordination.circle import FollowedPatient, Member
from coordination.journal import Access
from core import clock
from core.doors import Actor, CareContext, acting_as

MOST_PATIENTS = 200
"""A page of patients; longer lists belong to the console's queue."""
MOST_ACCESSES = 500


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

"""Use cases of the circle: who is in it, whose circles a person is in, who opened the record."""

from uuid import UUID

from coordination import store
from coordination.circle import FollowedPage, Member
from coordination.journal import Access
from core.doors import Actor, CareContext, acting_as

MOST_PATIENTS = 100
"""A page of patients."""
MOST_ACCESSES = 500


def members(ctx: CareContext) -> list[Member]:
    """Return everybody who is or was in the circle; needs `circle:read`."""
    with acting_as(ctx) as conn:
        return store.load_members(conn, ctx.patient)


def followed_patients(actor: Actor, name: str = "", after: UUID | None = None) -> FollowedPage:
    """Return a page of the patients in whose circle the actor is, by family name.

    `name` is a part of a name, from its beginning; `after` the last patient of the page before.
    """
    with acting_as(actor) as conn:
        found = store.load_followed(conn, name=name.strip(), after=after, most=MOST_PATIENTS + 1)
    return FollowedPage(patients=tuple(found[:MOST_PATIENTS]), more=len(found) > MOST_PATIENTS)


def journal(ctx: CareContext) -> list[Access]:
    """Return the latest accesses to the record; needs `audit:read`."""
    with acting_as(ctx) as conn:
        return store.load_journal(conn, ctx.patient, MOST_ACCESSES)

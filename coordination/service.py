"""Use cases of the circle: who is in it, whose circles a person is in, who opened the record."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from coordination import store
from coordination.circle import FollowedPage, Member
from coordination.journal import Journal
from core.audit.machines import load_machine_runs
from core.doors import Actor, CareContext, acting_as

MOST_PATIENTS = 100
"""A page of patients."""
MOST_ACCESSES = 5000
"""Of one month; about 160 a day."""
ONE_DAY: Final = timedelta(days=1)
"""Of the runs of machines; those of a month would be millions."""


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


def journal(ctx: CareContext, since: datetime, until: datetime, now: datetime) -> Journal:
    """Return the accesses to the record in [since, until), and what machines did within a day
    when `now` is in the span; needs `audit:read`."""
    with acting_as(ctx) as conn:
        machines = load_machine_runs(conn, now - ONE_DAY, now) if now < until else []
        return Journal(
            accesses=tuple(store.load_journal(conn, ctx.patient, since, until, MOST_ACCESSES)),
            machines=tuple(machines),
            reaches_back=store.journal_reaches_back(conn, ctx.patient, since),
        )

"""Use cases of a questionnaire laid aside: what a person has filled in so far, for him alone."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from core import clock
from core.doors import CareContext, acting_as
from questionnaires import answers_store as store
from questionnaires.answers_store import Draft, DraftOf

DRAFT_LASTS: Final = timedelta(days=7)
"""How long a draft is kept (proposed)."""


def save_draft(
    ctx: CareContext,
    edition: str,
    given: Mapping[str, object],
    *,
    task: UUID | None = None,
    started_at: datetime | None = None,
) -> None:
    """Save what a person has filled in so far; only he reads it again. Needs `answers:write`."""
    now = clock.now()
    of = DraftOf(patient=ctx.patient, person=ctx.actor.person, edition=edition, task=task)
    with acting_as(ctx, action="U", detail={"edition": edition}) as conn:
        store.save_draft(conn, of, given, started_at=started_at or now, now=now)


def load_draft(ctx: CareContext, edition: str, task: UUID | None = None) -> Draft | None:
    """Return what this person had filled in, if he did so lately; needs `answers:write`."""
    of = DraftOf(patient=ctx.patient, person=ctx.actor.person, edition=edition, task=task)
    with acting_as(ctx, detail={"edition": edition}) as conn:
        return store.load_draft(conn, of, clock.now() - DRAFT_LASTS)

"""Use cases of photographs: keeping one, showing one."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from core import clock
from core.doors import CareContext, PersonConnection, acting_as
from core.ids import new_id
from questionnaires import photo_store as store
from questionnaires.edge.photo import Unusable, draw, turn
from questionnaires.filling import Problem, ProblemKind, Rejected
from questionnaires.photo_store import Photo
from questionnaires.questionnaire import Kind, Questionnaire, Value

MOST_A_DAY: Final = 20
"""Photographs one person may send in 24 hours (proposed; OWASP ASVS 5.2.4)."""


MOST_TRIES_A_DAY: Final = 60
"""Of photographs, those refused included: three for each that may be kept (proposed)."""
MOST_TRIES_A_MINUTE: Final = 6
"""A drawing takes seconds: nobody photographs faster than that (proposed)."""


class NotKept(StrEnum):
    """Why a photograph is not kept, beside what makes it unusable."""

    TOO_MANY_TODAY = "too_many_today"
    TOO_FAST = "too_fast"


def keep(ctx: CareContext, sent: bytes) -> UUID | Unusable | NotKept:
    """Store a photograph drawn anew and return its id; needs `answers:write`.

    A try counts before it is drawn, whatever comes of it: what cannot be read costs as much.
    """
    now = clock.now()
    photo, person = new_id(now), ctx.actor.person
    with turn() as mine:
        if not mine:
            return Unusable.BUSY
        with acting_as(ctx, detail={"photo": str(photo)}) as conn:
            refused = _bounded(store.count_try(conn))
            sent_today = store.count_photos_of(conn, person, now - timedelta(days=1))
        if sent_today >= MOST_A_DAY:
            return NotKept.TOO_MANY_TODAY
        if refused is not None:
            return refused
        drawn = draw(sent)
    if isinstance(drawn, Unusable):
        return drawn
    kept = Photo(id=photo, width=drawn.width, height=drawn.height, bytes=drawn.picture)
    with acting_as(ctx, action="C", detail={"photo": str(photo)}) as conn:
        store.add_photo(conn, ctx.patient, kept, person, now)
    return photo


def count_try(ctx: CareContext) -> NotKept | None:
    """Count a try of the actor to send a picture of any kind; return why it is not to be drawn."""
    with acting_as(ctx.actor, patient=ctx.patient) as conn:
        return _bounded(store.count_try(conn))


def _bounded(tried: store.Tries) -> NotKept | None:
    if tried.in_a_day > MOST_TRIES_A_DAY:
        return NotKept.TOO_MANY_TODAY
    return NotKept.TOO_FAST if tried.in_a_minute > MOST_TRIES_A_MINUTE else None


def show(ctx: CareContext, photo: UUID) -> Photo | None:
    """Return a photograph of the record; needs `answers:read`."""
    with acting_as(ctx, detail={"photo": str(photo)}) as conn:
        return store.load_photo(conn, ctx.patient, photo)


def strange_photos(
    conn: PersonConnection,
    ctx: CareContext,
    questionnaire: Questionnaire,
    values: Mapping[str, Value],
) -> Rejected | None:
    """Return which photographs of an answer the record does not hold, None when it holds all."""
    given = {
        item.link_id: UUID(str(values[item.link_id]))
        for item in questionnaire.flat()
        if item.kind is Kind.PHOTO and item.link_id in values
    }
    if not given:
        return None
    known = store.known_photos(conn, ctx.patient, list(given.values()))
    strange = tuple(
        Problem(link_id=link, kind=ProblemKind.NOT_A_PHOTO)
        for link, photo in given.items()
        if photo not in known
    )
    return Rejected(strange) if strange else None

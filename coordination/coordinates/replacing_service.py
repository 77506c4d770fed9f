"""Use cases of replacements: a member names who takes his place in a circle for some days."""

from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Final
from uuid import UUID

from coordination.coordinates import replacing_store as store
from coordination.coordinates.replacing_store import Replacement
from core import clock
from core.doors import CareContext, acting_as
from core.ids import new_id
from identity.administration.forms import WrongField, parse_period

SAID_SENTENCES: Final[dict[str, str]] = {
    "replaced": "The replacement is written down: it begins and ends by itself.",
    "no_replacement": "You need to be replaced no longer: the record is closed to that person.",
}
PROBLEM_SENTENCES: Final[dict[str, str]] = {
    "gone": "You are not in this circle in person: in a post, choose your substitute there.",
    "dates": "Choose a first day and a later last day, within three months.",
    "nobody": "No professional with a confirmed RPPS number signs in by this name or number.",
    "already": "This person has this role in the circle for these days already.",
}


@dataclass(frozen=True, slots=True)
class Replaced:
    """Somebody takes the place, for those days."""


@dataclass(frozen=True, slots=True)
class NotReplaced:
    """Nothing was changed; `problem` has a sentence."""

    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """Whether the actor may be replaced in a circle, and who replaces him."""

    may: bool
    replacements: tuple[Replacement, ...]


def own(ctx: CareContext) -> Own:
    """Return whether the actor may be replaced in this circle, and by whom he is."""
    with acting_as(ctx.actor, patient=ctx.patient) as conn:
        may = store.may_be_replaced(conn, ctx.patient)
        found = store.load_replacements(conn, ctx.patient) if may else []
    return Own(may=may, replacements=tuple(found))


def name(
    ctx: CareContext, login: str, first: str, last: str, zone: tzinfo
) -> Replaced | NotReplaced:
    """Let somebody take the actor's place; needs to be in the circle himself."""
    now: datetime = clock.now()
    period = parse_period(first, last, zone, now)
    if isinstance(period, WrongField):
        return NotReplaced("dates")
    with acting_as(ctx, action="C", detail={"replacement": "named"}) as conn:
        said = store.save_replacement(
            conn, new_id(now), ctx.patient, login.strip(), period.starts_at, period.ends_at
        )
    return Replaced() if said == "replaced" else NotReplaced(said)


def end(ctx: CareContext, stay: UUID) -> bool:
    """Need to be replaced no longer; False when it was over already."""
    with acting_as(ctx, action="U", detail={"membership": str(stay)}) as conn:
        return store.end_replacement(conn, ctx.patient, stay)

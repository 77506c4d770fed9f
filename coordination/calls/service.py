"""Use cases of calling the silent: the list, « I am calling », what came of it."""

from dataclasses import dataclass
from datetime import datetime

from coordination.calls import store
from coordination.calls.calling import IN_HAND_FOR, CallOutcome, Silent, next_call
from core import clock
from core.access import Permission
from core.doors import Actor, CareContext, acting_as, note_access

MOST = 200


@dataclass(frozen=True, slots=True)
class InHand:
    """The actor is calling him; the others see it."""


@dataclass(frozen=True, slots=True)
class TakenByAnother:
    """Somebody else is calling him."""


@dataclass(frozen=True, slots=True)
class NotOurs:
    """The acting post calls nobody, or its organisation does not follow him."""


@dataclass(frozen=True, slots=True)
class Noted:
    """The call is written down; he is to be called again at `again_at`, or not by itself."""

    again_at: datetime | None


def silent_patients(actor: Actor) -> list[Silent]:
    """Return whom the acting organisation follows and has not heard from; the look is audited.

    Empty for a post that does not grant `queue:read`.
    """
    with acting_as(actor) as conn:
        found = store.load_silent(conn, MOST)
        if found:
            shown = [str(one.patient_id) for one in found]
            note_access(conn, actor, Permission.QUEUE_READ, None, "R", {"patients": shown})
    return found


def take(ctx: CareContext) -> InHand | TakenByAnother | NotOurs:
    """Say that one is calling: for ten minutes the others leave him alone."""
    now = clock.now()
    with acting_as(ctx, action="U", detail={"act": "call"}) as conn:
        holder = store.take_call(conn, ctx.patient, now + IN_HAND_FOR)
    if holder is None:
        return NotOurs()
    return InHand() if holder == ctx.actor.person else TakenByAnother()


def note(ctx: CareContext, outcome: CallOutcome, asked: datetime | None) -> Noted | NotOurs:
    """Write down what came of a call; a wrong number is marked, and he is free for others again."""
    now = clock.now()
    again_at = next_call(outcome, now, asked)
    with acting_as(ctx, action="U", detail={"act": outcome}) as conn:
        done = store.save_call(conn, ctx.patient, outcome, again_at, now)
    return Noted(again_at) if done else NotOurs()

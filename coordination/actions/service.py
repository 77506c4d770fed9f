"""Use cases of actions: give one, say something of it, what waits for somebody."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from psycopg import errors

from coordination import notes_service
from coordination.actions import store
from coordination.actions.action import Act, Action, Unfit, Written, move, parse_given
from coordination.noting import may_know
from core import clock
from core.access import Allowed, Permission, decide
from core.care import load_held
from core.doors import (
    Actor,
    CareContext,
    PersonConnection,
    Service,
    acting_as,
    note_access,
    note_run,
    serving,
)
from core.ids import new_id
from core.rights import rights

BATCH: Final = 100
MOST: Final = 200


@dataclass(frozen=True, slots=True)
class Done:
    """It is done."""


@dataclass(frozen=True, slots=True)
class Gone:
    """The actor sees no such action, note or alert."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionsRead:
    """The actions of a record that the reader sees, and whether he gives others."""

    actions: list[Action]
    events: Mapping[UUID, list[store.ActionEvent]]
    may_write: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What an action came from."""

    note: UUID | None = None
    withheld: bool = False
    alert: UUID | None = None


def actions(ctx: CareContext) -> ActionsRead:
    """Return the actions of a record; needs `actions:read`."""
    with acting_as(ctx, detail={"what": "actions"}) as conn:
        events = dict[UUID, list[store.ActionEvent]]()
        for one in store.load_events(conn, ctx.patient):
            events.setdefault(one.item_id, []).append(one)
        return ActionsRead(
            actions=store.load_actions(conn, ctx.patient, MOST),
            events=events,
            may_write=_grants(conn, ctx, Permission.ACTIONS_WRITE),
        )


def give(
    ctx: CareContext,
    item: UUID,
    written: Written,
    members: Mapping[UUID, frozenset[str]],
    source: Source,
    today: date,
) -> Done | Gone | Unfit:
    """Give something to do; needs `actions:write`. `item` is the form's own id: twice is once.

    One that came from a note that is not communicable is given to nobody who may not know of it.
    """
    now = clock.now()
    given = parse_given(written, members, ctx.actor.person, now, today)
    if isinstance(given, Unfit):
        return given
    if source.withheld:
        roles = members.get(given.owner, frozenset()) if given.owner else frozenset()
        roles |= {given.owner_role} if given.owner_role else frozenset()
        if given.owner != ctx.actor.person and not may_know(roles):
            return Unfit("family")
    try:
        with acting_as(ctx, action="C", detail={"item": str(item)}) as conn:
            ids = (new_id(now), new_id(now))
            given_it = store.give_action(
                conn, ctx.patient, item, given, note=source.note, alert=source.alert, new=ids
            )
            if not given_it:
                raise _NotGivenError
    except (errors.InsufficientPrivilege, _NotGivenError):
        _trace_refused(ctx, item)
        return Gone()
    except errors.UniqueViolation:
        return Unfit("sent")
    return Done()


def _trace_refused(ctx: CareContext, item: UUID) -> None:
    with acting_as(ctx.actor, patient=ctx.patient) as conn:
        note_access(
            conn,
            ctx.actor,
            ctx.permission,
            ctx.patient,
            "C",
            {"item": str(item)},
            outcome="refused",
            through=ctx.through,
        )


def source_of(
    ctx: CareContext, notes: CareContext | None, note: UUID | None, alert: UUID | None
) -> Source | None:
    """Return what an action comes from; None when the actor reads no such note.

    `notes` opens the notes of the record, for whoever may. The alert is judged as it is given.
    """
    if note is None:
        return Source(alert=alert)
    if notes is None:
        return None
    with acting_as(ctx.actor, patient=ctx.patient) as conn:
        found = notes_service.find(conn, notes, note)
    if found is None or found.within is not None:
        return None
    return Source(note=note, withheld=found.withheld, alert=alert)


class _NotGivenError(Exception):
    """What the action is about is not there for its author: nothing of it is kept."""


def say(
    ctx: CareContext, item: UUID, act: Act | None, words: str, version: int
) -> Done | Gone | Unfit:
    """Say something of an action as it stood in `version`; needs `actions:read`.

    Whoever it is given to accepts, refuses and does it; whoever writes the plan takes or ends it.
    """
    now = clock.now()
    with acting_as(ctx.actor, patient=ctx.patient) as conn:
        known = store.load_action(conn, ctx.patient, item)
        note_access(
            conn,
            ctx.actor,
            ctx.permission,
            ctx.patient,
            "U",
            {"item": str(item)},
            outcome="success" if known else "refused",
            through=ctx.through,
        )
        if known is None:
            return Gone()
        if act is None or known.version != version:
            return Unfit("changed" if act else "act")
        may_write = _grants(conn, ctx, Permission.ACTIONS_WRITE)
        moved = move(known, act, words, may_write=may_write)
        if isinstance(moved, Unfit):
            return moved
        saved = store.move_action(conn, known, act, moved, (new_id(now), new_id(now)))
    if saved == "done":
        return Done()
    return Gone() if saved == "gone" else Unfit(saved)


def mine(actor: Actor, most: int = MOST) -> list[store.MyAction]:
    """Return what waits for the actor, by day.

    Each record is traced as one whose circle was looked at: a line of actions would tell the
    patient of one that came from a note withheld from him.
    """
    with acting_as(actor) as conn:
        found = store.load_mine(conn, most)
        for patient in sorted({one.patient_id for one in found}):
            held = decide(load_held(conn, patient), Permission.ACTIONS_READ, rights())
            note_access(
                conn,
                actor,
                Permission.CIRCLE_READ,
                patient,
                "R",
                {"what": "waiting"},
                through=held.through if isinstance(held, Allowed) else None,
            )
    return found


def return_actions() -> int:
    """Give back what nobody accepted in time; the sentinel calls it again and again."""
    with serving(Service.ADMINISTRATION) as conn:
        returned = store.return_actions(conn, BATCH)
        if returned:
            note_run(conn, Service.ADMINISTRATION, "return_actions", returned=returned)
    return returned


def _grants(conn: PersonConnection, ctx: CareContext, permission: Permission) -> bool:
    return isinstance(decide(load_held(conn, ctx.patient), permission, rights()), Allowed)

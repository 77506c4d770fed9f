"""Use cases of requests for support: ask, take back; receive, answer, close."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from coordination.inclusion import notice_service
from coordination.support import store
from coordination.support.request import Act, Asked, Request, Unfit, Written, move, parse_wish
from core import clock
from core.access import Allowed, Permission, decide
from core.care import load_held
from core.doors import Actor, CareContext, Service, acting_as, note_access, note_run, serving
from core.ids import new_id
from core.rights import rights

BATCH: Final = 100
MOST: Final = 200


@dataclass(frozen=True, slots=True)
class Done:
    """It is done."""


@dataclass(frozen=True, slots=True)
class Gone:
    """There is no such request for the actor."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportRead:
    """What was asked for a patient; `centres`: whom the reader may ask."""

    requests: list[Request]
    events: Mapping[UUID, list[store.SupportEvent]]
    centres: list[store.Centre]
    may_ask: bool


def requests(ctx: CareContext) -> SupportRead:
    """Return the requests of a record; needs `support:read`."""
    with acting_as(ctx, detail={"what": "support"}) as conn:
        events = dict[UUID, list[store.SupportEvent]]()
        for one in store.load_events(conn, ctx.patient):
            events.setdefault(one.request_id, []).append(one)
        held = load_held(conn, ctx.patient)
        return SupportRead(
            requests=store.load_requests(conn, ctx.patient, MOST),
            events=events,
            centres=store.load_centres(conn, ctx.patient),
            may_ask=isinstance(decide(held, Permission.SUPPORT_REQUEST, rights()), Allowed),
        )


def send(ctx: CareContext, id: UUID, written: Written) -> Done | Gone | Unfit:
    """Ask a DAC for support; needs `support:request`. `id` is the form's own: twice is once."""
    now = clock.now()
    wish = parse_wish(written, now)
    if isinstance(wish, Unfit):
        return wish
    with acting_as(ctx, action="C", detail={"support": str(id)}) as conn:
        said = store.send(conn, ctx.patient, id, wish, (new_id(now), new_id(now)))
    if said != "done":
        return Gone() if said == "gone" else Unfit(said)
    notice_service.tell(now)
    return Done()


def withdraw(ctx: CareContext, id: UUID, version: int) -> Done | Gone | Unfit:
    """Take back what the actor asked for; needs `support:request`."""
    now = clock.now()
    with acting_as(ctx, action="U", detail={"support": str(id)}) as conn:
        mine = [one for one in store.load_requests(conn, ctx.patient, MOST) if one.mine]
        known = next((one for one in mine if one.id == id), None)
        if known is None:
            return Gone()
        moved = move(known, Act.WITHDRAW, "", "")
        if isinstance(moved, Unfit):
            return moved
        ids = (new_id(now), new_id(now))
        said = store.save_move(conn, id, Act.WITHDRAW, moved, version, ids)
    return _told(said)


def asked(actor: Actor) -> list[Asked]:
    """Return what the acting organisation is asked; needs a post with `support:answer`.

    Each record is traced: the request is the one thing of it that is read.
    """
    with acting_as(actor) as conn:
        found = store.load_asked(conn, MOST)
        note_access(conn, actor, Permission.SUPPORT_ANSWER, None, "R", {"requests": len(found)})
        for patient in sorted({one.patient_id for one in found}):
            note_access(conn, actor, Permission.SUPPORT_ANSWER, patient, "R", {"what": "support"})
    return found


def act(
    actor: Actor, id: UUID, what: Act, answer: str, outcome: str, version: int
) -> Done | Gone | Unfit:
    """Receive, answer, close or open again what one's DAC is asked; needs `support:answer`."""
    now = clock.now()
    with acting_as(actor) as conn:
        known = store.load_one_asked(conn, id)
        if known is None or what is Act.WITHDRAW:
            return Gone()
        about = {"support": str(id), "act": str(what)}
        note_access(conn, actor, Permission.SUPPORT_ANSWER, known.patient_id, "U", about)
        if known.version != version:
            return Unfit("changed")
        moved = move(known, what, answer, outcome)
        if isinstance(moved, Unfit):
            return moved
        said = store.save_move(conn, id, what, moved, version, (new_id(now), new_id(now)))
    return _told(said)


def tell_late() -> int:
    """Tell again of what nobody received in time; the sentinel calls it again and again."""
    with serving(Service.ADMINISTRATION) as conn:
        told = store.tell_late(conn, BATCH)
        if told:
            note_run(conn, Service.ADMINISTRATION, "tell_late_support", told=told)
    return told


def _told(said: store.Said) -> Done | Gone | Unfit:
    if said != "done":
        return Gone() if said == "gone" else Unfit(said)
    notice_service.tell(clock.now())
    return Done()

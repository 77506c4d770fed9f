"""Use cases of stays in hospital: see them, mark them, be asked of those that wait."""

from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Final
from uuid import UUID

from coordination.stays import store
from coordination.stays.stay import Act, Marked, Said, Stay, Unfit, begin, mark
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
MOST: Final = 50


@dataclass(frozen=True, slots=True)
class Done:
    """It is marked; the circle is told by the next pass."""


@dataclass(frozen=True, slots=True)
class Gone:
    """There is no such stay in this record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StaysRead:
    """The stays of a record, who marked what, and whether the reader may mark."""

    stays: list[Stay]
    events: list[store.StayEvent]
    may_write: bool
    may_plan: bool
    """Whether he may begin a plan of questions."""
    asked: bool
    """Whether a plan of questions is running."""

    @property
    def now(self) -> Stay | None:
        """The stay that is open."""
        return next((one for one in self.stays if one.is_open), None)

    @property
    def to_call(self) -> Stay | None:
        """The stay after which nobody has spoken with the patient."""
        latest = next((one for one in self.stays if one.state != "cancelled"), None)
        return latest if latest is not None and latest.waits_for_call() else None


def stays(ctx: CareContext) -> StaysRead:
    """Return the stays of a record; needs `stays:read`."""
    with acting_as(ctx, detail={"what": "stays"}) as conn:
        return StaysRead(
            stays=store.load_stays(conn, ctx.patient, MOST),
            events=store.load_events(conn, ctx.patient, MOST),
            may_write=_grants(conn, ctx, Permission.STAYS_WRITE),
            may_plan=_grants(conn, ctx, Permission.MONITORING_WRITE),
            asked=store.is_asked(conn, ctx.patient),
        )


def open_stay(ctx: CareContext, act: Act, said: Said, zone: tzinfo) -> Done | Gone | Unfit:
    """Mark « Hospitalisé » or « Passage aux urgences »; needs `stays:write`."""
    now = clock.now()
    id = new_id(now)
    marked = begin(id, ctx.patient, act, said, now, zone)
    with acting_as(ctx, action="C", detail={"stay": str(id), "act": act}) as conn:
        return _save(conn, marked, act, now)


def change_stay(
    ctx: CareContext, stay: UUID, act: Act, said: Said, zone: tzinfo, version: int
) -> Done | Gone | Unfit:
    """Mark something of a stay, as it stood in `version`; needs `stays:write`."""
    now = clock.now()
    with acting_as(ctx, action="U", detail={"stay": str(stay), "act": act}) as conn:
        known = store.load_stay(conn, ctx.patient, stay)
        if known is None:
            return Gone()
        if known.version != version:
            return Unfit("changed")
        return _save(conn, mark(known, act, said, now, zone), act, now)


def _save(
    conn: PersonConnection, marked: Marked | Unfit, act: Act, now: datetime
) -> Done | Gone | Unfit:
    if isinstance(marked, Unfit):
        return marked
    saved = store.save_stay(conn, marked, act, [new_id(now) for _ in range(3)])
    if saved == "done":
        return Done()
    return Gone() if saved == "gone" else Unfit(saved)


def waiting(actor: Actor) -> list[store.Waiting]:
    """Return the stays of the actor's patients that wait for somebody; each record is traced."""
    with acting_as(actor) as conn:
        found = store.load_waiting(conn, MOST)
        for patient in sorted({one.patient_id for one in found}):
            held = decide(load_held(conn, patient), Permission.STAYS_WRITE, rights())
            note_access(
                conn,
                actor,
                Permission.STAYS_READ,
                patient,
                "R",
                {"what": "waiting"},
                through=held.through if isinstance(held, Allowed) else None,
            )
    return found


def ask_of_stays() -> int:
    """Ask people of stays that are open too long and of calls that are late; return how many.

    The sentinel calls it again and again: each is asked once until somebody says something.
    """
    with serving(Service.ADMINISTRATION) as conn:
        asked = store.ask_of_stays(conn, BATCH)
        if asked:
            note_run(conn, Service.ADMINISTRATION, "ask_of_stays", asked=asked)
    return asked


def _grants(conn: PersonConnection, ctx: CareContext, permission: Permission) -> bool:
    return isinstance(decide(load_held(conn, ctx.patient), permission, rights()), Allowed)

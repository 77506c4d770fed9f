"""Use cases of pauses: a pause always ends, by itself if nobody ends it."""

from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from core import clock
from core.doors import CareContext, PersonConnection, acting_as
from core.ids import new_id
from questionnaires.plans import store
from questionnaires.plans.pausing import refuse_pause
from questionnaires.plans.plan import Pause, PauseReason, PauseRequest, PlanRefused
from questionnaires.plans.zones import days_span, find_zone


def pause(
    ctx: CareContext,
    reason: PauseReason,
    starts_at: datetime,
    ends_at: datetime,
    *,
    request: UUID | None = None,
) -> UUID | PlanRefused:
    """Ask the patient nothing for a stretch; needs `monitoring:write`.

    Tasks that fall due in it are paused and never missed; a deadline whose alarm has passed is no
    more touched. `request` is the one that this pause grants. Refused: `pause`, `pause_by_law`,
    `answered`.
    """
    with acting_as(ctx, action="C", detail={"pause": reason}) as conn:
        now = clock.now()
        refused = refuse_pause(store.load_plans(conn, ctx.patient), starts_at, ends_at, now)
        if refused is not None:
            return refused
        if request is not None and not _waits(conn, ctx, request):
            return PlanRefused("answered")
        id = new_id(now)
        store.save_pause(
            conn,
            id=id,
            patient=ctx.patient,
            reason=reason,
            span=(starts_at, ends_at),
            by=ctx.actor.person,
            now=now,
        )
        if request is not None:
            by = ctx.actor.person
            store.save_request_answer(conn, ctx.patient, request, pause=id, by=by, now=now)
        return id


def _waits(conn: PersonConnection, ctx: CareContext, request: UUID) -> bool:
    return any(one.id == request for one in store.load_pause_requests(conn, ctx.patient))


def resume(ctx: CareContext, pause_id: UUID | None = None) -> PlanRefused | None:
    """End one pause now, or all there are, also those that have not begun.

    What is still to come is asked again. Needs `monitoring:write`. Refused: `not_paused`.
    """
    with acting_as(ctx, action="U") as conn:
        now = clock.now()
        running = store.lock_pauses(conn, ctx.patient, now)
        chosen = [one.id for one in running if pause_id in (None, one.id)]
        if not chosen:
            return PlanRefused("not_paused")
        store.save_resumption(conn, ctx.patient, chosen, ctx.actor.person, now)
    return None


def pauses(ctx: CareContext) -> list[Pause]:
    """Return the patient's last pauses, the one that ends last first."""
    with acting_as(ctx) as conn:
        return store.load_pauses(conn, ctx.patient)


def request_pause(
    ctx: CareContext, reason: PauseReason, first: date, last: date, note: str = ""
) -> UUID | PlanRefused:
    """Ask for a pause, as the patient or who answers for him; needs `answers:write`.

    A person of the team answers; until then everything is asked as before. Refused: `pause`.
    """
    with acting_as(ctx, action="C", detail={"pause": reason}) as conn:
        now = clock.now()
        starts_at, ends_at = days_span(first, last, _zone(conn, ctx))
        plans = store.load_plans(conn, ctx.patient)
        refused = refuse_pause(plans, starts_at, ends_at, now)
        if refused is not None:
            return refused
        id = new_id(now)
        store.save_pause_request(
            conn,
            id=id,
            patient=ctx.patient,
            reason=reason,
            days=(first, last),
            note=note.strip()[:500],
            by=ctx.actor.person,
            now=now,
        )
        return id


def today(ctx: CareContext, now: datetime) -> date:
    """Return the day it is where the patient lives; needs `answers:write`."""
    with acting_as(ctx) as conn:
        return now.astimezone(_zone(conn, ctx)).date()


def _zone(conn: PersonConnection, ctx: CareContext) -> ZoneInfo:
    """Return the zone of the patient's running plan, else that of mainland France."""
    plans = store.load_plans(conn, ctx.patient)
    return (find_zone(plans[0].zone) if plans else None) or ZoneInfo("Europe/Paris")


def pause_days(
    ctx: CareContext,
    reason: PauseReason,
    first: date,
    last: date,
    *,
    request: UUID | None = None,
) -> UUID | PlanRefused:
    """Pause whole days where the patient lives, both included; one begun today begins now."""
    with acting_as(ctx) as conn:
        starts_at, ends_at = days_span(first, last, _zone(conn, ctx))
    now = clock.now()
    return pause(ctx, reason, max(starts_at, now), ends_at, request=request)


def pause_requests(ctx: CareContext) -> list[PauseRequest]:
    """Return what the patient asked for and nobody has answered."""
    with acting_as(ctx) as conn:
        return store.load_pause_requests(conn, ctx.patient)


def refuse_request(ctx: CareContext, request: UUID) -> PlanRefused | None:
    """Answer a request with no pause; refused: `answered`. Needs `monitoring:write`."""
    with acting_as(ctx, action="U", detail={"request": str(request)}) as conn:
        by, now = ctx.actor.person, clock.now()
        done = store.save_request_answer(conn, ctx.patient, request, pause=None, by=by, now=now)
    return None if done else PlanRefused("answered")

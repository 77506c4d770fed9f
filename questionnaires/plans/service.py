"""Use cases of plans: start, change, pause, end, and the tasks of the day.

Reading needs `answers:read`, changing `monitoring:write`, settling a task `answers:write`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from importlib.resources import files
from uuid import UUID

from core import clock
from core.doors import CareContext, PersonConnection, ServiceConnection, acting_as
from core.ids import new_id
from questionnaires.plans import asked_store, store
from questionnaires.plans.changing import Change, new_schedule
from questionnaires.plans.editions_service import active_digests
from questionnaires.plans.plan import PlanRefused, Task
from questionnaires.plans.planning_service import plan_one
from questionnaires.plans.programme import Programme, parse_programme
from questionnaires.plans.schedule import Schedule
from questionnaires.plans.zones import find_zone, today_in

AnyConnection = PersonConnection | ServiceConnection
Pinned = Mapping[str, str]
"""Name of a questionnaire to the digest of the edition that is asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What whoever starts a plan chooses; None takes what the programme proposes.

    `times`: questionnaire to times of day (« HH:MM »), in the patient's `zone`.
    """

    zone: str = "Europe/Paris"
    starts_on: date | None = None
    ends_on: date | None = None
    times: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    high_risk: bool | None = None
    reminders: bool = True
    silence_alert: bool = True


@lru_cache
def programmes() -> Mapping[str, Programme]:
    """Return the newest version of each programme that is shipped, by its id."""
    folder = files("questionnaires.plans") / "programmes"
    shipped = [parse_programme(file.read_bytes()) for file in folder.iterdir()]
    return {one.id: one for one in sorted(shipped, key=lambda each: (each.id, each.version))}


def pin(programme: Programme) -> Pinned | PlanRefused:
    """Return the edition that each questionnaire of a programme is asked in from now on.

    Call it before a transaction is opened: it opens one of its own.
    """
    names = {line.questionnaire for line in programme.lines}
    pinned = active_digests(names)
    return pinned if pinned.keys() >= names else PlanRefused("edition")


def start_plan(
    ctx: CareContext, programme: str, choices: Choices | None = None
) -> UUID | PlanRefused:
    """Start a plan of a programme and make its first tasks; return its id.

    Refused: `programme`, `edition`, `zone`, `dates`, `times`, `by_law`, `running`, `dead`,
    `unshared`, `archived`.
    """
    known = programmes().get(programme)
    if known is None:
        return PlanRefused("programme")
    pinned = pin(known)
    if isinstance(pinned, PlanRefused):
        return pinned
    with acting_as(ctx, action="C", detail={"programme": programme}) as conn:
        closed = asked_store.hold_open(conn, ctx.patient)
        if closed is not None:
            return PlanRefused(closed)
        by, now = ctx.actor.person, clock.now()
        return begin_plan(conn, ctx.patient, by, known, pinned, choices or Choices(), now)


def begin_plan(
    conn: AnyConnection,
    patient: UUID,
    by: UUID,
    programme: Programme,
    pinned: Pinned,
    choices: Choices,
    now: datetime,
) -> UUID | PlanRefused:
    """Start a plan in the caller's transaction, which holds the record open; see `start_plan`."""
    zone = find_zone(choices.zone)
    if zone is None or (programme.required_by_law and not choices.silence_alert):
        return PlanRefused("zone" if zone is None else "by_law")
    days = _days(programme, choices, today_in(zone, now))
    if days is None:
        return PlanRefused("dates")
    schedules = _schedules(programme, choices)
    if isinstance(schedules, PlanRefused):
        return schedules
    plan = new_id(now)
    saved = store.save_plan(
        conn,
        id=plan,
        patient=patient,
        programme=(programme.id, programme.version),
        title=programme.title,
        zone=choices.zone,
        days=days,
        high_risk=programme.high_risk if choices.high_risk is None else choices.high_risk,
        required_by_law=programme.required_by_law is not None,
        silence_alert=choices.silence_alert,
        by=by,
        now=now,
    )
    if not saved:
        return PlanRefused("dead" if asked_store.has_died(conn, patient) else "running")
    for name, schedule in schedules.items():
        add_line(conn, plan, patient, name, pinned[name], schedule, days[0], now)
    ask_first(conn, plan, patient, now)
    return plan


def _days(programme: Programme, choices: Choices, today: date) -> tuple[date, date | None] | None:
    """Return the first and last day of a plan; None when they do not fit."""
    first = choices.starts_on or today
    usual = first + timedelta(days=programme.days - 1) if programme.days else None
    last = choices.ends_on or usual
    return None if first < today or (last is not None and last < first) else (first, last)


def _schedules(programme: Programme, choices: Choices) -> dict[str, Schedule] | PlanRefused:
    chosen: dict[str, Schedule] = {}
    for line in programme.lines:
        change = Change(times=choices.times, reminders=choices.reminders)
        schedule = new_schedule(line.questionnaire, line.schedule, change)
        if schedule is None:
            return PlanRefused("times")
        chosen[line.questionnaire] = schedule
    return chosen


def add_line(
    conn: AnyConnection,
    plan: UUID,
    patient: UUID,
    questionnaire: str,
    edition: str,
    schedule: Schedule,
    first_day: date,
    begins_at: datetime,
) -> None:
    """Ask a questionnaire of a plan at occasions after `begins_at`, counted from a day."""
    store.save_line(
        conn,
        id=new_id(begins_at),
        plan=plan,
        patient=patient,
        questionnaire=questionnaire,
        edition=edition,
        schedule=schedule,
        begins_at=begins_at,
        first_day=first_day,
    )


def ask_first(conn: AnyConnection, plan: UUID, patient: UUID, now: datetime) -> None:
    """Make the first tasks at once; those in a pause wait for nobody."""
    plan_one(conn, plan, now)
    store.apply_pauses(conn, patient, now)


def end_plan(
    conn: AnyConnection,
    patient: UUID,
    reason: str,
    now: datetime,
    *,
    by: UUID | None = None,
    plan: UUID | None = None,
) -> int:
    """End the running plans of a patient, or one, in the caller's transaction; return how many.

    Their open tasks are cancelled. A deadline whose alarm has passed stays, to be found missed.
    """
    return len(store.end_plans(conn, patient, plan, reason, by, now))


def stop_plan(ctx: CareContext, plan: UUID, reason: str) -> PlanRefused | None:
    """End one plan of the patient in hand; refused: `ended`."""
    with acting_as(ctx, action="U", detail={"plan": str(plan), "reason": reason}) as conn:
        by, now = ctx.actor.person, clock.now()
        ended = end_plan(conn, ctx.patient, reason, now, by=by, plan=plan)
    return None if ended else PlanRefused("ended")


def tasks_today(ctx: CareContext, now: datetime) -> list[Task]:
    """Return what the patient is asked today where he lives, and what is still open from before."""
    with acting_as(ctx) as conn:
        return store.load_tasks_today(conn, ctx.patient, now)


def load_task(ctx: CareContext, task: UUID) -> Task | None:
    """Return one task of the patient, in whatever state."""
    with acting_as(ctx, detail={"task": str(task)}) as conn:
        return store.load_task(conn, ctx.patient, task)


def task_waiting(
    conn: PersonConnection, ctx: CareContext, questionnaire: str, at: datetime
) -> UUID | None:
    """Return the task that an answer given at `at` settles though nobody said which it is for.

    The first due of those open then; else the last one missed, if its alarm was within 24 hours
    (proposed). None: nobody asked for this questionnaire then, or the actor may not read answers.
    """
    return asked_store.load_task_waiting(conn, ctx.patient, questionnaire, at)


def complete_task(conn: PersonConnection, task: UUID, answer: UUID, now: datetime) -> str | None:
    """Settle a task with its answer in the caller's transaction; return the state it has then.

    None: it is not of this patient, or it was answered already. A missed task stays missed, and
    says that the answer came after all.
    """
    return store.complete_task(conn, task, answer, now)

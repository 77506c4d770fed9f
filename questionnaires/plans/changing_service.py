"""Changing a running plan: from now on, never what was asked and answered."""

from datetime import date, datetime
from uuid import UUID

from core import clock
from core.doors import CareContext, PersonConnection, acting_as
from questionnaires.plans import store
from questionnaires.plans.changing import Change, new_end, new_schedule
from questionnaires.plans.editions_service import active_digests
from questionnaires.plans.plan import Line, Plan, PlanRefused
from questionnaires.plans.schedule import Schedule
from questionnaires.plans.service import add_line, ask_first, programmes


def change_plan(ctx: CareContext, plan: UUID, change: Change) -> PlanRefused | None:
    """Change a running plan from now on; what was asked and answered stays as it was.

    Refused: `ended`, `zone`, `dates`, `times`, `by_law`.
    """
    with acting_as(ctx, action="U", detail={"plan": str(plan)}) as conn:
        now = clock.now()
        known = store.lock_plan(conn, ctx.patient, plan)
        if known is None or known.ended_at is not None:
            return PlanRefused("ended")
        if known.required_by_law and change.silence_alert is False:
            return PlanRefused("by_law")
        ends_on = new_end(known, change, now)
        if isinstance(ends_on, PlanRefused):
            return ends_on
        wanted = _new_schedules(conn, known, change)
        if wanted is None:
            return PlanRefused("times")
        _save_change(conn, known, change, ends_on, now)
        moved = change.zone is not None and change.zone != known.zone
        for line, schedule in wanted:
            if moved or schedule != line.schedule:
                replace_line(conn, line, line.edition, schedule, now)
        ask_first(conn, plan, known.patient_id, now)
    return None


def _new_schedules(
    conn: PersonConnection, known: Plan, change: Change
) -> list[tuple[Line, Schedule]] | None:
    """Return each running line with its schedule after a change; None when a time is none."""
    wanted: list[tuple[Line, Schedule]] = []
    for line in _live(store.load_lines(conn, [known.id])):
        proposed = _reminders(known, line)
        schedule = new_schedule(line.questionnaire, line.schedule, change, proposed)
        if schedule is None:
            return None
        wanted.append((line, schedule))
    return wanted


def _save_change(
    conn: PersonConnection, known: Plan, change: Change, ends_on: date | None, now: datetime
) -> None:
    """Store the new plan, then let the days that changed follow."""
    store.save_change(
        conn,
        known.id,
        zone=change.zone or known.zone,
        ends_on=ends_on,
        high_risk=known.high_risk if change.high_risk is None else change.high_risk,
        silence_alert=(
            known.silence_alert if change.silence_alert is None else change.silence_alert
        ),
    )
    if ends_on != known.ends_on:
        store.add_days(conn, known.id, now)
        if ends_on is not None:
            store.cut_days(conn, known.id, change.first_instant_after(known, ends_on), now)


def _reminders(plan: Plan, line: Line) -> tuple[int, ...]:
    """Return the reminders that the plan's programme proposes for a questionnaire."""
    programme = programmes().get(plan.programme)
    named = (
        [one for one in programme.lines if one.questionnaire == line.questionnaire]
        if (programme)
        else []
    )
    return named[0].schedule.reminder_minutes if named else ()


def _live(lines: list[Line]) -> list[Line]:
    return [line for line in lines if line.ended_at is None]


def live_line(conn: PersonConnection, plan: UUID, questionnaire: str) -> Line | None:
    """Return the line by which a plan asks a questionnaire now."""
    live = _live(store.load_lines(conn, [plan]))
    return next((line for line in live if line.questionnaire == questionnaire), None)


def replace_line(
    conn: PersonConnection, line: Line, edition: str, schedule: Schedule, now: datetime
) -> None:
    """Ask from now on in another edition or rhythm: another line takes the place of this one."""
    at = store.end_line(conn, line.id, now)
    first, name = line.first_day, line.questionnaire
    add_line(conn, line.plan_id, line.patient_id, name, edition, schedule, first, at)


def move_to_active_editions(ctx: CareContext, plan: UUID) -> PlanRefused | None:
    """Ask a running plan's questionnaires in the editions that are published now.

    Answers already given keep theirs. Refused: `ended`, `edition`.
    """
    with acting_as(ctx) as conn:
        names = {line.questionnaire for line in _live(store.load_lines(conn, [plan]))}
    pinned = active_digests(names)
    with acting_as(ctx, action="U", detail={"plan": str(plan)}) as conn:
        now = clock.now()
        known = store.lock_plan(conn, ctx.patient, plan)
        if known is None or known.ended_at is not None:
            return PlanRefused("ended")
        for line in _live(store.load_lines(conn, [plan])):
            edition = pinned.get(line.questionnaire, line.edition)
            if edition != line.edition:
                replace_line(conn, line, edition, line.schedule, now)
        ask_first(conn, plan, known.patient_id, now)
    return None

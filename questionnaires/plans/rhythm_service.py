"""One questionnaire of a running plan: its rhythm, asking one more, asking one no longer."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from core import clock
from core.doors import CareContext, PersonConnection, acting_as
from questionnaires.choosing_service import choices_for
from questionnaires.plans import store
from questionnaires.plans.changing_service import live_line, replace_line
from questionnaires.plans.editions_service import active_digests
from questionnaires.plans.forms import known_zone
from questionnaires.plans.plan import Line, Plan, PlanRefused
from questionnaires.plans.rhythm import keeps_the_law, next_occasions
from questionnaires.plans.schedule import Schedule, first_day_of
from questionnaires.plans.service import add_line, ask_first, programmes
from questionnaires.plans.zones import find_zone


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A plan, and the line by which it asks a questionnaire; None: it does not."""

    plan: Plan
    line: Line | None
    by_law: Schedule | None
    """The rhythm of its programme, when the law says that it is asked."""


def load_asked(ctx: CareContext, plan: UUID, questionnaire: str) -> Asked | None:
    """Return how a running plan of the patient asks a questionnaire; None: no such plan."""
    with acting_as(ctx, detail={"plan": str(plan)}) as conn:
        known = next((one for one in store.load_plans(conn, ctx.patient) if one.id == plan), None)
        if known is None or known.ended_at is not None:
            return None
        line = live_line(conn, plan, questionnaire)
    return Asked(plan=known, line=line, by_law=_by_law(known, questionnaire))


def published(ctx: CareContext) -> list[str]:
    """Return the names of the questionnaires a plan may ask a patient."""
    return [choice.edition.name for choice in choices_for(ctx)]


def set_rhythm(
    ctx: CareContext, plan: UUID, questionnaire: str, schedule: Schedule
) -> PlanRefused | None:
    """Ask a questionnaire in this rhythm from now on; one more, when the plan did not ask it.

    Refused: `ended`, `edition`, `never`, `by_law_rhythm`.
    """
    pinned = active_digests([questionnaire])
    detail = {"plan": str(plan), "questionnaire": questionnaire}
    with acting_as(ctx, action="U", detail=detail) as conn:
        now = clock.now()
        known = store.lock_plan(conn, ctx.patient, plan)
        zone = find_zone(known.zone) if known else None
        if known is None or known.ended_at is not None or zone is None:
            return PlanRefused("ended")
        if _breaks_the_law(known, questionnaire, schedule):
            return PlanRefused("by_law_rhythm")
        line = live_line(conn, plan, questionnaire)
        first_day = counted_from(line, known, schedule, now)
        if not next_occasions(schedule, zone, first_day, known.ends_on, now):
            return PlanRefused("never")
        if line is None and questionnaire not in pinned:
            return PlanRefused("edition")
        if line is None:
            edition = pinned[questionnaire]
            add_line(conn, plan, known.patient_id, questionnaire, edition, schedule, first_day, now)
        elif schedule != line.schedule:
            replace_line(conn, line, line.edition, schedule, now)
        ask_first(conn, plan, known.patient_id, now)
    return None


def counted_from(line: Line | None, plan: Plan, schedule: Schedule, now: datetime) -> date:
    """Return the day from which a rhythm counts: the line's own, or the day it would be added."""
    if line is not None:
        return line.first_day
    return first_day_of(schedule, known_zone(plan.zone), plan.starts_on, now)


def stop_asking(ctx: CareContext, plan: UUID, questionnaire: str) -> PlanRefused | None:
    """Ask a questionnaire no longer; what was asked and answered stays.

    Refused: `ended`, `by_law_rhythm`, `last` for the only one: then the plan itself is ended.
    """
    detail = {"plan": str(plan), "questionnaire": questionnaire, "act": "remove"}
    with acting_as(ctx, action="U", detail=detail) as conn:
        known = store.lock_plan(conn, ctx.patient, plan)
        line = live_line(conn, plan, questionnaire) if known else None
        if known is None or known.ended_at is not None or line is None:
            return PlanRefused("ended")
        if _by_law(known, questionnaire) is not None:
            return PlanRefused("by_law_rhythm")
        if _is_alone(conn, line):
            return PlanRefused("last")
        store.end_line(conn, line.id, clock.now())
    return None


def _is_alone(conn: PersonConnection, line: Line) -> bool:
    lines = store.load_lines(conn, [line.plan_id])
    return not [one for one in lines if one.ended_at is None and one.id != line.id]


def _by_law(plan: Plan, questionnaire: str) -> Schedule | None:
    """Return the rhythm of the programme for a questionnaire that the law wants asked."""
    programme = programmes().get(plan.programme) if plan.required_by_law else None
    lines = programme.lines if programme else ()
    return next((one.schedule for one in lines if one.questionnaire == questionnaire), None)


def _breaks_the_law(plan: Plan, questionnaire: str, schedule: Schedule) -> bool:
    least = _by_law(plan, questionnaire)
    return least is not None and not keeps_the_law(schedule, least)

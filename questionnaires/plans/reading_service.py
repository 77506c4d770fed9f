"""Reading a patient's plan for its page, in one audited transaction."""

from datetime import datetime

from core.doors import CareContext, acting_as
from questionnaires.plans import store
from questionnaires.plans.editions_service import active_digests
from questionnaires.plans.shown import SHOWN_AHEAD, SHOWN_BACK, PlanPage, page_of


def plan_page(ctx: CareContext, now: datetime) -> PlanPage:
    """Return everything the page of a patient's plan shows; needs `answers:read`."""
    with acting_as(ctx) as conn:
        plans = store.load_plans(conn, ctx.patient)
        running = [plan.id for plan in plans if plan.ended_at is None]
        lines = store.load_lines(conn, running)
        found = (
            store.load_tasks(conn, ctx.patient, now - SHOWN_BACK, now + SHOWN_AHEAD),
            store.load_pauses(conn, ctx.patient),
            store.load_pause_requests(conn, ctx.patient),
        )
    active = active_digests({line.questionnaire for line in lines})
    return page_of(plans, lines, *found, active, now)

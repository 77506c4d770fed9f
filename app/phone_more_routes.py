"""More of the phone, all behind two factors: messages, values, team, a pause, help."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Response
from fastapi.responses import RedirectResponse

from alerts import call_back_service, trends_service
from alerts.trends import VITAL_LABELS, Way
from coordination import membership_service
from core import clock
from core.access import Permission, Role
from core.doors import CareContext
from core.i18n import zone
from core.settings import settings
from core.vitals import VITALS
from identity.edge.http import Visit, html, own_record, visit
from identity.edge.staff_words import say_member, say_staff, shows_role
from identity.words import role_label, say_phone
from questionnaires import observed_service, phone_service
from questionnaires.plans import pausing_service
from questionnaires.plans.plan import PauseReason, PlanRefused
from questionnaires.questionnaire import said
from questionnaires.showing import say_answer

router = APIRouter(include_in_schema=False)
AtVisit = Annotated[Visit, Depends(visit)]
Reads = Annotated[CareContext, Depends(own_record(Permission.ANSWERS_READ))]
Writes = Annotated[CareContext, Depends(own_record(Permission.ANSWERS_WRITE))]
Values = Annotated[CareContext, Depends(own_record(Permission.VITALS_READ))]
Circle = Annotated[CareContext, Depends(own_record(Permission.CIRCLE_READ))]
WAY_SENTENCES: dict[Way, str] = {
    Way.SAME: "About the same as the week before.",
    Way.HIGHER: "Higher than the week before.",
    Way.LOWER: "Lower than the week before.",
}


@router.get("/p/messages")
def messages_page(at: AtVisit, ctx: Reads, writes: Writes) -> Response:
    """Show what was sent and who has read it; never that all is well."""
    return html(
        at,
        "app/messages.html",
        sent=phone_service.sent_with_receipts(ctx),
        title=lambda edition: said(edition.title, at.locale),
        calls=call_back_service.mine(writes),
        staff=lambda name, role: say_staff(name, role, at.locale),
    )


@router.get("/p/trends")
def trends_page(at: AtVisit, ctx: Values, answers: Reads) -> Response:
    """Show a patient his own values in plain words."""
    return html(
        at,
        "app/trends.html",
        trends=trends_service.own_trends(ctx, at.time_zone),
        series=observed_service.observed(answers, trends_service.SHOWN),
        say_observed=lambda item, value: say_answer(item, value, at.locale),
        asked_as=lambda item: said(item.words, at.locale),
        labels=VITAL_LABELS,
        vitals=VITALS,
        ways=WAY_SENTENCES,
        now=clock.now(),
    )


@router.get("/p/team")
def team_page(at: AtVisit, ctx: Circle) -> Response:
    """Show who follows the patient, and when somebody reads his answers."""
    circle = membership_service.circle(ctx)
    today = clock.now().astimezone(zone(settings().time_zone)).date()
    live = [member for member in circle.live if member.role != Role.PATIENT]
    return html(
        at,
        "app/team.html",
        organisations=[member for member in live if member.kind == "organisation"],
        people=[member for member in live if member.kind != "organisation"],
        say=lambda one: say_member(one.kind, one.name, one.role, at.locale),
        shows_role=lambda one, said: shows_role(said, one.kind, one.role, at.locale),
        manager=circle.head.managing_name,
        role_label=role_label,
        say_phone=say_phone,
        closed_on=sorted(day for day in settings().opening().closed_on if day >= today),
    )


@router.get("/p/pause")
def pause_page(at: AtVisit, ctx: Writes, said: str = "") -> Response:
    """Show running pauses and what was asked for, and ask for one."""
    return _pause(at, ctx, said=said if said in ("asked",) else "")


@router.post("/p/pause")
def ask_pause(
    at: AtVisit,
    ctx: Writes,
    reason: Annotated[str, Form(max_length=20)] = "",
    first: Annotated[str, Form(max_length=10)] = "",
    last: Annotated[str, Form(max_length=10)] = "",
    note: Annotated[str, Form(max_length=500)] = "",
) -> Response:
    """Ask for a pause; a person of the team answers, until then all is asked as before."""
    typed = {"reason": reason, "first": first, "last": last, "note": note}
    try:
        days = date.fromisoformat(first), date.fromisoformat(last or first)
        why = PauseReason(reason)
    except ValueError:
        return _pause(at, ctx, problem="dates", typed=typed)
    outcome = pausing_service.request_pause(ctx, why, *days, note)
    if isinstance(outcome, PlanRefused):
        return _pause(at, ctx, problem="pause", typed=typed)
    return RedirectResponse("/p/pause?said=asked", 303)


def _pause(
    at: Visit,
    ctx: CareContext,
    *,
    said: str = "",
    problem: str = "",
    typed: dict[str, str] | None = None,
) -> Response:
    now = clock.now()
    pauses = pausing_service.pauses(ctx)
    return html(
        at,
        "app/pause.html",
        status=422 if problem else 200,
        running=[one for one in pauses if one.over_at > now],
        asked=pausing_service.pause_requests(ctx),
        reasons=PauseReason,
        said=said,
        problem=problem,
        typed=typed or {},
        today=pausing_service.today(ctx, now),
    )


@router.get("/p/help")
def help_page(at: AtVisit, ctx: Circle) -> Response:
    """Say how the phone works, and whom to ask."""
    return html(at, "app/phone_help.html", say_phone=say_phone)

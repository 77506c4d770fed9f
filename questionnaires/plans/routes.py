"""The page of a patient's plan: what he is asked, what he missed, pauses; for professionals."""

from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from core import clock
from core.access import Permission, grants
from core.doors import CareContext
from core.i18n import say_instant, translator, zone
from core.rights import rights
from identity import service as identity
from identity.edge.http import Visit, care, html, visit
from questionnaires.plans import (
    changing_service,
    forms,
    pausing_service,
    reading_service,
    rhythm_service,
    service,
)
from questionnaires.plans.editions_service import title_of
from questionnaires.plans.plan import (
    END_LABELS,
    PAUSE_LABELS,
    REFUSAL_LABELS,
    EndReason,
    PauseReason,
    PlanRefused,
)
from questionnaires.plans.plan_words import (
    SAID_SENTENCES,
    ZONE_LABELS,
    say_clock,
    say_rhythm,
    say_span,
    title_in,
)
from questionnaires.plans.zones import OFFERED, today_in

router = APIRouter(include_in_schema=False)
AtVisit = Annotated[Visit, Depends(visit)]
ToRead = Annotated[CareContext, Depends(care(Permission.ANSWERS_READ))]
Traits = Annotated[CareContext, Depends(care(Permission.IDENTITY_READ))]
ToWrite = Annotated[CareContext, Depends(care(Permission.MONITORING_WRITE))]
LONGEST_FIELD = 60
ENDINGS = tuple(one for one in EndReason if one not in (EndReason.PLANNED, EndReason.DEATH))
"""What a person may say in the form: the planned end comes by itself, a death has its own page."""


async def form_of(request: Request) -> dict[str, str]:
    """Return the text fields of the form that was sent, cut to a sane length."""
    sent = await request.form()
    return {name: value[:LONGEST_FIELD] for name, value in sent.items() if isinstance(value, str)}


Given = Annotated[dict[str, str], Depends(form_of)]


@router.get("/patients/{patient_id}/plan")
def plan_page(
    at: AtVisit,
    ctx: ToRead,
    traits: Traits,
    programme: str = "",
    count: str = "",
    said: str = "",
    refused: str = "",
) -> Response:
    """Show what a patient is asked; opening it changes nothing."""
    now = clock.now()
    chosen = service.programmes().get(programme)
    may_write = grants(ctx.through, Permission.MONITORING_WRITE, rights())
    return html(
        at,
        "questionnaires/plan.html",
        page=reading_service.plan_page(ctx, now),
        patient=identity.patient_traits(traits),
        patient_id=ctx.patient,
        may_write=may_write,
        published=rhythm_service.published(ctx) if may_write else [],
        now=now,
        chosen=chosen,
        proposed_times=forms.proposed_times(chosen, count) if chosen else {},
        count=count,
        said=SAID_SENTENCES.get(said, ""),
        refused=REFUSAL_LABELS.get(refused, ""),
        today=today_in(forms.known_zone(at.time_zone), now),
        **_words(at),
    )


def _words(at: Visit) -> dict[str, Any]:
    """Return what the template needs to say codes in words."""
    tr = translator(at.locale)
    zones = {name: tr(ZONE_LABELS[name]) for name in OFFERED}
    return {
        "programmes": tuple(service.programmes().values()),
        "title_in": lambda title: title_in(title, at.locale),
        "rhythm": lambda schedule: say_rhythm(schedule, at.locale, tr),
        "say_clock": lambda text: say_clock(text, at.locale),
        "span": say_span,
        "questionnaire_title": _titles(at.locale),
        "zones": zones,
        "zone_name": lambda name: zones.get(name, name),
        "in_zone": _in_zone(at.locale),
        "pause_labels": PAUSE_LABELS,
        "end_labels": END_LABELS,
        "endings": ENDINGS,
        "most_times": forms.MOST_TIMES,
    }


def _titles(locale: str) -> Callable[[str], str]:
    """Return what gives a title; asked for again on the same page, it does not ask again."""
    return cache(lambda name: title_of(name, locale))


def _in_zone(locale: str) -> Callable[[datetime, str], str]:
    return lambda instant, name: say_instant(instant, locale, zone(name))


@router.post("/patients/{patient_id}/plan")
def start(ctx: ToWrite, given: Given) -> Response:
    """Start a plan with the choices of the form."""
    programme = service.programmes().get(given.get("programme", ""))
    if programme is None:
        raise HTTPException(status_code=400)
    times = forms.read_all_times(given, [line.questionnaire for line in programme.lines])
    days = forms.read_days(given)
    if times is None or days is None:
        why = "times" if times is None else "dates"
        return _again(ctx, PlanRefused(why), f"&programme={programme.id}")
    choices = service.Choices(
        zone=given.get("zone") or "Europe/Paris",
        starts_on=days[0],
        ends_on=days[1],
        times=times,
        high_risk=given.get("high_risk") == "yes",
        reminders=given.get("reminders") == "yes",
        silence_alert=bool(programme.required_by_law) or given.get("silence_alert") == "yes",
    )
    outcome = service.start_plan(ctx, programme.id, choices)
    if isinstance(outcome, PlanRefused):
        return _again(ctx, outcome, f"&programme={programme.id}")
    return _done(ctx, "started")


@router.post("/patients/{patient_id}/plan/{plan_id}")
def change(ctx: ToWrite, plan_id: UUID, given: Given) -> Response:
    """Change a running plan, move it to the published editions, or end it."""
    match given.get("act"):
        case "change":
            names = given.get("questionnaires", "").split()
            wanted = forms.read_change(given, names)
            outcome = (
                PlanRefused("times")
                if wanted is None
                else changing_service.change_plan(ctx, plan_id, wanted)
            )
            return _answer(ctx, outcome, "changed")
        case "move":
            return _answer(ctx, changing_service.move_to_active_editions(ctx, plan_id), "moved")
        case "end" if given.get("reason") in ENDINGS:
            return _answer(ctx, service.stop_plan(ctx, plan_id, given["reason"]), "ended")
        case _:
            raise HTTPException(status_code=400)


@router.post("/patients/{patient_id}/pauses")
def pause(ctx: ToWrite, given: Given) -> Response:
    """Pause the patient for some days, which may be what he asked for."""
    first, last = (forms.read_day(given.get(name, "")) for name in ("first", "last"))
    if given.get("reason") not in PAUSE_LABELS or first is None or last is None:
        return _again(ctx, PlanRefused("pause"))
    request = forms.read_id(given.get("request", ""))
    outcome = pausing_service.pause_days(
        ctx, PauseReason(given["reason"]), first, last, request=request
    )
    return _answer(ctx, outcome if isinstance(outcome, PlanRefused) else None, "paused")


@router.post("/patients/{patient_id}/pauses/end")
def resume(ctx: ToWrite, pause: Annotated[UUID | None, Form()] = None) -> Response:
    """End a pause now."""
    return _answer(ctx, pausing_service.resume(ctx, pause), "resumed")


@router.post("/patients/{patient_id}/pauses/refuse")
def refuse(ctx: ToWrite, request: Annotated[UUID, Form()]) -> Response:
    """Answer a patient's request for a pause with no."""
    return _answer(ctx, pausing_service.refuse_request(ctx, request), "refused")


def _answer(ctx: CareContext, outcome: PlanRefused | None, done: str) -> Response:
    return _done(ctx, done) if outcome is None else _again(ctx, outcome)


def _done(ctx: CareContext, said: str) -> Response:
    return RedirectResponse(f"/patients/{ctx.patient}/plan?said={said}", 303)


def _again(ctx: CareContext, refused: PlanRefused, more: str = "") -> Response:
    return RedirectResponse(f"/patients/{ctx.patient}/plan?refused={refused.why}{more}", 303)

"""The page on which a professional sets in which rhythm a plan asks one questionnaire."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from core import clock
from core.access import Permission
from core.doors import CareContext
from core.i18n import say_instant, translator
from identity import service as identity
from identity.edge.http import Visit, care, html, visit
from questionnaires.plans import rhythm, rhythm_service
from questionnaires.plans.editions_service import title_of
from questionnaires.plans.forms import MOST_TIMES, known_zone
from questionnaires.plans.plan import REFUSAL_LABELS, PlanRefused
from questionnaires.plans.plan_words import say_rhythm, title_in
from questionnaires.plans.rhythm_service import Asked
from questionnaires.plans.schedule import Schedule
from questionnaires.plans.shown import WEEKDAY_LABELS

router = APIRouter(include_in_schema=False)
AtVisit = Annotated[Visit, Depends(visit)]
ToWrite = Annotated[CareContext, Depends(care(Permission.MONITORING_WRITE))]
Traits = Annotated[CareContext, Depends(care(Permission.IDENTITY_READ))]
LONGEST_FIELD = 60


async def typed_in(request: Request) -> dict[str, tuple[str, ...]]:
    """Return the text fields of the form that was sent, cut to a sane length."""
    sent = await request.form()
    return {
        name: tuple(one[:LONGEST_FIELD] for one in sent.getlist(name) if isinstance(one, str))
        for name in sent
    }


Typed = Annotated[dict[str, tuple[str, ...]], Depends(typed_in)]
Named = Annotated[str, Path(max_length=80)]


def _found(ctx: CareContext, plan: UUID, questionnaire: str) -> Asked:
    found = rhythm_service.load_asked(ctx, plan, questionnaire)
    known = found and (found.line or questionnaire in rhythm_service.published(ctx))
    if not found or not known:
        raise HTTPException(status_code=404)
    return found


@router.get("/patients/{patient_id}/plan/{plan_id}/rhythm/{questionnaire}")
def rhythm_page(
    at: AtVisit, ctx: ToWrite, traits: Traits, plan_id: UUID, questionnaire: Named
) -> Response:
    """Show in which rhythm a plan asks a questionnaire, or would."""
    found = _found(ctx, plan_id, questionnaire)
    schedule = found.line.schedule if found.line else rhythm.USUAL
    typed = rhythm.fields_of(schedule)
    return _page(at, ctx, traits, found, questionnaire, typed, schedule=schedule)


@router.post("/patients/{patient_id}/plan/{plan_id}/rhythm/{questionnaire}")
def set_rhythm(
    at: AtVisit,
    ctx: ToWrite,
    traits: Traits,
    plan_id: UUID,
    questionnaire: Named,
    typed: Typed,
) -> Response:
    """Show the next times, save the rhythm, or ask the questionnaire no longer."""
    found = _found(ctx, plan_id, questionnaire)
    act = next(iter(typed.get("act", ())), "")
    if act == "remove":
        outcome = rhythm_service.stop_asking(ctx, plan_id, questionnaire)
        schedule = found.line.schedule if found.line else None
    else:
        read = rhythm.read_rhythm(typed)
        if not isinstance(read, Schedule):
            return _page(at, ctx, traits, found, questionnaire, typed, problems=read)
        schedule = read
        if act != "save":
            return _page(at, ctx, traits, found, questionnaire, typed, schedule=schedule)
        outcome = rhythm_service.set_rhythm(ctx, plan_id, questionnaire, schedule)
    if outcome is None:
        return RedirectResponse(f"/patients/{ctx.patient}/plan?said=changed", 303)
    return _page(at, ctx, traits, found, questionnaire, typed, schedule=schedule, refused=outcome)


def _page(
    at: Visit,
    ctx: CareContext,
    traits: CareContext,
    found: Asked,
    questionnaire: str,
    typed: rhythm.Typed,
    *,
    schedule: Schedule | None = None,
    problems: Sequence[str] = (),
    refused: PlanRefused | None = None,
) -> Response:
    plan, tr = found.plan, translator(at.locale)
    return html(
        at,
        "questionnaires/rhythm.html",
        status=422 if problems or refused else 200,
        patient=identity.patient_traits(traits),
        patient_id=ctx.patient,
        plan=plan,
        plan_title=title_in(plan.title, at.locale),
        questionnaire=questionnaire,
        title=title_of(questionnaire, at.locale),
        asked=found.line is not None,
        first_day=found.line.first_day if found.line else None,
        may_remove=found.line is not None and found.by_law is None,
        by_law=say_rhythm(found.by_law, at.locale, tr) if found.by_law else "",
        whole=found.line is None or rhythm.is_whole(found.line.schedule),
        now_asked=say_rhythm(found.line.schedule, at.locale, tr) if found.line else "",
        typed=typed,
        problems={name: rhythm.PROBLEM_SENTENCES[name] for name in problems},
        refused=REFUSAL_LABELS.get(refused.why, "") if refused else "",
        rhythm=say_rhythm(schedule, at.locale, tr) if schedule else "",
        following=_following(at, found, schedule) if schedule else [],
        weekdays=WEEKDAY_LABELS,
        most_times=MOST_TIMES,
        most_reminders=rhythm.MOST_REMINDERS,
    )


def _following(at: Visit, found: Asked, schedule: Schedule) -> list[str]:
    """Say the next times of a schedule where the patient lives."""
    plan, now = found.plan, clock.now()
    place = known_zone(plan.zone)
    first_day = rhythm_service.counted_from(found.line, plan, schedule, now)
    following = rhythm.next_occasions(schedule, place, first_day, plan.ends_on, now)
    return [say_instant(one.at, at.locale, place) for one in following]

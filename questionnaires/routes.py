"""The patient's questionnaire on his phone: one page, a plain form."""

from datetime import datetime, timedelta
from secrets import token_urlsafe
from typing import Annotated

from fastapi import APIRouter, Depends, Response
from fastapi.responses import RedirectResponse

from core import clock
from core.access import Permission
from core.doors import CareContext
from core.i18n import same_day, zone
from identity.edge.http import (
    SecondFactorNeeded,
    Visit,
    html,
    only_today,
    own_today,
    visit,
)
from questionnaires import (
    answers_routes,
    answers_service,
    desk_routes,
    edition_routes,
    link_routes,
    service,
)
from questionnaires.answered import Source
from questionnaires.edge.fields import field_words, form_of
from questionnaires.filling import Given, Problem, Rejected, urgency_of
from questionnaires.meaning import advice_for
from questionnaires.questionnaire import Questionnaire, Urgency
from questionnaires.showing import answered_lines

router = APIRouter(include_in_schema=False)
for pages in (edition_routes, desk_routes, link_routes, answers_routes):
    router.include_router(pages.router)
AtVisit = Annotated[Visit, Depends(visit)]
LONGEST_KEY = 64
JUST_SENT = timedelta(minutes=10)


@router.get("/p/questions")
def questions_page(
    at: AtVisit, ctx: Annotated[CareContext, Depends(own_today(Permission.ANSWERS_WRITE))]
) -> Response:
    """Ask today's questions."""
    return _form(at, service.daily(), key=token_urlsafe(16))


@router.post("/p/questions")
def send_answers(
    at: AtVisit,
    ctx: Annotated[CareContext, Depends(own_today(Permission.ANSWERS_WRITE))],
    given: Annotated[dict[str, str | list[str]], Depends(form_of)],
) -> Response:
    """Store the answers, or show the form again with all that was typed and what is wrong."""
    edition = service.daily()
    key = str(given.pop("client_key", ""))[:LONGEST_KEY] or token_urlsafe(16)
    outcome = answers_service.submit(
        ctx,
        edition.digest,
        given,
        key=key,
        source=Source.PATIENT,
        answered_at=clock.now(),
    )
    if isinstance(outcome, Rejected):
        return _form(at, edition, key=key, given=given, problems=outcome.problems)
    return RedirectResponse("/p/sent", 303)


@router.get("/p/sent")
def sent_page(
    at: AtVisit, ctx: Annotated[CareContext, Depends(own_today(Permission.ANSWERS_READ))]
) -> Response:
    """Show what was sent, and what to do if things get worse."""
    last, receipt = service.last_with_receipt(ctx)
    if last is None:
        return RedirectResponse("/p/questions", 303)
    if only_today(at) and not same_day(last.answered_at, clock.now(), zone(at.time_zone)):
        raise SecondFactorNeeded
    edition = service.edition_of(last)
    return html(
        at,
        "questionnaires/sent.html",
        last=last,
        receipt=receipt,
        lines=answered_lines(edition, last.answers, at.locale),
        advice=advice_for(edition, last.answers, at.locale),
        call_15=Urgency.CALL_15 in urgency_of(edition, last.answers),
        just_sent=_is_fresh(last.received_at),
    )


def _is_fresh(received_at: datetime) -> bool:
    return clock.now() - received_at < JUST_SENT


def _form(
    at: Visit,
    edition: Questionnaire,
    *,
    key: str,
    given: Given | None = None,
    problems: tuple[Problem, ...] = (),
) -> Response:
    return html(
        at,
        "questionnaires/questions.html",
        status=422 if problems else 200,
        edition=edition,
        key=key,
        given=given or {},
        problems={problem.link_id: problem for problem in problems},
        w=field_words(at.locale),
    )

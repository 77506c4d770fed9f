"""The patient's questions on his phone: one form for whoever answers, with a script or without."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Response
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

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
from questionnaires import phone_service as phone
from questionnaires import service
from questionnaires.edge.asking import Place, asking_page, not_yet_page
from questionnaires.edge.hours import is_closed
from questionnaires.edge.sent import Sent, sent_form
from questionnaires.extracting import worst_level
from questionnaires.filling import Rejected, urgency_of
from questionnaires.meaning import advice_for
from questionnaires.questionnaire import Questionnaire, Urgency, said
from questionnaires.showing import answered_lines
from scoring.level import Level

router = APIRouter(include_in_schema=False)
AtVisit = Annotated[Visit, Depends(visit)]
Writes = Annotated[CareContext, Depends(own_today(Permission.ANSWERS_WRITE))]
Reads = Annotated[CareContext, Depends(own_today(Permission.ANSWERS_READ))]
Filled = Annotated[Sent, Depends(sent_form)]
JUST_SENT = timedelta(minutes=10)


@router.get("/p/questions")
def questions_page(at: AtVisit, ctx: Writes, blank: str = "") -> Response:
    """Ask how the patient is, beside any plan; `blank`: nobody's, to be kept by a phone."""
    return asking_page(at, phone.daily(), Place(action="/p/questions"), blank=bool(blank))


@router.post("/p/questions")
def send_questions(at: AtVisit, ctx: Writes, sent: Filled) -> Response:
    """Store the answers, or show the form again with all that was typed and what is wrong."""
    return _store(at, ctx, sent, phone.edition_sent(sent.field("edition", 64)), task=None)


@router.get("/p/tasks/{task_id}")
def task_page(at: AtVisit, ctx: Writes, task_id: UUID, blank: str = "") -> Response:
    """Ask the questions of one task of the day; answered already, it leads to what was sent.

    Before its time it says when it opens; a phone keeps the blank form for that time all the same.
    """
    found = phone.open_task(ctx, task_id)
    if found is None:
        raise HTTPException(status_code=404)
    if not found.is_open:
        return RedirectResponse("/p/sent", 303)
    place = Place(action=f"/p/tasks/{task_id}")
    if not blank and found.task.opens_at > clock.now():
        return not_yet_page(at, found.edition, place, found.task.opens_at)
    return asking_page(at, found.edition, place, task=task_id, blank=bool(blank))


@router.post("/p/tasks/{task_id}")
def send_task(at: AtVisit, ctx: Writes, task_id: UUID, sent: Filled) -> Response:
    """Store the answers to a task, or show its form again."""
    found = phone.open_task(ctx, task_id)
    if found is None:
        raise HTTPException(status_code=404)
    return _store(at, ctx, sent, found.edition, task=task_id)


def _store(
    at: Visit, ctx: CareContext, sent: Sent, edition: Questionnaire, *, task: UUID | None
) -> Response:
    outcome = phone.submit(ctx, edition, sent.given, key=sent.key, task=task)
    if isinstance(outcome, Rejected):
        return asking_page(
            at,
            edition,
            Place(action=f"/p/tasks/{task}" if task else "/p/questions"),
            task=task,
            key=sent.key,
            given=sent.given,
            problems=outcome.problems,
        )
    return RedirectResponse("/p/sent", 303)


@router.get("/p/sent")
def sent_page(at: AtVisit, ctx: Reads, late: str = "") -> Response:
    """Show what was sent, and what to do if things get worse.

    `late`: it was asked of him, and came when it was asked no more.
    """
    last, receipt = service.last_with_receipt(ctx)
    if last is None:
        return RedirectResponse("/p/questions", 303)
    now = clock.now()
    if only_today(at) and not same_day(last.answered_at, now, zone(at.time_zone)):
        raise SecondFactorNeeded
    edition = service.edition_of(last)
    urgent = urgency_of(edition, last.answers)
    closed = is_closed()
    grave = worst_level(edition, last.answers) is Level.RED
    return html(
        at,
        "questionnaires/sent.html",
        last=last,
        receipt=receipt,
        title=said(edition.title, at.locale),
        lines=answered_lines(edition, last.answers, at.locale),
        advice=advice_for(edition, last.answers, at.locale),
        call_15=Urgency.CALL_15 in urgent or (closed and grave),
        call_3114=Urgency.CALL_3114 in urgent,
        closed=closed,
        called=phone.called_at(ctx, last.id),
        just_sent=now - last.received_at < JUST_SENT,
        late=bool(late),
    )


@router.post("/p/sent/called")
def say_called(
    ctx: Writes, answer: Annotated[UUID, Form()], called: Annotated[str, Form(max_length=5)] = ""
) -> Response:
    """Store whether somebody called for help when he was told to."""
    if not phone.note_called(ctx, answer, called=called == "yes"):
        raise HTTPException(status_code=404)
    return RedirectResponse("/p/sent", 303)

"""Somebody close at his own phone: the questions of the day, answered for the patient who agreed.

He signs in with two factors. What he may read is the patient's choice: without it no page here
shows an answer.
"""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Response
from fastapi.responses import JSONResponse, RedirectResponse
from starlette.exceptions import HTTPException

from coordination import membership_service
from coordination import service as coordination
from core import clock
from core.access import Permission, Role
from core.doors import CareContext
from identity.edge.http import Visit, care, html, signed_in, visit
from identity.people import SignedIn
from identity.phone_owner import owner_of
from questionnaires import phone_service as phone
from questionnaires import service as questionnaires
from questionnaires.answers_service import Stored
from questionnaires.edge.asking import Place, asking_page, not_yet_page
from questionnaires.edge.hours import is_closed
from questionnaires.edge.sent import Sent, sent_form
from questionnaires.extracting import whom_to_call
from questionnaires.filling import Rejected
from questionnaires.phone_api_routes import Answers, taken
from questionnaires.questionnaire import Questionnaire, Urgency, said
from questionnaires.showing import answered_lines

router = APIRouter(include_in_schema=False)
AtVisit = Annotated[Visit, Depends(visit)]
Reads = Annotated[CareContext, Depends(care(Permission.ANSWERS_READ))]
Writes = Annotated[CareContext, Depends(care(Permission.ANSWERS_WRITE))]
Circle = Annotated[CareContext, Depends(care(Permission.CIRCLE_READ))]
Filled = Annotated[Sent, Depends(sent_form)]


@router.get("/p/for")
def choose_whom(at: AtVisit, person: Annotated[SignedIn, Depends(signed_in)]) -> Response:
    """Let somebody choose for whom he is here; who has one patient goes on to him."""
    found = coordination.followed_patients(person.actor)
    if len(found.patients) == 1:
        return RedirectResponse(f"/p/for/{found.patients[0].patient_id}", 303)
    return html(at, "app/carer_choose.html", patients=found.patients, more=found.more)


@router.get("/p/for/{patient_id}")
def day_for(at: AtVisit, ctx: Circle) -> Response:
    """Show what the patient is asked today to whoever may answer, and what else he may read."""
    now = clock.now()
    writes = membership_service.opened_if_allowed(ctx, Permission.ANSWERS_WRITE)
    reads = membership_service.opened_if_allowed(ctx, Permission.ANSWERS_READ)
    notes = membership_service.opened_if_allowed(ctx, Permission.NOTES_READ)
    documents = membership_service.opened_if_allowed(ctx, Permission.DOCUMENTS_READ)
    tasks = phone.tasks_of_today(writes, now) if writes else []
    return html(
        at,
        "app/carer.html",
        home=f"/p/for/{ctx.patient}",
        patient_id=ctx.patient,
        name=_name(ctx),
        now=now,
        writes=writes is not None,
        reads=reads is not None,
        notes=notes is not None,
        documents=documents is not None,
        waiting=[one for one in tasks if one.is_open and one.task.opens_at <= now],
        later=[one for one in tasks if one.is_open and one.task.opens_at > now],
        done=[one for one in tasks if not one.is_open],
        title=lambda one: said(one.edition.title, at.locale),
    )


@router.get("/p/for/{patient_id}/answers")
def answers_of(at: AtVisit, ctx: Reads, circle: Circle) -> Response:
    """Show what was sent lately and what the last answers say, to whoever may read them."""
    last, _ = questionnaires.last_with_receipt(ctx)
    edition = questionnaires.edition_of(last) if last else None
    return html(
        at,
        "app/carer_answers.html",
        place=_place(circle, ""),
        sent=phone.sent_with_receipts(ctx),
        last=last,
        lines=answered_lines(edition, last.answers, at.locale) if last and edition else (),
        title=lambda one: said(one.title, at.locale),
    )


@router.get("/p/for/{patient_id}/questions")
def questions_for(at: AtVisit, ctx: Writes, circle: Circle) -> Response:
    """Ask how the patient is, beside any plan."""
    return asking_page(at, phone.daily(), _place(circle, "questions"))


@router.post("/p/for/{patient_id}/questions")
def send_questions_for(at: AtVisit, ctx: Writes, circle: Circle, sent: Filled) -> Response:
    """Store the answers given for the patient, or show the form again."""
    return _store(at, ctx, circle, sent, phone.edition_sent(sent.field("edition", 64)), task=None)


@router.get("/p/for/{patient_id}/tasks/{task_id}")
def task_for(at: AtVisit, ctx: Writes, circle: Circle, task_id: UUID) -> Response:
    """Ask the questions of one task of the day."""
    found = phone.open_task(ctx, task_id)
    if found is None:
        raise HTTPException(status_code=404)
    if not found.is_open:
        return _sent_page(at, circle)
    place = _place(circle, f"tasks/{task_id}")
    if found.task.opens_at > clock.now():
        return not_yet_page(at, found.edition, place, found.task.opens_at)
    return asking_page(at, found.edition, place, task=task_id)


@router.post("/p/for/{patient_id}/tasks/{task_id}")
def send_task_for(
    at: AtVisit, ctx: Writes, circle: Circle, task_id: UUID, sent: Filled
) -> Response:
    """Store the answers to a task, or show its form again."""
    found = phone.open_task(ctx, task_id)
    if found is None:
        raise HTTPException(status_code=404)
    return _store(at, ctx, circle, sent, found.edition, task=task_id)


@router.post("/p/for/{patient_id}/api/answers")
def take_answers_for(ctx: Writes, sent: Answers) -> JSONResponse:
    """Take in what a phone kept of answers given for the patient, once for its key."""
    return taken(ctx, sent)


@router.post("/p/for/{patient_id}/called")
def say_called_for(
    at: AtVisit,
    ctx: Writes,
    circle: Circle,
    answer: Annotated[UUID, Form()],
    called: Annotated[str, Form(max_length=5)] = "",
    told: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """Store whether somebody close called for help when the answers told him to."""
    if not phone.note_called(ctx, answer, called=called == "yes"):
        raise HTTPException(status_code=404)
    shown = Urgency(told) if told in tuple(Urgency) else None
    return _sent_page(at, circle, answer, shown, called=called == "yes")


def _name(circle: CareContext) -> str:
    live = membership_service.circle(circle).live
    return next((one.name for one in live if one.role == Role.PATIENT), "")


def _place(ctx: CareContext, page: str) -> Place:
    home = f"/p/for/{ctx.patient}"
    return Place(
        action=f"{home}/{page}",
        send_to=f"{home}/api/answers",
        home=home,
        subject=owner_of(ctx.patient),
        of_whom=_name(ctx),
    )


def _store(
    at: Visit,
    ctx: CareContext,
    circle: CareContext,
    sent: Sent,
    edition: Questionnaire,
    *,
    task: UUID | None,
) -> Response:
    outcome = phone.submit(ctx, edition, sent.given, key=sent.key, task=task)
    if not isinstance(outcome, Rejected):
        return _sent_page(at, circle, outcome.id, _told(outcome))
    return asking_page(
        at,
        edition,
        _place(circle, f"tasks/{task}" if task else "questions"),
        task=task,
        key=sent.key,
        given=sent.given,
        problems=outcome.problems,
    )


def _told(stored: Stored) -> Urgency | None:
    return whom_to_call(stored.level, stored.urgency, closed=is_closed())


def _sent_page(
    at: Visit,
    circle: CareContext,
    answer: UUID | None = None,
    told: Urgency | None = None,
    *,
    called: bool | None = None,
) -> Response:
    """Say that it is sent and whom to call, and show no answer: reading is another right."""
    return html(
        at,
        "app/carer_sent.html",
        place=_place(circle, ""),
        answer=answer,
        told=told,
        closed=is_closed(),
        called=called,
        now=clock.now(),
    )

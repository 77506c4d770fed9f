"""« Patients à appeler »: who has not answered, one row each, by keyboard or on paper."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Form, Response
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from coordination.calls import service
from coordination.calls.calling import (
    FAULT_LABELS,
    OUTCOME_LABELS,
    CallOutcome,
    next_moment,
)
from core import clock
from core.access import Permission
from core.doors import CareContext
from core.i18n import zone
from core.rights import rights
from identity.edge.http import AccessDenied, Visit, care, html, signed_in, visit
from identity.people import SignedIn
from identity.words import say_phone

router = APIRouter(include_in_schema=False)
AtVisit = Annotated[Visit, Depends(visit)]
PAGE = "/calls"


def at_the_desk(person: Annotated[SignedIn, Depends(signed_in)]) -> SignedIn:
    """Return who is signed in, in a post that sees the queue of its centre; 403 otherwise."""
    if not rights().of_post(person.role, Permission.QUEUE_READ):
        raise AccessDenied(Permission.QUEUE_READ)
    return person


@router.get(PAGE)
def calls(
    at: AtVisit, person: Annotated[SignedIn, Depends(at_the_desk)], said: str = ""
) -> Response:
    """List who has not answered: at risk first, then whom we have waited for longest."""
    silent = service.silent_patients(person.actor)
    now = clock.now()
    return html(
        at,
        "coordination/calls.html",
        now=now,
        to_call=[one for one in silent if one.waits_until(now) is None],
        later=[one for one in silent if one.waits_until(now) is not None],
        total=silent[0].total if silent else 0,
        me=person.person,
        said=said,
        outcomes=OUTCOME_LABELS,
        faults=FAULT_LABELS,
        say_phone=say_phone,
    )


@router.post("/patients/{patient_id}/calls")
def call(
    at: AtVisit,
    ctx: Annotated[CareContext, Depends(care(Permission.ANSWERS_WRITE))],
    act: Annotated[Literal["take", "note"], Form()] = "take",
    outcome: Annotated[str, Form(max_length=20)] = "",
    again: Annotated[str, Form(max_length=5)] = "",
) -> Response:
    """Take a patient in hand, or write down what came of the call."""
    if act == "take":
        return _back(_said_of(service.take(ctx)))
    if outcome not in CallOutcome.__members__.values():
        raise HTTPException(status_code=400)
    asked = next_moment(again, clock.now(), zone(at.time_zone))
    noted = service.note(ctx, CallOutcome(outcome), asked)
    if isinstance(noted, service.NotOurs):
        return _back("refused")
    if outcome == CallOutcome.REACHED:
        return RedirectResponse(f"/patients/{ctx.patient}/answers/new", 303)
    return _back("noted")


def _said_of(taken: service.InHand | service.TakenByAnother | service.NotOurs) -> str:
    match taken:
        case service.InHand():
            return "taken"
        case service.TakenByAnother():
            return "by_another"
        case _:
            return "refused"


def _back(said: str) -> Response:
    return RedirectResponse(f"{PAGE}?said={said}", 303)

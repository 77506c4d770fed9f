"""Pages of requests for support: those of a record, and the queue of the DAC."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Response
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from coordination import service as coordination
from coordination.circle import live_and_past
from coordination.notes_routes import patient_name
from coordination.support import service, words
from coordination.support.request import (
    URGENCIES,
    Act,
    Unfit,
    Written,
    acts_of_dac,
    may_withdraw,
)
from core import clock
from core.access import Permission
from core.doors import CareContext
from core.ids import new_id
from identity.edge.http import Visit, care, html, visit
from identity.edge.posts import acting_post
from identity.people import SignedIn

router = APIRouter(include_in_schema=False)
AtVisit = Annotated[Visit, Depends(visit)]
Reads = Annotated[CareContext, Depends(care(Permission.SUPPORT_READ))]
Asks = Annotated[CareContext, Depends(care(Permission.SUPPORT_REQUEST))]
Circle = Annotated[CareContext, Depends(care(Permission.CIRCLE_READ))]
Answers = Annotated[SignedIn, Depends(acting_post(Permission.SUPPORT_ANSWER))]
Short = Annotated[str, Form(max_length=100)]
Long = Annotated[str, Form(max_length=6000)]
PAGE: Final = "/patients/{patient_id}/support"
QUEUE: Final = "/support"


@router.get(PAGE)
def support_page(at: AtVisit, ctx: Reads, circle: Circle, said: str = "") -> Response:
    """Show what was asked for a patient, and let who may ask a DAC."""
    return _page(at, ctx, circle, said=said)


@router.post(PAGE)
def ask_for_support(
    at: AtVisit,
    ctx: Asks,
    reading: Reads,
    circle: Circle,
    request: Annotated[UUID, Form()],
    performer: Short = "",
    code: Short = "",
    note: Long = "",
    urgency: Short = "",
    told: Short = "",
    untold_reason: Long = "",
) -> Response:
    """Ask a DAC for support, or show what is to be mended with all that was typed."""
    written = Written(
        performer=performer,
        code=code,
        note=note,
        urgency=urgency,
        told=told,
        untold_reason=untold_reason,
    )
    done = service.send(ctx, request, written)
    if isinstance(done, service.Gone):
        raise HTTPException(404)
    if isinstance(done, Unfit):
        return _page(at, reading, circle, problem=done.code, written=written)
    return RedirectResponse(f"/patients/{ctx.patient}/support?said=sent", 303)


@router.post(PAGE + "/{support_id}/withdraw")
def withdraw_request(ctx: Asks, support_id: UUID, version: Short = "") -> Response:
    """Take back what one asked for."""
    done = service.withdraw(ctx, support_id, _number(version))
    said = "gone" if isinstance(done, service.Gone) else "withdraw"
    said = done.code if isinstance(done, Unfit) else said
    return RedirectResponse(f"/patients/{ctx.patient}/support?said={said}", 303)


@router.get(QUEUE)
def queue_page(at: AtVisit, person: Answers, said: str = "") -> Response:
    """List what the DAC is asked: what is due first."""
    return _queue(at, person, said=said)


@router.post(QUEUE + "/{support_id}")
def act_on_request(
    at: AtVisit,
    person: Answers,
    support_id: UUID,
    act: Short = "",
    answer: Long = "",
    outcome: Short = "",
    version: Short = "",
) -> Response:
    """Receive, answer, close a request, or open it again."""
    if act not in Act.__members__.values():
        return RedirectResponse(f"{QUEUE}?said=act", 303)
    done = service.act(person.actor, support_id, Act(act), answer, outcome, _number(version))
    if isinstance(done, service.Gone):
        return RedirectResponse(f"{QUEUE}?said=gone", 303)
    if isinstance(done, Unfit):
        typed = {"id": str(support_id), "answer": answer, "outcome": outcome}
        return _queue(at, person, problem=done.code, typed=typed)
    return RedirectResponse(f"{QUEUE}?said={act}", 303)


def _queue(
    at: Visit,
    person: SignedIn,
    *,
    said: str = "",
    problem: str = "",
    typed: dict[str, str] | None = None,
) -> Response:
    found = service.asked(person.actor)
    return html(
        at,
        "coordination/support_queue.html",
        status=422 if problem else 200,
        requests=found,
        acts={one.id: acts_of_dac(one.state) for one in found},
        typed=typed or {},
        said=words.SAID_SENTENCES.get(said, ""),
        good=said in words.GOOD,
        problem=words.PROBLEM_SENTENCES.get(problem, ""),
        words=words,
        now=clock.now(),
    )


def _page(
    at: Visit,
    ctx: CareContext,
    circle: CareContext,
    *,
    said: str = "",
    problem: str = "",
    written: Written | None = None,
) -> Response:
    live, _ = live_and_past(coordination.members(circle), clock.now())
    return html(
        at,
        "coordination/support.html",
        status=422 if problem else 200,
        patient_id=ctx.patient,
        patient_name=patient_name(live),
        read=service.requests(ctx),
        may_withdraw=may_withdraw,
        urgencies=URGENCIES,
        new_id=new_id(clock.now()),
        written=written or Written(),
        said=words.SAID_SENTENCES.get(said, ""),
        good=said in words.GOOD,
        problem=words.PROBLEM_SENTENCES.get(problem, ""),
        words=words,
        now=clock.now(),
    )


def _number(version: str) -> int:
    return int(version) if version.isdecimal() and len(version) < 9 else 0

"""Pages of stays in hospital: how a patient's stand, marking them, and those that wait."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Response
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from coordination import service as coordination
from coordination.notes_routes import patient_name
from coordination.stays import service, words
from coordination.stays.stay import Act, Said, Unfit, parse_day, parse_local
from core import clock
from core.access import Permission
from core.doors import CareContext
from core.i18n import zone
from identity.edge.http import Visit, care, html, signed_in, visit
from identity.people import SignedIn

router = APIRouter(include_in_schema=False)
AtVisit = Annotated[Visit, Depends(visit)]
Reads = Annotated[CareContext, Depends(care(Permission.STAYS_READ))]
Writes = Annotated[CareContext, Depends(care(Permission.STAYS_WRITE))]
Circle = Annotated[CareContext, Depends(care(Permission.CIRCLE_READ))]
Text = Annotated[str, Form(max_length=40)]
PAGE: Final = "/patients/{patient_id}/stays"


@router.get("/stays")
def waiting_page(at: AtVisit, person: Annotated[SignedIn, Depends(signed_in)]) -> Response:
    """List the stays of one's patients that wait for somebody, what is asked first."""
    return html(
        at,
        "coordination/stays_waiting.html",
        waiting=service.waiting(person.actor),
        most=service.MOST,
        now=clock.now(),
        state_labels=words.STATE_LABELS,
    )


@router.get(PAGE)
def stays_page(at: AtVisit, ctx: Reads, circle: Circle, said: str = "") -> Response:
    """Show how the stays of a patient stand, and let those entitled mark them."""
    return _page(at, ctx, circle, said=said)


@router.post(PAGE)
def begin_stay(
    at: AtVisit,
    ctx: Writes,
    reading: Reads,
    circle: Circle,
    act: Text = "",
    started: Text = "",
    planned: Text = "",
) -> Response:
    """Mark that a patient is in hospital, or in the emergency department."""
    return _marked(at, ctx, reading, circle, None, act, [started, "", planned])


@router.post(PAGE + "/{stay_id}")
def mark_stay(
    at: AtVisit,
    ctx: Writes,
    reading: Reads,
    circle: Circle,
    stay_id: UUID,
    act: Text = "",
    started: Text = "",
    ended: Text = "",
    planned: Text = "",
    version: Text = "",
) -> Response:
    """Mark something of a stay."""
    known = (stay_id, int(version) if version.isdecimal() and len(version) < 9 else 0)
    return _marked(at, ctx, reading, circle, known, act, [started, ended, planned])


def _marked(
    at: Visit,
    ctx: CareContext,
    reading: CareContext,
    circle: CareContext,
    known: tuple[UUID, int] | None,
    raw_act: str,
    fields: list[str],
) -> Response:
    if raw_act not in Act.__members__.values():
        raise HTTPException(400)
    act, said = Act(raw_act), _said(Act(raw_act), fields, at)
    done: service.Done | service.Gone | Unfit
    if isinstance(said, Unfit):
        done = said
    elif known is None:
        done = service.open_stay(ctx, act, said, zone(at.time_zone))
    else:
        done = service.change_stay(ctx, known[0], act, said, zone(at.time_zone), known[1])
    if isinstance(done, service.Gone):
        raise HTTPException(404)
    if isinstance(done, Unfit):
        problem = words.PROBLEM_SENTENCES[done.code]
        return _page(at, reading, circle, problem=problem, typed=fields, status=422)
    return RedirectResponse(f"/patients/{ctx.patient}/stays?said={act}", 303)


def _said(act: Act, fields: list[str], at: Visit) -> Said | Unfit:
    started, ended = (parse_local(raw, zone(at.time_zone)) for raw in fields[:2])
    planned = parse_day(fields[2])
    for one in (started, ended, planned):
        if isinstance(one, Unfit):
            return one
    assert not isinstance(started, Unfit)
    assert not isinstance(ended, Unfit)
    assert not isinstance(planned, Unfit)
    first = ended if act is Act.DISCHARGED else started
    return Said(at=first, ended_at=ended, planned=planned)


def _page(
    at: Visit,
    ctx: CareContext,
    circle: CareContext,
    *,
    said: str = "",
    problem: str = "",
    typed: list[str] | None = None,
    status: int = 200,
) -> Response:
    read = service.stays(ctx)
    if said == Act.DISCHARGED and not read.asked:
        said = "discharged_unasked"
    return html(
        at,
        "coordination/stays.html",
        status=status,
        patient_id=ctx.patient,
        patient_name=patient_name(coordination.members(circle)),
        read=read,
        said=words.SAID_SENTENCES.get(said, ""),
        problem=problem,
        typed=typed or ["", "", ""],
        now=clock.now(),
        local=lambda instant: instant.astimezone(zone(at.time_zone)).strftime("%Y-%m-%dT%H:%M"),
        state_labels=words.STATE_LABELS,
        event_labels=words.EVENT_LABELS,
        notable=words.is_notable,
    )

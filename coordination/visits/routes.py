"""Pages of visits: the week of a patient, one's own of today, what came of one."""

from datetime import date
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Response
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from coordination import service as coordination
from coordination.circle import live_and_past
from coordination.notes_routes import patient_name
from coordination.visits import service, words
from coordination.visits.visit import WEEKDAYS, Outcome, Unfit, Written, first_day
from core import clock
from core.access import Permission, Role
from core.doors import CareContext
from core.i18n import zone
from identity.edge.http import Visit, care, html, signed_in, visit
from identity.people import SignedIn
from identity.words import role_label

router = APIRouter(include_in_schema=False)
AtVisit = Annotated[Visit, Depends(visit)]
Reads = Annotated[CareContext, Depends(care(Permission.VISITS_READ))]
Reports = Annotated[CareContext, Depends(care(Permission.VISITS_REPORT))]
Plans = Annotated[CareContext, Depends(care(Permission.PLAN_WRITE))]
Circle = Annotated[CareContext, Depends(care(Permission.CIRCLE_READ))]
Short = Annotated[str, Form(max_length=100)]
Long = Annotated[str, Form(max_length=2000)]
PAGE: Final = "/patients/{patient_id}/visits"


@router.get("/visits")
def mine_page(
    at: AtVisit, person: Annotated[SignedIn, Depends(signed_in)], said: str = ""
) -> Response:
    """List one's own visits of today, to say what came of each with one thumb."""
    return html(
        at,
        "coordination/my_visits.html",
        visits=service.mine(person.actor, _today(at)),
        today=_today(at),
        said=words.SAID_SENTENCES.get(said, ""),
        outcome_labels=words.OUTCOME_LABELS,
        outcome_levels=words.OUTCOME_LEVELS,
    )


@router.get(PAGE)
def week_page(at: AtVisit, ctx: Reads, circle: Circle, week: int = 0, said: str = "") -> Response:
    """Show who comes in a week, and what came of it."""
    return _page(at, ctx, circle, week, said=said)


@router.post(PAGE)
def add_line(
    at: AtVisit,
    ctx: Plans,
    reading: Reads,
    circle: Circle,
    party: Short = "",
    what: Long = "",
    weekday: Annotated[list[str] | None, Form(max_length=7)] = None,
    at_time: Short = "",
    starts_on: Short = "",
) -> Response:
    """Plan that somebody comes on some days of the week."""
    written = Written(
        party=party,
        what=what,
        weekdays=tuple(weekday or ()),
        at_time=at_time,
        starts_on=starts_on,
    )
    members = {one.party for one in _live(circle) if one.role != Role.PATIENT}
    done = service.add(ctx, written, members, _today(at))
    if isinstance(done, Unfit):
        return _page(at, reading, circle, 0, problem=done.code, written=written)
    return RedirectResponse(f"/patients/{ctx.patient}/visits?said=added", 303)


@router.post(PAGE + "/{line_id}/end")
def end_line(at: AtVisit, ctx: Plans, line_id: UUID) -> Response:
    """Plan that somebody comes no more, from today on."""
    if isinstance(service.end(ctx, line_id, _today(at)), service.Gone):
        raise HTTPException(404)
    return RedirectResponse(f"/patients/{ctx.patient}/visits?said=ended", 303)


@router.post(PAGE + "/{line_id}")
def report_visit(
    at: AtVisit,
    ctx: Reports,
    reading: Reads,
    circle: Circle,
    line_id: UUID,
    day: Short = "",
    outcome: Short = "",
    words_said: Annotated[str, Form(alias="words", max_length=2000)] = "",
    back: Short = "",
) -> Response:
    """Say what came of a visit of a day, or take it back."""
    on = _day(day)
    done: service.Done | service.Gone | Unfit
    if outcome == "undone":
        done = service.undo(ctx, line_id, on)
    elif outcome in Outcome.__members__.values():
        done = service.report(ctx, line_id, on, Outcome(outcome), words_said, _today(at))
    else:
        raise HTTPException(400)
    if isinstance(done, service.Gone):
        raise HTTPException(404)
    if isinstance(done, Unfit):
        return _page(at, reading, circle, 0, problem=done.code)
    home = "/visits" if back == "today" else f"/patients/{ctx.patient}/visits"
    return RedirectResponse(f"{home}?said={outcome}", 303)


def _page(
    at: Visit,
    ctx: CareContext,
    circle: CareContext,
    weeks: int,
    *,
    said: str = "",
    problem: str = "",
    written: Written | None = None,
) -> Response:
    today, live = _today(at), _live(circle)
    values: dict[str, Any] = {
        "patient_id": ctx.patient,
        "patient_name": patient_name(live),
        "read": service.visits(ctx, first_day(today, weeks)),
        "weeks": weeks,
        "today": today,
        "me": ctx.actor.person,
        "people": [one for one in live if one.role != Role.PATIENT],
        "weekdays": WEEKDAYS,
        "written": written or Written(),
        "said": words.SAID_SENTENCES.get(said, ""),
        "problem": words.PROBLEM_SENTENCES.get(problem, ""),
        "outcome_labels": words.OUTCOME_LABELS,
        "outcome_levels": words.OUTCOME_LEVELS,
        "role_label": role_label,
    }
    return html(at, "coordination/visits.html", status=422 if problem else 200, **values)


def _live(circle: CareContext) -> list[Any]:
    live, _ = live_and_past(coordination.members(circle), clock.now())
    return live


def _today(at: Visit) -> date:
    return clock.now().astimezone(zone(at.time_zone)).date()


def _day(raw: str) -> date:
    try:
        return date.fromisoformat(raw)
    except ValueError:
        raise HTTPException(400) from None

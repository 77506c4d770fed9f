"""Pages of actions: those of a record, giving one, saying something of one, one's own."""

from datetime import date
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Response
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from coordination import service as coordination
from coordination.actions import service, words
from coordination.actions.action import (
    ACCEPTED_WITHIN,
    LONGEST_WORDING,
    Act,
    Unfit,
    Written,
    allowed,
)
from coordination.circle import live_and_past
from coordination.membership_service import opened_if_allowed
from coordination.notes_routes import ROLES_TO_HIDE_FROM, patient_name
from coordination.noting import roles_of
from coordination.visits import service as visits
from core import clock
from core.access import Permission
from core.doors import CareContext
from core.i18n import zone
from core.ids import new_id
from identity.edge.http import Visit, care, html, signed_in, visit
from identity.people import SignedIn
from identity.words import role_label

router = APIRouter(include_in_schema=False)
AtVisit = Annotated[Visit, Depends(visit)]
Reads = Annotated[CareContext, Depends(care(Permission.ACTIONS_READ))]
Writes = Annotated[CareContext, Depends(care(Permission.ACTIONS_WRITE))]
Circle = Annotated[CareContext, Depends(care(Permission.CIRCLE_READ))]
Short = Annotated[str, Form(max_length=100)]
Long = Annotated[str, Form(max_length=2000)]
PAGE: Final = "/patients/{patient_id}/actions"


@router.get("/actions")
def mine_page(at: AtVisit, person: Annotated[SignedIn, Depends(signed_in)]) -> Response:
    """List what waits for one in the actions of all one's patients."""
    return html(
        at,
        "coordination/my_actions.html",
        actions=service.mine(person.actor),
        today=_today(at),
        state_labels=words.STATE_LABELS,
    )


@router.get(PAGE)
def actions_page(
    at: AtVisit,
    ctx: Reads,
    circle: Circle,
    note: UUID | None = None,
    alert: UUID | None = None,
    visit: UUID | None = None,
    said: str = "",
) -> Response:
    """Show the actions of a record, and let who writes the plan give one.

    A problem of a visit proposes what was said of it.
    """
    about = {"note": str(note or ""), "alert": str(alert or "")}
    return _page(at, ctx, circle, about, said=said, written=_proposed(ctx, visit))


def _proposed(ctx: CareContext, visit: UUID | None) -> Written | None:
    opened = opened_if_allowed(ctx, Permission.VISITS_READ) if visit else None
    found = visits.problem(opened, visit) if opened and visit else None
    return Written(wording=" ".join(found.words.split())[:LONGEST_WORDING]) if found else None


@router.post(PAGE)
def give_action(
    at: AtVisit,
    ctx: Writes,
    reading: Reads,
    circle: Circle,
    item_id: Annotated[UUID, Form()],
    wording: Long = "",
    whom: Short = "",
    due_on: Short = "",
    within: Short = "",
    note: Short = "",
    alert: Short = "",
) -> Response:
    """Give somebody something to do."""
    source = service.source_of(
        ctx, opened_if_allowed(ctx, Permission.NOTES_READ), _id(note), _id(alert)
    )
    if source is None:
        raise HTTPException(404)
    written = Written(wording=wording, whom=whom, due_on=due_on, within=within)
    members = roles_of((one.party, one.role) for one in _live(circle))
    done = service.give(ctx, item_id, written, members, source, _today(at))
    if isinstance(done, service.Gone):
        raise HTTPException(404)
    if isinstance(done, Unfit):
        about = {"note": note, "alert": alert}
        return _page(at, reading, circle, about, problem=done.code, written=written)
    return RedirectResponse(f"/patients/{ctx.patient}/actions?said=given", 303)


@router.post(PAGE + "/{action_id}")
def say_of_action(
    at: AtVisit,
    ctx: Reads,
    circle: Circle,
    action_id: UUID,
    act: Short = "",
    words_said: Annotated[str, Form(alias="words", max_length=2000)] = "",
    version: Short = "",
) -> Response:
    """Say something of an action: accepted, refused, done, given up."""
    number = int(version) if version.isdecimal() and len(version) < 9 else 0
    known = act in Act.__members__.values()
    done = service.say(ctx, action_id, Act(act) if known else None, words_said, number)
    if isinstance(done, service.Gone):
        raise HTTPException(404)
    if isinstance(done, Unfit):
        typed = {"item": str(action_id), "words": words_said}
        return _page(at, ctx, circle, {"note": "", "alert": ""}, problem=done.code, typed=typed)
    return RedirectResponse(f"/patients/{ctx.patient}/actions?said={act}", 303)


def _page(
    at: Visit,
    ctx: CareContext,
    circle: CareContext,
    about: dict[str, str],
    *,
    said: str = "",
    problem: str = "",
    written: Written | None = None,
    typed: dict[str, str] | None = None,
) -> Response:
    read = service.actions(ctx)
    live = _live(circle)
    values: dict[str, Any] = {
        "patient_id": ctx.patient,
        "patient_name": patient_name(live),
        "read": read,
        "acts": {one.item_id: allowed(one, may_write=read.may_write) for one in read.actions},
        "people": [one for one in live if one.party not in (ctx.patient, ctx.actor.person)],
        "roles": ROLES_TO_HIDE_FROM,
        "within": ACCEPTED_WITHIN,
        "about": about,
        "new_id": new_id(clock.now()),
        "today": _today(at),
        "written": written or Written(),
        "typed": typed or {},
        "said": words.SAID_SENTENCES.get(said, ""),
        "problem": words.PROBLEM_SENTENCES.get(problem, ""),
        "state_labels": words.STATE_LABELS,
        "act_labels": words.ACT_LABELS,
        "event_labels": words.EVENT_LABELS,
        "role_label": role_label,
    }
    return html(at, "coordination/actions.html", status=422 if problem else 200, **values)


def _live(circle: CareContext) -> list[Any]:
    live, _ = live_and_past(coordination.members(circle), clock.now())
    return live


def _today(at: Visit) -> date:
    return clock.now().astimezone(zone(at.time_zone)).date()


def _id(raw: str) -> UUID | None:
    if not raw:
        return None
    try:
        return UUID(raw)
    except ValueError:
        raise HTTPException(404) from None

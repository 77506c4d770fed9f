"""« Personnes à appeler »: whom the team calls when it must reach a patient, and in which order."""

from typing import Annotated, Any, Final, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, StringConstraints

from coordination.reaching import people as words
from coordination.reaching import service
from core.access import Allowed, Permission, decide
from core.doors import CareContext
from core.rights import rights
from identity import service as identity
from identity.edge.http import Visit, care, html, visit
from identity.words import say_phone

router = APIRouter(include_in_schema=False)
AtVisit = Annotated[Visit, Depends(visit)]
Reads = Annotated[CareContext, Depends(care(Permission.ALERTS_READ))]
Knows = Annotated[CareContext, Depends(care(Permission.IDENTITY_READ))]
Watches = Annotated[CareContext, Depends(care(Permission.MONITORING_WRITE))]
Field = Annotated[str, StringConstraints(max_length=300)]
PAGE: Final = "/patients/{patient_id}/people"
SAID_SENTENCES: Final[dict[str, str]] = {
    "added": "This person is on the list.",
    "changed": "The change is kept.",
    "moved": "The order of the calls is changed.",
    "removed": "This person is called no more.",
    "absent": "This person is no longer on the list. Nothing was changed.",
}


class PersonForm(BaseModel):
    """Somebody to call, as typed."""

    of_patient: Field = ""
    name: Field = ""
    tie: Field = ""
    phone: Field = ""
    has_key: Field = ""
    may_know: Field = ""


@router.get(PAGE)
def people_page(at: AtVisit, ctx: Reads, traits: Knows, said: str = "") -> Response:
    """Show whom to call, in order."""
    return _page(at, ctx, traits, said=said)


def _page(
    at: Visit,
    ctx: CareContext,
    traits: CareContext,
    *,
    said: str = "",
    status: int = 200,
    **typed: Any,
) -> Response:
    patient = identity.patient_traits(traits)
    known = service.reach(ctx, patient.phone if patient else None, read="people_to_call")
    return html(
        at,
        "coordination/people.html",
        status=status,
        patient=patient,
        patient_id=ctx.patient,
        known=known,
        may_write=isinstance(decide([ctx.through], Permission.MONITORING_WRITE, rights()), Allowed),
        said=SAID_SENTENCES.get(said, ""),
        good=said != "absent",
        may_know=words.MAY_KNOW_LABELS,
        most=words.MOST_PEOPLE,
        say_phone=say_phone,
        **{"given": {}, "problems": {}, "problem": "", "editing": None, **typed},
    )


@router.post(PAGE)
def add(
    at: AtVisit, ctx: Watches, reading: Reads, traits: Knows, form: Annotated[PersonForm, Form()]
) -> Response:
    """Put somebody on the list."""
    given = form.model_dump()
    draft = words.read_person(given)
    if isinstance(draft, words.Mend):
        return _page(at, reading, traits, status=422, given=given, problems=draft.problems)
    if isinstance(service.add_person(ctx, draft), service.Full):
        problem = words.PROBLEM_SENTENCES["full"]
        return _page(at, reading, traits, status=422, given=given, problem=problem)
    return _back(ctx, "added")


@router.post(f"{PAGE}/{{contact_id}}")
def change(
    at: AtVisit,
    ctx: Watches,
    reading: Reads,
    traits: Knows,
    contact_id: UUID,
    form: Annotated[PersonForm, Form()],
) -> Response:
    """Change what is known of somebody."""
    given = form.model_dump()
    draft = words.read_person(given)
    if isinstance(draft, words.Mend):
        return _page(
            at,
            reading,
            traits,
            status=422,
            given=given,
            problems=draft.problems,
            editing=contact_id,
        )
    done = service.change_person(ctx, contact_id, draft)
    return _back(ctx, "changed" if isinstance(done, service.Done) else "absent")


@router.post(f"{PAGE}/{{contact_id}}/move")
def move(
    ctx: Watches, contact_id: UUID, direction: Annotated[Literal["up", "down"], Form()] = "up"
) -> Response:
    """Call somebody earlier or later."""
    done = service.move_person(ctx, contact_id, direction)
    return _back(ctx, "moved" if isinstance(done, service.Done) else "absent")


@router.post(f"{PAGE}/{{contact_id}}/remove")
def remove(ctx: Watches, contact_id: UUID) -> Response:
    """Take somebody off the list."""
    done = service.remove_person(ctx, contact_id)
    return _back(ctx, "removed" if isinstance(done, service.Done) else "absent")


def _back(ctx: CareContext, said: str) -> Response:
    return RedirectResponse(f"/patients/{ctx.patient}/people?said={said}", 303)

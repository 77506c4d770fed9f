"""Records beyond one's own list: those proposed to one's organisation, those that sleep; and the
patient's own page of how his record stands."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Response
from fastapi.responses import RedirectResponse

from coordination.consent import MEANS_LABELS, Means
from coordination.opening import service, words
from coordination.opening.opening import TEXT_SENTENCES, Kind, Outcome, Said, Speaker, text_of
from core import clock, i18n
from core.access import Permission
from core.doors import CareContext
from core.rights import rights
from identity.edge.http import Visit, html, own_record, signed_in, visit
from identity.edge.posts import acting_post
from identity.people import SignedIn
from identity.words import role_label

router = APIRouter(include_in_schema=False)
AtVisit = Annotated[Visit, Depends(visit)]
Text = Annotated[str, Form(max_length=300)]
Own = Annotated[CareContext, Depends(own_record(Permission.CIRCLE_READ))]
Accepts = Annotated[SignedIn, Depends(acting_post(Permission.PATIENTS_INCLUDE))]


@router.get("/records")
def records_page(
    at: AtVisit, person: Annotated[SignedIn, Depends(signed_in)], said: str = ""
) -> Response:
    """List what was proposed to the organisation one acts in, and records that sleep for one."""
    return html(
        at,
        "coordination/records.html",
        waiting=service.waiting(person.actor),
        may_answer=rights().of_post(person.role, Permission.PATIENTS_INCLUDE),
        said=words.SAID_SENTENCES.get(said, ""),
        role_label=role_label,
    )


@router.post("/records/transfers/{transfer_id}")
def answer(person: Accepts, transfer_id: UUID, verdict: Text = "", why: Text = "") -> Response:
    """Accept a record for one's organisation, or refuse it."""
    accepts = verdict == "accept"
    patient = service.answer(person.actor, transfer_id, accepts=accepts, why=why.strip())
    if patient is None:
        return RedirectResponse("/records?said=gone", 303)
    if accepts:
        return RedirectResponse(f"/patients/{patient}/record?said=accepted", 303)
    return RedirectResponse("/records?said=refused", 303)


@router.get("/p/record")
def own_record_page(at: AtVisit, ctx: Own, said: str = "") -> Response:
    """Show a patient how his record stands, what he was told, and how to oppose the sharing."""
    return html(
        at,
        "coordination/own_record.html",
        record=service.record(ctx),
        words=words,
        texts=TEXT_SENTENCES,
        means_labels=MEANS_LABELS,
        said=words.SAID_SENTENCES.get(said, ""),
        problem=words.SENTENCES.get(said, ""),
    )


@router.post("/p/record/opposition")
def state_opposition(at: AtVisit, ctx: Own, opposed: Text = "") -> Response:
    """Oppose the sharing of one's record, or take that back."""
    if opposed == "yes":
        today = clock.now().astimezone(i18n.zone(at.time_zone)).date()
        said = Said(
            kind=Kind.OPPOSITION,
            text=text_of(Kind.OPPOSITION),
            said_on=today,
            said_by=Speaker.PATIENT,
            means=Means.DIGITAL,
        )
        outcome = service.note(ctx, said, b"", i18n.translator(at.locale))
        found = service.record(ctx)
        told = "still_followed" if found and found.head.shared else "opposed"
        told = told if outcome is Outcome.DONE else "gone"
        return RedirectResponse(f"/p/record?said={told}", 303)
    found = service.record(ctx)
    standing = found.opposition if found else None
    done = standing is not None and service.withdraw(ctx, standing.id)
    return RedirectResponse(f"/p/record?said={'withdrawn' if done else 'gone'}", 303)

"""Pages of requests: asking a centre to follow somebody, and what the centre answers."""

from typing import Annotated, Any, Literal, assert_never
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, StringConstraints
from starlette.exceptions import HTTPException

from coordination.inclusion import person_service, request_service
from coordination.inclusion import request as words
from coordination.inclusion.programmes import PROGRAMMES, programme_name
from coordination.inclusion.request import Mend, Refusal, Request, read_wish, to_identity
from core import clock
from core.access import Permission
from core.care import open_record
from core.doors import CareContext
from core.i18n import zone
from core.ids import new_id
from core.rights import rights
from identity import drafts
from identity import service as identity
from identity.edge.http import Visit, html, visit
from identity.edge.posts import acting_post
from identity.people import SignedIn
from identity.words import identity_words, role_label

router = APIRouter(include_in_schema=False)
AtVisit = Annotated[Visit, Depends(visit)]
Includes = Annotated[SignedIn, Depends(acting_post(Permission.PATIENTS_INCLUDE))]
Asks = Annotated[SignedIn, Depends(acting_post(Permission.TELEMONITORING_REQUEST))]
Field = Annotated[str, StringConstraints(max_length=2000)]
Text = Annotated[str, Form(max_length=1000)]
PAGE = "/requests"


@router.get(PAGE)
def requests_page(at: AtVisit, person: Includes, said: str = "") -> Response:
    """List what waits for the acting centre and what the actor has asked."""
    found = request_service.requests(person.actor)
    return html(
        at,
        "coordination/requests.html",
        ours=[one for one in found if one.centre == person.organisation],
        mine=[one for one in found if one.mine],
        may_ask=rights().of_post(person.role, Permission.TELEMONITORING_REQUEST),
        said=words.SAID_SENTENCES.get(said, ""),
        good=said in ("sent", "withdrawn", "refused", "accepted"),
        words=words,
        programme_name=programme_name,
        now=clock.now(),
    )


class WishForm(BaseModel):
    """The fields of a request as its form sends them."""

    patient: Field = ""
    centre: Field = ""
    birth_name: Field = ""
    first_name: Field = ""
    birth_date: Field = ""
    sex: Field = ""
    phone: Field = ""
    programme: Field = ""
    risk: Field = ""
    reason: Field = ""
    discharge_on: Field = ""
    oxygen: Field = ""
    patient_told: Field = ""


@router.get(PAGE + "/new")
def new_request(at: AtVisit, person: Asks, patient: str = "") -> Response:
    """Ask for whom and why; `patient` is one of the actor's own patients."""
    return _new(at, person, {"patient": patient, "risk": "usual"})


@router.post(PAGE + "/new")
def send_request(at: AtVisit, person: Asks, form: Annotated[WishForm, Form()]) -> Response:
    """Send a request, or show what is to be mended with all that was typed."""
    given = form.model_dump(mode="json")
    ctx = _known(person, form.patient)
    today = clock.now().astimezone(zone(at.time_zone)).date()
    wish = read_wish(given, known=ctx is not None, today=today)
    if isinstance(wish, Mend):
        return _new(at, person, given, problems=wish.problems, status=422)
    outcome = request_service.send(person.actor, ctx.patient if ctx else None, wish)
    if isinstance(outcome, request_service.Sent):
        return RedirectResponse(f"{PAGE}?said=sent", 303)
    problem = words.SENDING_SENTENCES[outcome]
    return _new(at, person, given, problem=problem, status=409)


def _known(person: SignedIn, raw: str) -> CareContext | None:
    """Return the record a form names, opened; a stranger's is the 404 of no page."""
    if not raw:
        return None
    try:
        ctx = open_record(person.actor, UUID(raw), Permission.IDENTITY_READ)
    except ValueError:
        ctx = None
    if not isinstance(ctx, CareContext):
        raise HTTPException(status_code=404)
    return ctx


def _new(
    at: Visit,
    person: SignedIn,
    given: dict[str, str],
    *,
    problems: dict[str, str] | None = None,
    problem: str = "",
    status: int = 200,
) -> Response:
    ctx = _known(person, given.get("patient", ""))
    traits = identity.patient_traits(ctx) if ctx else None
    if traits and not given.get("phone"):
        given = {**given, "phone": traits.phone or ""}
    return html(
        at,
        "coordination/request_new.html",
        status=status,
        given=given,
        patient=traits,
        problems=problems or {},
        problem=problem,
        centres=request_service.centres(person.actor),
        programmes=PROGRAMMES,
        words=words,
        **identity_words(at.locale),
    )


@router.get(PAGE + "/{request_id}")
def request_page(at: AtVisit, person: Includes, request_id: UUID, said: str = "") -> Response:
    """Show one request to whoever sent it and to its centre."""
    found = request_service.request(person.actor, request_id)
    if found is None:
        return RedirectResponse(f"{PAGE}?said=gone", 303)
    return _request(at, person, found, said=said)


def _request(
    at: Visit,
    person: SignedIn,
    found: Request,
    *,
    said: str = "",
    status: int = 200,
    **values: Any,
) -> Response:
    shown = {
        "given": to_identity(found),
        "problems": {},
        "problem": "",
        "suspects": (),
        "note": "",
        "refusal": "",
        **values,
    }
    return html(
        at,
        "coordination/request.html",
        status=status,
        one=found,
        ours=found.centre == person.organisation,
        said=words.SAID_SENTENCES.get(said, ""),
        good=said in ("sent", "withdrawn", "refused", "accepted"),
        words=words,
        programme_name=programme_name,
        role_label=role_label,
        **identity_words(at.locale),
        **shown,
    )


@router.post(PAGE + "/{request_id}")
def decide_request(
    at: AtVisit,
    person: Includes,
    request_id: UUID,
    act: Annotated[Literal["accept", "refuse", "withdraw"], Form()] = "withdraw",
    refusal: Text = "",
    note: Text = "",
) -> Response:
    """Accept, refuse with a reason, or take back a request."""
    found = request_service.request(person.actor, request_id)
    if found is None:
        return RedirectResponse(f"{PAGE}?said=gone", 303)
    if act == "refuse" and refusal not in Refusal.__members__.values():
        return _request(at, person, found, said="refusal", status=422, note=note)
    match act:
        case "accept":
            outcome = request_service.accept(person.actor, request_id)
        case "refuse":
            outcome = request_service.refuse(person.actor, request_id, Refusal(refusal), note)
        case "withdraw":
            outcome = request_service.withdraw(person.actor, request_id)
        case _:
            assert_never(act)
    if outcome != "done":
        return RedirectResponse(f"{PAGE}/{request_id}?said={outcome}", 303)
    if act == "accept" and found.patient_id is not None:
        return _to_inclusion(found.patient_id, request_id)
    said = {"accept": "accepted", "refuse": "refused", "withdraw": "withdrawn"}[act]
    return RedirectResponse(f"{PAGE}/{request_id}?said={said}", 303)


def _to_inclusion(patient: UUID, request: UUID) -> Response:
    return RedirectResponse(f"/patients/{patient}/inclusion?request={request}", 303)


class PersonForm(BaseModel):
    """Who a request is for, as the centre checked it, or the record that is his."""

    birth_name: Field = ""
    birth_first_names: Field = ""
    birth_date: Field = ""
    sex: Field = ""
    phone: Field = ""
    document: Field = ""
    same: Field = ""
    confirmed: Field = ""


@router.post(PAGE + "/{request_id}/patient")
def identify_patient(
    at: AtVisit, person: Includes, request_id: UUID, form: Annotated[PersonForm, Form()]
) -> Response:
    """Check who it is: take the record he has, or make a new one, then include him."""
    found = request_service.request(person.actor, request_id)
    if found is None or found.state != "accepted" or found.centre != person.organisation:
        return RedirectResponse(f"{PAGE}?said=gone", 303)
    if found.patient_id is not None:
        return _to_inclusion(found.patient_id, request_id)
    given, now = form.model_dump(mode="json"), clock.now()
    draft = drafts.read_draft(given, new_id(now), now.astimezone(zone(at.time_zone)).date())
    if isinstance(draft, drafts.Mend):
        return _request(at, person, found, status=422, given=given, problems=draft.problems)
    outcome: person_service.Identified | person_service.Alike | person_service.CannotIdentify
    if form.same:
        outcome = person_service.same_person(person.actor, _id_of(form.same))
    else:
        confirmed = form.confirmed == "yes"
        outcome = person_service.identify(person.actor, draft, confirmed=confirmed)
    match outcome:
        case person_service.Identified(patient=patient):
            if not request_service.name_patient(person.actor, request_id, patient):
                return RedirectResponse(f"{PAGE}?said=gone", 303)
            return _to_inclusion(patient, request_id)
        case person_service.Alike(suspects=suspects):
            return _request(at, person, found, status=409, given=given, suspects=suspects)
        case person_service.CannotIdentify(problem=problem, reason=reason):
            told = words.IDENTIFY_SENTENCES.get(problem, reason)
            return _request(at, person, found, status=422, given=given, problem=told)
        case _:
            assert_never(outcome)


def _id_of(raw: str) -> UUID:
    try:
        return UUID(raw)
    except ValueError:
        raise HTTPException(status_code=404) from None

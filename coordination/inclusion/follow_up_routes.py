"""Pages of running follow-ups: whom to call first, what a record shows, who lives with whom."""

from typing import Annotated, Any, Final, assert_never
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, StringConstraints
from starlette.exceptions import HTTPException

from coordination.consent import MEANS_LABELS
from coordination.inclusion import follow_up as words
from coordination.inclusion import follow_up_service, person_service
from coordination.inclusion.eligibility import CRITERION_LABELS
from coordination.inclusion.programmes import programme_name
from coordination.inclusion.request import IDENTIFY_SENTENCES
from core import clock
from core.access import Allowed, Permission, decide
from core.doors import CareContext
from core.i18n import zone
from core.ids import new_id
from core.rights import rights
from identity import drafts
from identity import service as identity
from identity.administration import patient_service
from identity.administration.forms import is_mail
from identity.edge.http import Visit, care, html, visit
from identity.edge.posts import acting_post
from identity.people import SignedIn
from identity.words import identity_words

router = APIRouter(include_in_schema=False)
AtVisit = Annotated[Visit, Depends(visit)]
Includes = Annotated[SignedIn, Depends(acting_post(Permission.PATIENTS_INCLUDE))]
Reads = Annotated[CareContext, Depends(care(Permission.PLAN_READ))]
Knows = Annotated[CareContext, Depends(care(Permission.IDENTITY_READ))]
Watches = Annotated[CareContext, Depends(care(Permission.MONITORING_WRITE))]
Text = Annotated[str, Form(max_length=300)]
Field = Annotated[str, StringConstraints(max_length=300)]
PAGE = "/patients/{patient_id}/follow-up"

SAID_SENTENCES: Final[dict[str, str]] = {
    "noted": "The call is written down.",
    "gone": "This follow-up has ended, or is not of this record. Nothing was changed.",
    "linked": "They are tied. Include whoever needs it.",
    "not_linked": "They cannot be tied: your post does not follow both.",
    "unlinked": "The tie is ended.",
    "mail": "This is not a mail address.",
    "mail_taken": "This mail address belongs to another account.",
    "dead": "A death is noted in the record: nobody is invited",
    "in_use": "He has an account already.",
}


@router.get("/follow-ups")
def desk_page(at: AtVisit, person: Includes, said: str = "") -> Response:
    """List whom nobody has spoken with yet, late ones first, then everybody followed.

    Of these, whose planned end has passed or is near comes first.
    """
    desk, now = follow_up_service.desk(person.actor), clock.now()
    today = now.astimezone(zone(at.time_zone)).date()
    spoken = [one for one in desk.lines if one.first_contact_at is not None]
    to_call = [one for one in desk.lines if one.first_contact_at is None]
    return html(
        at,
        "coordination/follow_ups.html",
        late=[one for one in to_call if one.late_by(now) is not None],
        to_call=[one for one in to_call if one.late_by(now) is None],
        spoken=sorted(spoken, key=lambda one: ("passed", "near", "").index(one.ending(today))),
        to_end=sum(one.ending(today) != "" for one in desk.lines),
        today=today,
        begun=desk.open,
        said=SAID_SENTENCES.get(said, ""),
        good=said == "noted",
        outcomes=words.CONTACT_LABELS,
        programme_name=programme_name,
        now=now,
        **identity_words(at.locale),
    )


@router.post("/patients/{patient_id}/first-contact")
def note_contact(
    ctx: Watches,
    episode: Annotated[UUID, Form()],
    outcome: Text = "",
    note: Annotated[str, Form(max_length=500)] = "",
    back: Text = "",
) -> Response:
    """Write down an attempt to speak with a patient just included, and what came of it."""
    if outcome not in words.CONTACT_LABELS:
        raise HTTPException(status_code=400)
    said = "noted" if follow_up_service.attempt(ctx, episode, outcome, note) else "gone"
    where = "/follow-ups" if back == "list" else f"/patients/{ctx.patient}/follow-up"
    return RedirectResponse(f"{where}?said={said}", 303)


@router.get(PAGE)
def follow_up_page(at: AtVisit, ctx: Reads, traits: Knows, said: str = "") -> Response:
    """Show the follow-ups of a record: agreements, first contact, household, what was before."""
    return _page(at, ctx, traits, said=said)


def _page(
    at: Visit,
    ctx: CareContext,
    traits: CareContext,
    *,
    said: str = "",
    status: int = 200,
    **values: Any,
) -> Response:
    shown = {"given": {}, "problems": {}, "problem": "", "suspects": (), "invited": None, **values}
    return html(
        at,
        "coordination/follow_up.html",
        status=status,
        patient=identity.patient_traits(traits),
        patient_id=ctx.patient,
        record=follow_up_service.record(ctx),
        invitations=patient_service.invitations(traits),
        may_write=isinstance(decide([ctx.through], Permission.MONITORING_WRITE, rights()), Allowed),
        said=SAID_SENTENCES.get(said, ""),
        good=said in ("noted", "linked", "unlinked"),
        words=words,
        criteria=CRITERION_LABELS,
        means_labels=MEANS_LABELS,
        programme_name=programme_name,
        now=clock.now(),
        **identity_words(at.locale),
        **shown,
    )


@router.post("/patients/{patient_id}/follow-up/invitation")
def invite(at: AtVisit, ctx: Watches, reading: Reads, traits: Knows, mail: Text = "") -> Response:
    """Mail the patient the link to the app; the code goes to his telephone, or is shown once."""
    where = f"/patients/{ctx.patient}/follow-up"
    if not is_mail(mail.strip()):
        return RedirectResponse(f"{where}?said=mail", 303)
    done = patient_service.invite(ctx, mail.strip())
    if done.state == "invited":
        return _page(at, reading, traits, invited=done)
    said = done.state if done.state in ("mail_taken", "dead") else "in_use"
    return RedirectResponse(f"{where}?said={said}", 303)


class RelativeForm(BaseModel):
    """Who lives with the index patient, or was in contact with him."""

    kind: Field = ""
    birth_name: Field = ""
    birth_first_names: Field = ""
    birth_date: Field = ""
    sex: Field = ""
    phone: Field = ""
    same: Field = ""
    confirmed: Field = ""


@router.post("/patients/{patient_id}/household")
def add_relative(
    at: AtVisit,
    ctx: Watches,
    reading: Reads,
    traits: Knows,
    form: Annotated[RelativeForm, Form()],
) -> Response:
    """Tie a contact case or a member of the household to the index patient, registering him."""
    given, now = form.model_dump(mode="json"), clock.now()
    if form.kind not in words.KIND_LABELS:
        raise HTTPException(status_code=400)
    draft = drafts.read_draft(given, new_id(now), now.astimezone(zone(at.time_zone)).date())
    if isinstance(draft, drafts.Mend):
        return _page(at, reading, traits, status=422, given=given, problems=draft.problems)
    outcome: person_service.Identified | person_service.Alike | person_service.CannotIdentify
    if form.same:
        outcome = person_service.same_person(ctx.actor, _id_of(form.same))
    else:
        outcome = person_service.identify(ctx.actor, draft, confirmed=form.confirmed == "yes")
    match outcome:
        case person_service.Identified(patient=other):
            said = "linked" if follow_up_service.link(ctx, other, form.kind) else "not_linked"
            return RedirectResponse(f"/patients/{ctx.patient}/follow-up?said={said}", 303)
        case person_service.Alike(suspects=suspects):
            return _page(at, reading, traits, status=409, given=given, suspects=suspects)
        case person_service.CannotIdentify(problem=problem, reason=reason):
            told = IDENTIFY_SENTENCES.get(problem, reason)
            return _page(at, reading, traits, status=422, given=given, problem=told)
        case _:
            assert_never(outcome)


@router.post("/patients/{patient_id}/household/{tie_id}/end")
def end_tie(ctx: Watches, tie_id: UUID) -> Response:
    """End a tie that was an error or is over."""
    said = "unlinked" if follow_up_service.unlink(ctx, tie_id) else "gone"
    return RedirectResponse(f"/patients/{ctx.patient}/follow-up?said={said}", 303)


def _id_of(raw: str) -> UUID:
    try:
        return UUID(raw)
    except ValueError:
        raise HTTPException(status_code=404) from None

"""Pages about who patients are: finding, registering, their identity, records of one person."""

from dataclasses import replace
from typing import Annotated, Any, Final, assert_never
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, StringConstraints
from starlette.exceptions import HTTPException

from core import clock
from core.access import Allowed, Permission, decide
from core.doors import CareContext
from core.i18n import zone
from core.ids import new_id
from core.rights import rights
from identity import identity_service, merge_service, registration_service, search_service
from identity.drafts import Mend, fields_of, read_draft
from identity.edge.http import Visit, care, html, visit
from identity.edge.posts import acting_post
from identity.people import SignedIn
from identity.search import NotEnough, parse_search
from identity.traits import NotThisStatus
from identity.words import identity_words

router = APIRouter(include_in_schema=False)
AtVisit = Annotated[Visit, Depends(visit)]
Text = Annotated[str, Form(max_length=300)]
Field = Annotated[str, StringConstraints(max_length=300)]
Searcher = Annotated[SignedIn, Depends(acting_post(Permission.PATIENTS_SEARCH))]
Registrar = Annotated[SignedIn, Depends(acting_post(Permission.PATIENTS_INCLUDE))]
Officer = Annotated[SignedIn, Depends(acting_post(Permission.PATIENTS_MERGE))]
ToRead = Annotated[CareContext, Depends(care(Permission.IDENTITY_READ))]
ToChange = Annotated[CareContext, Depends(care(Permission.IDENTITY_WRITE))]

READ_ONLY_FIELDS: Final = (
    "birth_name",
    "birth_first_names",
    "birth_first_name",
    "birth_date",
    "sex",
    "birth_place",
)
"""What a form does not send once the identity is validated."""


@router.get("/patients/search")
def search_page(at: AtVisit, person: Searcher) -> Response:
    """Ask whom to find."""
    return _search(at, person, {})


def _search(
    at: Visit, person: SignedIn, asked: dict[str, str], *, status: int = 200, **values: Any
) -> Response:
    shown = {"found": None, "problem": None, "too_many": False, **values}
    return html(
        at,
        "identity/search.html",
        status=status,
        asked=asked,
        may_include=rights().of_post(person.role, Permission.PATIENTS_INCLUDE),
        **identity_words(at.locale),
        **shown,
    )


@router.post("/patients/search")
def search(
    at: AtVisit,
    person: Searcher,
    name: Text = "",
    first_name: Text = "",
    birth_date: Text = "",
    ins: Text = "",
) -> Response:
    """Show who was found; names travel in the body, for addresses end up in logs."""
    asked = {"name": name, "first_name": first_name, "birth_date": birth_date, "ins": ins}
    wanted = parse_search(name, first_name, birth_date, ins)
    if isinstance(wanted, NotEnough):
        return _search(at, person, asked, status=422, problem=wanted)
    outcome = search_service.find_patients(person.actor, wanted)
    match outcome:
        case search_service.Found():
            return _search(at, person, asked, found=outcome)
        case search_service.TooManySearches():
            return _search(at, person, asked, status=429, too_many=True)
        case _:
            assert_never(outcome)


@router.get("/patients/new")
def new_page(at: AtVisit, person: Registrar) -> Response:
    """Ask who is to be registered."""
    return _new(at, {})


def _new(at: Visit, given: dict[str, str], *, status: int = 200, **values: Any) -> Response:
    shown = {"problems": {}, "problem": "", "suspects": (), **values}
    return html(
        at, "identity/new.html", status=status, given=given, **identity_words(at.locale), **shown
    )


class IdentityForm(BaseModel):
    """The fields of an identity as a form sends them."""

    birth_name: Field = ""
    birth_first_names: Field = ""
    birth_first_name: Field = ""
    used_name: Field = ""
    used_first_name: Field = ""
    birth_date: Field = ""
    sex: Field = ""
    birth_place: Field = ""
    ins: Field = ""
    ins_kind: Field = ""
    document: Field = ""
    phone: Field = ""
    is_homonym: Field = ""
    is_doubtful: Field = ""
    is_fictitious: Field = ""
    reason: Field = ""
    confirmed: Field = ""
    shared: Field = "yes"
    version: int = 0


Filled = Annotated[IdentityForm, Form()]


@router.post("/patients/new")
def register(at: AtVisit, person: Registrar, form: Filled) -> Response:
    """Register the patient, or show first who looks like him."""
    given = form.model_dump(mode="json")
    now = clock.now()
    draft = read_draft(given, new_id(now), now.astimezone(zone(at.time_zone)).date())
    if isinstance(draft, Mend):
        return _new(at, given, status=422, problems=draft.problems)
    outcome = registration_service.register(
        person.actor, draft, confirmed=form.confirmed == "yes", shared=form.shared != "no"
    )
    match outcome:
        case registration_service.Registered(patient=patient):
            return RedirectResponse(f"/patients/{patient}/identity?said=registered", 303)
        case registration_service.LooksRegistered(suspects=suspects):
            return _new(at, given, status=409, suspects=suspects)
        case NotThisStatus(reason=reason):
            return _new(at, given, status=422, problem=reason)
        case registration_service.NotAllowed():
            raise HTTPException(status_code=403)
        case search_service.TooManySearches():
            return _new(at, given, status=429, problem="Too many searches. Wait ten minutes.")
        case _:
            assert_never(outcome)


@router.get("/patients/{patient_id}/identity")
def identity_page(at: AtVisit, ctx: ToRead, said: str = "") -> Response:
    """Show the identity of a patient, its status and what it was before."""
    return _identity(at, ctx, said=said)


def _identity(
    at: Visit,
    ctx: CareContext,
    *,
    said: str = "",
    status: int = 200,
    given: dict[str, str] | None = None,
    **values: Any,
) -> Response:
    found = identity_service.load_identity(ctx)
    if found is None:
        raise HTTPException(status_code=404)
    may_write = isinstance(decide([ctx.through], Permission.IDENTITY_WRITE, rights()), Allowed)
    shown = {"problems": {}, "problem": "", **values}
    return html(
        at,
        "identity/identity.html",
        status=status,
        patient=found.traits,
        identity=found,
        may_write=may_write,
        given=given or fields_of(found.traits),
        said=said if said in ("registered", "changed") else "",
        **identity_words(at.locale),
        **shown,
    )


@router.post("/patients/{patient_id}/identity")
def change_identity(at: AtVisit, ctx: ToChange, reading: ToRead, form: Filled) -> Response:
    """Write the next version of the identity."""
    given = form.model_dump(mode="json")
    found = identity_service.load_identity(reading)
    if found is None:
        raise HTTPException(status_code=404)
    if not found.open:
        kept = fields_of(found.traits)
        given = {**given, **{field: kept[field] for field in READ_ONLY_FIELDS if kept[field]}}
    today = clock.now().astimezone(zone(at.time_zone)).date()
    draft = read_draft(given, found.traits.patient_id, today, found.traits)
    if isinstance(draft, Mend):
        return _identity(at, reading, status=422, given=given, problems=draft.problems)
    draft = replace(draft, version=form.version)
    outcome = identity_service.change_identity(ctx, draft, form.reason)
    match outcome:
        case identity_service.Changed():
            return RedirectResponse(f"/patients/{ctx.patient}/identity?said=changed", 303)
        case identity_service.ReadOnly():
            problem = "This identity is validated: here its traits are read-only."
        case identity_service.Stale():
            problem = "Somebody has changed this identity meanwhile. Look again, then change it."
        case identity_service.NoReason():
            problem = "Say why the identity is changed."
        case NotThisStatus(reason=reason):
            problem = reason
        case _:
            assert_never(outcome)
    return _identity(at, reading, status=422, given=given, problem=problem)


@router.get("/patients/duplicates")
def duplicates_page(at: AtVisit, person: Officer, said: str = "") -> Response:
    """Show the records that may be of one person, and those that are read as one."""
    found, merged = merge_service.pairs(person.actor)
    return html(
        at,
        "identity/duplicates.html",
        pairs=found,
        merged=merged,
        said=said if said in ("merged", "parted", "unlinked", "gone") else "",
        **identity_words(at.locale),
    )


@router.get("/patients/duplicates/{pair_id}")
def duplicate_page(at: AtVisit, person: Officer, pair_id: UUID) -> Response:
    """Show two records side by side before they are judged."""
    return _duplicate(at, person, pair_id)


def _duplicate(
    at: Visit, person: SignedIn, pair_id: UUID, *, problem: str = "", status: int = 200
) -> Response:
    found = merge_service.pair(person.actor, pair_id)
    if found is None:
        return RedirectResponse("/patients/duplicates?said=gone", 303)
    return html(
        at,
        "identity/duplicate.html",
        status=status,
        pair=found,
        problem=problem,
        **identity_words(at.locale),
    )


@router.post("/patients/duplicates/{pair_id}")
def judge_pair(
    at: AtVisit,
    person: Officer,
    pair_id: UUID,
    keep: Annotated[UUID | None, Form()] = None,
    verdict: Text = "",
    reason: Text = "",
) -> Response:
    """Merge two records, or note that they are of two persons."""
    outcome: merge_service.Done | merge_service.CannotMerge | merge_service.NoReason
    if verdict == "distinct":
        outcome = merge_service.part(person.actor, pair_id, reason)
    elif keep is not None:
        outcome = merge_service.merge(person.actor, pair_id, keep, reason)
    else:
        return _duplicate(
            at, person, pair_id, problem="Choose the record whose traits stay.", status=422
        )
    said = "parted" if verdict == "distinct" else "merged"
    match outcome:
        case merge_service.Done():
            return RedirectResponse(f"/patients/duplicates?said={said}", 303)
        case merge_service.CannotMerge(reason=why):
            return _duplicate(at, person, pair_id, problem=why, status=422)
        case merge_service.NoReason():
            return _duplicate(at, person, pair_id, problem="Say why.", status=422)
        case _:
            assert_never(outcome)


@router.post("/patients/merges/{link_id}/end")
def end_merge(person: Officer, link_id: UUID, reason: Text = "") -> Response:
    """Read two merged records apart again."""
    done = isinstance(merge_service.unlink(person.actor, link_id, reason), merge_service.Done)
    return RedirectResponse(f"/patients/duplicates?said={'unlinked' if done else 'gone'}", 303)

"""The pages of the directory: searching, at hand, one entry, near a patient, as JSON and CSV."""

from typing import Annotated, Any, Final, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Response
from fastapi.responses import JSONResponse, RedirectResponse
from pydantic import BaseModel, StringConstraints
from starlette.exceptions import HTTPException

from core import clock
from core.access import Allowed, Permission, decide
from core.doors import CareContext
from core.i18n import translator
from core.rights import rights
from identity import service as identity
from identity.directory import ORGANISATION_KIND_LABELS, PROFESSION_LABELS
from identity.edge.http import Visit, care, html, visit
from identity.edge.posts import acting_post
from identity.finding import offer_routes, service
from identity.finding.entry import Commune, Entry, Typed, read_asked
from identity.finding.rows import csv_of, row_of
from identity.people import SignedIn
from identity.search import NotEnough
from identity.words import say_phone

router = APIRouter(include_in_schema=False)
router.include_router(offer_routes.router)
AtVisit = Annotated[Visit, Depends(visit)]
Word = Annotated[str, StringConstraints(max_length=100)]
Reader = Annotated[SignedIn, Depends(acting_post(Permission.DIRECTORY_READ))]
Near = Annotated[CareContext, Depends(care(Permission.IDENTITY_READ))]
NEAR_PAGE: Final = "/patients/{patient_id}/directory"
SAID_SENTENCES: Final[dict[str, str]] = {
    "starred": "Kept at hand.",
    "unstarred": "No longer kept at hand.",
    "said": "It is written down, with today's date.",
}


class SearchForm(BaseModel):
    """A search; `part` asks for the list alone, which is shown while somebody types."""

    words: Word = ""
    place: Word = ""
    profession: Word = ""
    kind: Word = ""
    favourites: Word = ""
    part: Literal["", "list"] = ""

    def typed(self) -> Typed:
        """Return what was typed."""
        return Typed(**self.model_dump(exclude={"part"}))


Filled = Annotated[SearchForm, Form()]


@router.get("/directory")
def directory_page(at: AtVisit, person: Reader, said: str = "") -> Response:
    """Ask for somebody, and show whom one keeps at hand."""
    return _page(at, person, SearchForm(), said=said)


@router.post("/directory")
def search(at: AtVisit, person: Reader, form: Filled) -> Response:
    """Show who was found; words travel in the body, for addresses end up in logs."""
    return _page(at, person, form)


@router.get(NEAR_PAGE)
def near_page(at: AtVisit, ctx: Near) -> Response:
    """Ask for somebody near a patient."""
    return _near(at, ctx, SearchForm())


@router.post(NEAR_PAGE)
def search_near(at: AtVisit, ctx: Near, form: Filled) -> Response:
    """Show who was found, and how far from the commune of the patient."""
    return _near(at, ctx, form)


def _near(at: Visit, ctx: CareContext, form: SearchForm) -> Response:
    person = at.signed_in
    assert person is not None, "care() lets nobody in who is not signed in"
    manages = decide([ctx.through], Permission.CIRCLE_MANAGE, rights())
    return _page(
        at,
        person,
        form,
        near=service.commune_of_patient(ctx),
        patient=identity.patient_traits(ctx),
        patient_id=ctx.patient,
        may_invite=isinstance(manages, Allowed),
    )


def _page(
    at: Visit, person: SignedIn, form: SearchForm, *, near: Commune | None = None, **values: Any
) -> Response:
    typed = form.typed()
    asked = read_asked(typed)
    problem = asked if isinstance(asked, NotEnough) else None
    found = [] if isinstance(asked, NotEnough) else service.search(person.actor, asked, near)
    shown = {"patient": None, "patient_id": None, "may_invite": False, "said": "", **values}
    shown["said"] = SAID_SENTENCES.get(str(shown["said"]), "")
    return html(
        at,
        "identity/directory_list.html" if form.part else "identity/directory.html",
        status=422 if problem else 200,
        typed=typed,
        problem=problem,
        near=near,
        found=found[: service.MOST_SHOWN],
        more=len(found) > service.MOST_SHOWN,
        may_search=rights().of_post(person.role, Permission.DIRECTORY_READ),
        may_import=rights().of_post(person.role, Permission.DIRECTORY_IMPORT),
        **words_of_pages(),
        **shown,
    )


def words_of_pages() -> dict[str, Any]:
    """Return what every page of the directory needs to say an entry in words."""
    return {
        "professions": PROFESSION_LABELS,
        "kinds": ORGANISATION_KIND_LABELS,
        "say_phone": say_phone,
        "now": clock.now(),
    }


@router.post("/directory/found.json")
def found_json(person: Reader, form: Filled) -> Response:
    """Return who was found, as JSON."""
    return JSONResponse({"found": [row_of(one) for one in _found(person, form)]})


@router.post("/directory/found.csv")
def found_csv(at: AtVisit, person: Reader, form: Filled) -> Response:
    """Return who was found, as a file for a spreadsheet."""
    say = translator(at.locale)
    text = csv_of(_found(person, form), say)
    headers = {"Content-Disposition": 'attachment; filename="annuaire.csv"'}
    return Response(text, media_type="text/csv; charset=utf-8", headers=headers)


def _found(person: SignedIn, form: SearchForm) -> list[Entry]:
    asked = read_asked(form.typed())
    if isinstance(asked, NotEnough):
        raise HTTPException(status_code=422)
    return service.search(person.actor, asked)[: service.MOST_SHOWN]


@router.get("/directory/{party}")
def entry_page(at: AtVisit, person: Reader, party: UUID, said: str = "") -> Response:
    """Show one entry, a closed one too, with all its places."""
    found = service.entry(person.actor, party)
    if found is None:
        raise HTTPException(status_code=404)
    own = party == person.actor.person
    return html(
        at,
        "identity/directory_entry.html",
        one=found,
        near=None,
        patient_id=None,
        may_invite=False,
        said=SAID_SENTENCES.get(said, ""),
        change=offer_routes.address_of(party, own=own)
        if service.may_say(person.actor, party)
        else "",
        **words_of_pages(),
    )


@router.post("/directory/{party}/star")
def star(
    person: Reader,
    party: UUID,
    starred: Annotated[str, Form()] = "yes",
    back: Annotated[str, Form()] = "",
) -> Response:
    """Keep an entry at hand, or no longer: the same button undoes it."""
    kept = starred == "yes"
    if not service.star(person.actor, party, starred=kept):
        raise HTTPException(status_code=404)
    place = f"/directory/{party}" if back == "entry" else "/directory"
    return RedirectResponse(f"{place}?said={'starred' if kept else 'unstarred'}", 303)

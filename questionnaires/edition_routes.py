"""Pages of those who may manage questionnaires: the list, import, preview, publish, retire."""

from dataclasses import replace
from typing import Annotated, assert_never

from fastapi import APIRouter, Depends, File, Form, Response, UploadFile
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from core.access import Permission
from core.i18n import LOCALES
from identity.edge.http import Visit, html, visit
from identity.edge.posts import acting_post
from identity.people import SignedIn
from questionnaires import import_service as service
from questionnaires.edge.asking import preview_page
from questionnaires.edge.fields import field_words
from questionnaires.editions import WHY_WORDS, Edition, Imported, NotImported
from questionnaires.library_service import load_edition
from questionnaires.lifecycle import STATE_LABELS, EditionAct, NotPossible
from questionnaires.outside import FAULT_WORDS, OutsideSubset
from questionnaires.questionnaire import Questionnaire, said
from questionnaires.wire import LARGEST

router = APIRouter(include_in_schema=False)
AtVisit = Annotated[Visit, Depends(visit)]
Manager = Annotated[SignedIn, Depends(acting_post(Permission.INSTRUMENTS_MANAGE))]
MOST_FINDINGS = 50


@router.get("/instruments")
def instruments_page(at: AtVisit, person: Manager) -> Response:
    """List the questionnaires, and ask for a file to import."""
    return _list(at, person)


@router.post("/instruments")
def import_file(
    at: AtVisit, person: Manager, file: Annotated[UploadFile | None, File()] = None
) -> Response:
    """Store a file as a draft and show it, or say all that keeps it from being one."""
    raw = file.file.read(LARGEST + 1) if file else b""
    if person.organisation is None:
        raise HTTPException(status_code=404)
    outcome = service.import_questionnaire(person.actor, person.organisation, raw)
    match outcome:
        case Imported(digest=digest):
            return RedirectResponse(f"/instruments/{digest}", 303)
        case OutsideSubset() | NotImported():
            return _list(at, person, outcome, file.filename if file else None)
        case _:
            assert_never(outcome)


@router.get("/instruments/{digest}")
def instrument_page(at: AtVisit, person: Manager, digest: str, refused: bool = False) -> Response:
    """Show one edition: where it comes from, its questions, what may be done with it."""
    found = _found(person, digest)
    edition = load_edition(digest)
    return html(
        at,
        "questionnaires/instrument.html",
        row=found,
        edition=edition,
        title=said(edition.title, at.locale),
        asked=[item for item in edition.flat() if item.words],
        w=field_words(at.locale),
        states=STATE_LABELS,
        refused=refused,
    )


@router.get("/instruments/{digest}/preview")
def preview(at: AtVisit, person: Manager, digest: str, words: str = "") -> Response:
    """Let an edition be walked through as on a phone, in one language; nothing is sent or kept."""
    row = _found(person, digest)
    edition = load_edition(digest)
    spoken, others = _languages(edition, words, at.locale)
    address = f"/instruments/{digest}/preview"
    return preview_page(
        replace(at, locale=spoken),
        edition,
        f"{address}?words={spoken}",
        row=row,
        states=STATE_LABELS,
        others={other: f"{address}?words={other}" for other in others},
    )


def _languages(edition: Questionnaire, wanted: str, own: str) -> tuple[str, list[str]]:
    """Return the language to show an edition in, and those it may be shown in instead."""
    known = [one for one in LOCALES if one in edition.languages] or [own]
    spoken = next((one for one in (wanted, own) if one in known), known[0])
    return spoken, [one for one in known if one != spoken]


@router.post("/instruments/{digest}")
def act_on_instrument(
    person: Manager, digest: str, act: Annotated[str, Form(max_length=20)] = ""
) -> Response:
    """Publish or retire an edition, and show it again."""
    if act not in tuple(EditionAct):
        raise HTTPException(status_code=400)
    outcome = service.act_on(person.actor, digest, EditionAct(act))
    match outcome:
        case None:
            raise HTTPException(status_code=404)
        case NotPossible():
            return RedirectResponse(f"/instruments/{digest}?refused=1", 303)
        case Edition():
            return RedirectResponse(f"/instruments/{digest}", 303)
        case _:
            assert_never(outcome)


def _found(person: SignedIn, digest: str) -> Edition:
    found = service.edition_of(person.actor, digest)
    if found is None:
        raise HTTPException(status_code=404)
    return found


def _list(
    at: Visit,
    person: SignedIn,
    outcome: OutsideSubset | NotImported | None = None,
    file_name: str | None = None,
) -> Response:
    rows = service.editions(person.actor)
    titles = {row.digest: said(load_edition(row.digest).title, at.locale) for row in rows}
    findings = outcome.findings if isinstance(outcome, OutsideSubset) else ()
    return html(
        at,
        "questionnaires/instruments.html",
        status=422 if outcome else 200,
        rows=rows,
        titles=titles,
        states=STATE_LABELS,
        file_name=file_name,
        findings=findings[:MOST_FINDINGS],
        more=max(0, len(findings) - MOST_FINDINGS),
        fault_words=FAULT_WORDS,
        refusal=outcome if isinstance(outcome, NotImported) else None,
        why_words=WHY_WORDS,
    )

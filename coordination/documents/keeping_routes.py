"""Pages that keep documents: a new one, a new version, one entered in error, one judged again."""

from typing import Annotated, assert_never
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from coordination import noting
from coordination.documents import keeping_service as keeping
from coordination.documents import service, withheld_service
from coordination.documents.document import Document, Draft, Kind, Refused, Typed, parse_draft
from coordination.documents.document import Wrong as WrongDraft
from coordination.documents.edge.sent import Sent, sent_form
from coordination.documents.reading_routes import (
    PAGE,
    AtVisit,
    Circle,
    ToRead,
    name_of,
    show_document,
    today,
    words,
)
from coordination.noting import Withholding, Written
from core import clock
from core.access import Permission
from core.doors import CareContext
from core.ids import new_id
from identity.edge.http import Visit, care, html

router = APIRouter(include_in_schema=False)
ToWrite = Annotated[CareContext, Depends(care(Permission.DOCUMENTS_WRITE))]
AsSent = Annotated[Sent, Depends(sent_form)]
_STATUS = {Refused.TOO_LARGE: 413, Refused.BUSY: 503, Refused.TOO_MANY_TODAY: 429}
"""Of a refusal; else 422."""


@router.get(PAGE + "/new")
def new_document_page(
    at: AtVisit, ctx: ToWrite, circle: Circle, note: UUID | None = None, photograph: str = ""
) -> Response:
    """Show the form of a new document, or of a photograph for a note."""
    if note is not None and not keeping.attachable(ctx, note):
        raise HTTPException(404)
    kind = Kind.PHOTOGRAPH.value if photograph or note else ""
    return _form(at, ctx, circle, Typed(kind=kind), note=note)


def _form(
    at: Visit,
    ctx: CareContext,
    circle: CareContext,
    typed: Typed,
    *,
    note: UUID | None = None,
    withholding: Written | None = None,
    problems: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    return html(
        at,
        "coordination/new_document.html",
        status=status,
        patient_id=ctx.patient,
        patient_name=name_of(circle),
        new_id=new_id(clock.now()),
        note=note,
        typed=typed,
        written=withholding or Written(),
        problems=problems or {},
        **words(at),
    )


@router.post(PAGE)
def keep_document(at: AtVisit, ctx: ToWrite, circle: Circle, sent: AsSent) -> Response:
    """Keep a document that was sent."""
    note = _id(sent.other.get("note", ""))
    if sent.other.get("note") and (note is None or not keeping.attachable(ctx, note)):
        raise HTTPException(404)
    draft, withholding, problems = _judged(at, sent)
    if draft is None or problems:
        return _again(at, ctx, circle, sent, note, problems, 422)
    item = _id(sent.other.get("new", "")) or new_id(clock.now())
    outcome = keeping.keep(ctx, item, draft, sent.file, within=note, withholding=withholding)
    match outcome:
        case keeping.WasKept(item=kept):
            page = f"/patients/{ctx.patient}/documents/{kept}?said=kept"
            return RedirectResponse(page, 303)
        case keeping.NoSuchDocument():
            raise HTTPException(404)
        case keeping.AlreadyThere():
            return _again(at, ctx, circle, sent, note, {"file": "taken"}, 422)
        case Refused():
            status = _STATUS.get(outcome, 422)
            return _again(at, ctx, circle, sent, note, {"file": outcome.value}, status)
        case _:
            assert_never(outcome)


def _again(
    at: Visit,
    ctx: CareContext,
    circle: CareContext,
    sent: Sent,
    note: UUID | None,
    problems: dict[str, str],
    status: int,
) -> Response:
    return _form(
        at,
        ctx,
        circle,
        sent.typed,
        note=note,
        withholding=sent.withholding,
        problems=problems,
        status=status,
    )


def _judged(at: Visit, sent: Sent) -> tuple[Draft | None, Withholding | None, dict[str, str]]:
    """Return what a form says of a document and of its withholding, and what is wrong with it."""
    draft = parse_draft(sent.typed, today(at))
    held = noting.parse_draft(sent.withholding, {}, today(at))
    problems = dict(draft.problems) if isinstance(draft, WrongDraft) else {}
    if isinstance(held, noting.Wrong):
        problems.update(held.problems)
    if not sent.file:
        problems["file"] = Refused.EMPTY.value
    good = draft if isinstance(draft, Draft) else None
    return good, held.withholding if isinstance(held, noting.Draft) else None, problems


@router.post(PAGE + "/{document_id}/versions")
def add_version(
    at: AtVisit, ctx: ToWrite, reads: ToRead, circle: Circle, document_id: UUID, sent: AsSent
) -> Response:
    """Add a version to a document."""
    found = _found(ctx, document_id)
    typed = Typed(
        title=sent.typed.title,
        kind=found.kind,
        site=found.site or "",
        dated_on=sent.typed.dated_on,
        valid_until=sent.typed.valid_until,
    )
    draft = parse_draft(typed, today(at))
    problems = dict(draft.problems) if isinstance(draft, WrongDraft) else {}
    if not sent.file:
        problems["file"] = Refused.EMPTY.value
    if not isinstance(draft, Draft) or problems:
        return show_document(
            at, reads, circle, document_id, typed=typed, problems=problems, form="version"
        )
    number = sent.other.get("after", "")[:6]
    after = int(number) if number.isdecimal() else 0
    outcome = keeping.revise(ctx, found, draft, sent.file, after)
    match outcome:
        case keeping.WasKept():
            return _back(ctx, document_id, "revised")
        case keeping.NoSuchDocument():
            raise HTTPException(404)
        case keeping.AlreadyThere():
            why = "already"
        case Refused():
            why = outcome.value
        case _:
            assert_never(outcome)
    return show_document(
        at, reads, circle, document_id, typed=typed, problems={"file": why}, form="version"
    )


@router.post(PAGE + "/{document_id}/withdrawn")
def withdraw_document(
    at: AtVisit, ctx: ToWrite, reads: ToRead, circle: Circle, document_id: UUID, sent: AsSent
) -> Response:
    """Say that a document was entered in error."""
    found = _found(ctx, document_id)
    why = sent.other.get("why", "")
    outcome = keeping.withdraw(ctx, found, why)
    match outcome:
        case keeping.Done():
            return _back(ctx, document_id, "withdrawn")
        case keeping.NotYours():
            problems = {"withdrawn": "withdraws"}
        case WrongDraft():
            problems = outcome.problems
        case _:
            assert_never(outcome)
    return show_document(
        at, reads, circle, document_id, problems=problems, form="withdrawn", reason=why
    )


@router.post(PAGE + "/{document_id}/withheld")
def review_withheld(
    at: AtVisit, ctx: ToWrite, reads: ToRead, circle: Circle, document_id: UUID, sent: AsSent
) -> Response:
    """Judge a document again that is not communicable."""
    found = _found(ctx, document_id)
    kept = sent.other.get("kept", "") != "no"
    outcome = withheld_service.review(ctx, found, sent.withholding, kept=kept, today=today(at))
    match outcome:
        case keeping.Done():
            return _back(ctx, document_id, "stays" if kept else "lifted")
        case withheld_service.NothingToDo():
            return _back(ctx, document_id, "not_withheld")
        case keeping.NotYours():
            problems = {"reason": "judges"}
        case WrongDraft():
            problems = outcome.problems
        case _:
            assert_never(outcome)
    reason = sent.withholding.reason
    return show_document(
        at, reads, circle, document_id, problems=problems, form="review", reason=reason
    )


def _found(ctx: CareContext, document: UUID) -> Document:
    found = service.find(ctx, document)
    if found is None:
        raise HTTPException(404)
    return found


def _back(ctx: CareContext, document: UUID, said: str) -> Response:
    return RedirectResponse(f"/patients/{ctx.patient}/documents/{document}?said={said}", 303)


def _id(raw: str) -> UUID | None:
    try:
        return UUID(raw)
    except ValueError:
        return None

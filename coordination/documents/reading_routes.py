"""Pages that show documents: the list, one with its readers, photographs side by side, files."""

from datetime import date
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from starlette.exceptions import HTTPException

from coordination import service as circle_service
from coordination.circle import live_and_past
from coordination.documents import link_service, photographs_service, service
from coordination.documents.document import Kind, Typed
from coordination.documents.link import MOST_DAYS
from coordination.documents.words import (
    KIND_LABELS,
    LINK_LABELS,
    PROBLEM_SENTENCES,
    SAID_SENTENCES,
    SITE_LABELS,
    VALIDITY_LABELS,
    document_label,
    site_label,
)
from coordination.notes_routes import ROLES_TO_HIDE_FROM, patient_name
from coordination.notes_words import CAUSE_LABELS, hidden_sentence
from core import clock, i18n
from core.access import Permission, Role
from core.doors import CareContext
from core.items import READS_SENSITIVE
from core.objects import Damaged, Missing
from identity.edge.http import Visit, care, html, own_record, visit
from identity.words import role_label

router = APIRouter(include_in_schema=False)
AtVisit = Annotated[Visit, Depends(visit)]
ToRead = Annotated[CareContext, Depends(care(Permission.DOCUMENTS_READ))]
ToReadMine = Annotated[CareContext, Depends(own_record(Permission.DOCUMENTS_READ))]
Circle = Annotated[CareContext, Depends(care(Permission.CIRCLE_READ))]
CircleMine = Annotated[CareContext, Depends(own_record(Permission.CIRCLE_READ))]
PAGE: Final = "/patients/{patient_id}/documents"
FILE_POLICY: Final = (
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"
)
"""A file somebody sent: opened by itself it loads nothing, runs nothing and is framed by nobody."""
SUFFIXES: Final = {"image/jpeg": "jpg", "application/pdf": "pdf"}


@router.get(PAGE)
def documents_page(at: AtVisit, ctx: ToRead, circle: Circle) -> Response:
    """Show the documents of a record, latest first."""
    return html(
        at,
        "coordination/documents.html",
        patient_id=ctx.patient,
        patient_name=name_of(circle),
        **_listed(at, ctx),
    )


@router.get("/p/documents")
def own_documents_page(at: AtVisit, ctx: ToReadMine) -> Response:
    """Show a patient the documents of his record."""
    return html(at, "coordination/own_documents.html", **_listed(at, ctx))


def _listed(at: Visit, ctx: CareContext) -> dict[str, Any]:
    listed = service.documents(ctx)
    hidings = {
        one.item_id: [h for h in listed.hidings if h.item_id == one.item_id]
        for one in listed.documents
    }
    return {
        "documents": listed.documents,
        "hidings": hidings,
        "may_write": listed.may_write,
        **words(at),
    }


@router.get(PAGE + "/files/{file_id}")
def document_file(at: AtVisit, ctx: ToRead, file_id: UUID) -> Response:
    """Hand out the file of a version."""
    return _file(at, ctx, file_id, f"/patients/{ctx.patient}/documents")


@router.get("/p/documents/files/{file_id}")
def own_document_file(at: AtVisit, ctx: ToReadMine, file_id: UUID) -> Response:
    """Hand a patient the file of a version."""
    return _file(at, ctx, file_id, "/p/documents")


def _file(at: Visit, ctx: CareContext, version: UUID, back: str) -> Response:
    found = service.file(ctx, version)
    if found is None:
        raise HTTPException(404)
    if isinstance(found, Missing | Damaged):
        return html(at, "coordination/document_damaged.html", status=410, back=back)
    return bare(found)


def bare(found: service.File) -> Response:
    """Hand a file out under a name we make, to be kept and not shown: it may do nothing here."""
    name = f"document-{found.version.id}.{SUFFIXES[found.version.media]}"
    return Response(
        found.data,
        media_type=found.version.media,
        headers={
            "content-disposition": f'attachment; filename="{name}"',
            "content-security-policy": FILE_POLICY,
            "cache-control": "no-store",
            "x-content-type-options": "nosniff",
            "cross-origin-resource-policy": "same-origin",
        },
    )


@router.get(PAGE + "/{document_id}/compare")
def compare_page(at: AtVisit, ctx: ToRead, circle: Circle, document_id: UUID) -> Response:
    """Show a photograph beside the others of the same place of the body."""
    found = photographs_service.series(ctx, document_id)
    if found is None:
        raise HTTPException(404)
    return html(
        at,
        "coordination/document_compare.html",
        patient_id=ctx.patient,
        patient_name=name_of(circle),
        chosen=found.chosen,
        others=found.others,
        **words(at),
    )


@router.get(PAGE + "/{document_id}")
def document_page(
    at: AtVisit, ctx: ToRead, circle: Circle, document_id: UUID, said: str = ""
) -> Response:
    """Show one document with its versions, its readers and who does not see it."""
    return show_document(at, ctx, circle, document_id, said=said)


@router.get("/p/documents/{document_id}")
def own_document_page(
    at: AtVisit, ctx: ToReadMine, circle: CircleMine, document_id: UUID, said: str = ""
) -> Response:
    """Show a patient one document, who has read it, and let him choose who sees it."""
    found = _found(ctx, document_id)
    return html(at, "coordination/own_document.html", **_one(at, found, circle, said))


def show_document(
    at: Visit,
    ctx: CareContext,
    circle: CareContext,
    item: UUID,
    *,
    said: str = "",
    typed: Typed | None = None,
    problems: dict[str, str] | None = None,
    form: str = "",
    reason: str = "",
    shared: dict[str, str] | None = None,
) -> Response:
    """Show one document; where a `form` of the page was refused, with what was typed and why."""
    found = _found(ctx, item)
    now = found.document
    as_it_is = Typed(title=now.title, kind=now.kind, site=now.site or "")
    return html(
        at,
        "coordination/document.html",
        status=422 if problems else 200,
        patient_id=ctx.patient,
        patient_name=name_of(circle),
        typed=typed or as_it_is,
        problems=problems or {},
        form=form,
        reason=reason,
        links=link_service.links(ctx, item) if found.may_write else [],
        shared=shared or {},
        most_days=MOST_DAYS,
        now=clock.now(),
        **_one(at, found, circle, said),
    )


def _found(ctx: CareContext, item: UUID) -> service.Read:
    found = service.document(ctx, item)
    if found is None:
        raise HTTPException(404)
    return found


def _one(at: Visit, found: service.Read, circle: CareContext, said: str) -> dict[str, Any]:
    live, _ = live_and_past(circle_service.members(circle), clock.now())
    document = found.document
    kept_out = {hiding.party for hiding in found.hidings}
    return {
        "read": found,
        "document": document,
        "hidings": found.hidings,
        "audience": [
            member
            for member in live
            if member.role != Role.PATIENT and member.party not in {document.author, *kept_out}
        ],
        "roles": [r for r in ROLES_TO_HIDE_FROM if r not in {h.role for h in found.hidings}],
        "without": [
            member
            for member in live
            if member.kind == "person"
            and member.role not in READS_SENSITIVE
            and member.party != document.author
        ],
        "said": SAID_SENTENCES.get(said, ""),
        "just_hidden": found.hidings[-1] if said == "hidden" and found.hidings else None,
        **words(at),
    }


def name_of(circle: CareContext) -> str:
    """Return the patient's name as the circle has it."""
    return patient_name(circle_service.members(circle))


def today(at: Visit) -> date:
    """Return the day it is where the visitor is."""
    return clock.now().astimezone(i18n.zone(at.time_zone)).date()


def words(at: Visit) -> dict[str, Any]:
    """Return the words every page of documents needs."""
    say = i18n.translator(at.locale)
    return {
        "today": today(at),
        "kinds": KIND_LABELS,
        "sites": SITE_LABELS,
        "causes": CAUSE_LABELS,
        "photograph": Kind.PHOTOGRAPH.value,
        "validity_label": VALIDITY_LABELS,
        "document_label": document_label,
        "site_label": site_label,
        "role_label": role_label,
        "problem": PROBLEM_SENTENCES,
        "link_labels": LINK_LABELS,
        "sentence": lambda hiding: hidden_sentence(hiding, say),
    }

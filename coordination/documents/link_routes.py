"""Pages of links to documents: making one, ending one, and the page a link leads to."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Response
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from coordination.documents import link_service, service
from coordination.documents.link import Unfit, read_link
from coordination.documents.reading_routes import (
    PAGE,
    AtVisit,
    Circle,
    ToRead,
    bare,
    name_of,
    show_document,
)
from core.access import Permission
from core.doors import CareContext
from core.settings import settings
from identity.edge.http import care, html

router = APIRouter(include_in_schema=False)
ToWrite = Annotated[CareContext, Depends(care(Permission.DOCUMENTS_WRITE))]
Short = Annotated[str, Form(max_length=200)]
LONGEST_TOKEN: Final = 64


@router.post(PAGE + "/{document_id}/links")
def share_document(
    at: AtVisit,
    ctx: ToWrite,
    reads: ToRead,
    circle: Circle,
    document_id: UUID,
    days: Short = "",
    way: Short = "",
    address: Short = "",
) -> Response:
    """Make a link to the latest version; its code is told on this page and never again."""
    found = service.find(ctx, document_id)
    if found is None:
        raise HTTPException(404)
    domains = settings().mssante_domains
    asked = read_link(days, address, mailed=way == "mssante", domains=domains)
    if isinstance(asked, Unfit):
        problems = asked.problems
    else:
        made = link_service.share(ctx, found, found.version_id, asked, at.locale)
        if isinstance(made, link_service.Made):
            return html(
                at,
                "coordination/document_link_made.html",
                patient_id=ctx.patient,
                patient_name=name_of(circle),
                document=found,
                made=made,
                base_url=settings().base_url,
            )
        problems = {"share": made.why}
    typed = {"days": days, "way": way, "address": address}
    return show_document(
        at, reads, circle, document_id, problems=problems, form="share", shared=typed
    )


@router.post(PAGE + "/links/{share_id}/end")
def end_link(ctx: ToWrite, share_id: UUID) -> Response:
    """End a link."""
    found = link_service.end(ctx, share_id)
    if found is None:
        raise HTTPException(404)
    page = f"/patients/{ctx.patient}/documents/{found.item_id}?said=link_ended"
    return RedirectResponse(page, 303)


@router.get("/d/{token}")
def link_page(at: AtVisit, token: str) -> Response:
    """Ask for the code; the page is the same whether or not the link ever was one."""
    return html(at, "coordination/document_link.html", token=token[:LONGEST_TOKEN], wrong=False)


@router.post("/d/{token}")
def open_link(at: AtVisit, token: str, code: Annotated[str, Form(max_length=20)] = "") -> Response:
    """Hand the file out for the right code; whatever else is said in the same words."""
    token = token[:LONGEST_TOKEN]
    found = link_service.open_link(token, code)
    if found is None:
        page = "coordination/document_link.html"
        return html(at, page, status=422, token=token, wrong=True)
    return bare(found)

"""Pages of the national directory: finding a professional, and what imports did and refused."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from starlette.exceptions import HTTPException

from core.access import Permission
from core.rights import rights
from identity import directory_service
from identity.directory import ORGANISATION_KIND_LABELS, PROFESSION_LABELS
from identity.edge.http import Visit, html, visit
from identity.edge.posts import acting_post
from identity.people import SignedIn
from identity.search import NotEnough

router = APIRouter(include_in_schema=False)
AtVisit = Annotated[Visit, Depends(visit)]
Word = Annotated[str, Query(max_length=100)]
Reader = Annotated[SignedIn, Depends(acting_post(Permission.DIRECTORY_READ))]
Importer = Annotated[SignedIn, Depends(acting_post(Permission.DIRECTORY_IMPORT))]


@router.get("/directory")
def directory_page(
    at: AtVisit, person: Reader, name: Word = "", rpps: Word = "", profession: Word = ""
) -> Response:
    """Ask for a professional, and show who was found."""
    found, problem = None, None
    if name.strip() or rpps.strip() or profession:
        answer = directory_service.find_professionals(person.actor, name, rpps, profession)
        found, problem = (None, answer) if isinstance(answer, NotEnough) else (answer, None)
    return html(
        at,
        "identity/directory.html",
        status=422 if problem else 200,
        asked={"name": name, "rpps": rpps, "profession": profession},
        problems={problem.field: problem.reason} if problem else {},
        found=found,
        most=directory_service.MOST_PROFESSIONALS,
        professions=PROFESSION_LABELS,
        kinds=ORGANISATION_KIND_LABELS,
        may_import=rights().of_post(person.role, Permission.DIRECTORY_IMPORT),
    )


@router.get("/admin/directory")
def imports_page(at: AtVisit, person: Importer) -> Response:
    """Show what imports of the directory did, latest first."""
    return html(
        at, "identity/directory_imports.html", imports=directory_service.imports(person.actor)
    )


@router.get("/admin/directory/{import_id}")
def import_page(at: AtVisit, person: Importer, import_id: UUID) -> Response:
    """Show one import: its counts, and what was refused and why."""
    found = directory_service.import_report(person.actor, import_id)
    if found is None:
        raise HTTPException(status_code=404)
    return html(at, "identity/directory_import.html", report=found)

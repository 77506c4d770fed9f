"""Pages of the imports of the national directory: what they did and refused."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from starlette.exceptions import HTTPException

from core.access import Permission
from identity import directory_service
from identity.edge.http import Visit, html, visit
from identity.edge.posts import acting_post
from identity.people import SignedIn

router = APIRouter(include_in_schema=False)
AtVisit = Annotated[Visit, Depends(visit)]
Importer = Annotated[SignedIn, Depends(acting_post(Permission.DIRECTORY_IMPORT))]


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

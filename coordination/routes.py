"""Pages of who opened the record, for professionals and for the patient; the circle's beside it."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response

from coordination import (
    circle_routes,
    emergency_routes,
    emergency_service,
    explain_routes,
    items_routes,
    notes_routes,
    own_routes,
    service,
)
from coordination.journal import gather
from core import i18n
from core.access import Permission
from core.doors import CareContext
from identity import service as identity
from identity.edge.http import Visit, care, html, own_record, visit
from identity.words import permission_label, role_label

router = APIRouter(include_in_schema=False)
for part in (
    circle_routes,
    own_routes,
    emergency_routes,
    notes_routes,
    items_routes,
    explain_routes,
):
    router.include_router(part.router)
AtVisit = Annotated[Visit, Depends(visit)]


@router.get("/patients/{patient_id}/journal")
def journal_page(
    at: AtVisit,
    ctx: Annotated[CareContext, Depends(care(Permission.AUDIT_READ))],
    traits: Annotated[CareContext, Depends(care(Permission.IDENTITY_READ))],
) -> Response:
    """Show who opened the record, to those who answer for it."""
    patient = identity.patient_traits(traits)
    return html(at, "coordination/journal.html", patient=patient, **_visitors(at, ctx))


@router.get("/p/journal")
def own_journal_page(
    at: AtVisit, ctx: Annotated[CareContext, Depends(own_record(Permission.AUDIT_READ))]
) -> Response:
    """Show a patient who opened his record."""
    emergencies = emergency_service.emergencies(ctx)
    return html(at, "coordination/own_journal.html", emergencies=emergencies, **_visitors(at, ctx))


def _visitors(at: Visit, ctx: CareContext) -> dict[str, Any]:
    accesses = service.journal(ctx)
    return {
        "visitors": gather(accesses, i18n.zone(at.time_zone)),
        "most": service.MOST_ACCESSES if len(accesses) == service.MOST_ACCESSES else 0,
        "role_label": role_label,
        "permission_label": permission_label,
    }

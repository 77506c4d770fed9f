"""Pages that show rights: the whole table, and why one person may or may not."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from starlette.exceptions import HTTPException

from coordination import explain_service, service
from coordination.explain_words import exception_sentence, verdict_sentence
from coordination.rights_table import OF_RECORD, rights_table
from core import i18n
from core.access import Permission, Role
from core.doors import CareContext
from core.matrix import PROPOSED
from core.rights import rights
from identity.edge.http import Visit, care, html, signed_in, visit
from identity.people import SignedIn
from identity.words import permission_label, role_label

router = APIRouter(include_in_schema=False)
AtVisit = Annotated[Visit, Depends(visit)]


@router.get("/rights")
def rights_page(at: AtVisit, person: Annotated[SignedIn, Depends(signed_in)]) -> Response:
    """Show the table of rights in force here; what is not the proposed setting is marked."""
    return html(
        at,
        "coordination/rights.html",
        groups=rights_table(rights(), PROPOSED),
        proposed=rights() == PROPOSED,
        own_role=person.role or (Role.PATIENT if person.patient_id else ""),
        role_label=role_label,
        permission_label=permission_label,
    )


@router.get("/patients/{patient_id}/explain")
def explain_page(
    at: AtVisit,
    ctx: Annotated[CareContext, Depends(care(Permission.AUDIT_READ))],
    circle: Annotated[CareContext, Depends(care(Permission.CIRCLE_READ))],
    person: UUID | None = None,
    permission: str = "",
) -> Response:
    """Answer "why can this person see that?"."""
    asked = next((one for one in Permission if one == permission), None)
    answer = explain_service.explain_person(ctx, person, asked) if person and asked else None
    if isinstance(answer, explain_service.NoSuchPerson):
        raise HTTPException(404)
    say, zone = i18n.translator(at.locale), i18n.zone(at.time_zone)
    members = service.members(circle)
    return html(
        at,
        "coordination/explain.html",
        patient_id=ctx.patient,
        patient_name=next((m.name for m in members if m.role == Role.PATIENT), ""),
        people=explain_service.people(ctx),
        permissions=OF_RECORD,
        person=person,
        permission=permission,
        answer=answer,
        verdict=lambda explained: verdict_sentence(
            explained, say, lambda day: i18n.say_date(day, at.locale, zone)
        ),
        exception=lambda why: exception_sentence(why, say),
        permission_label=permission_label,
        role_label=role_label,
    )

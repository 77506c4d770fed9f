"""« Qui prévenir de quoi »: of what the circle is told, for the patient and for who manages it."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Response
from fastapi.responses import RedirectResponse

from coordination import notices_service
from coordination.notices import OCCASION_LABELS, Occasion
from core.access import Permission
from core.doors import CareContext
from identity import service as identity
from identity.edge.http import Visit, care, html, own_record, visit
from identity.people import PatientTraits
from identity.words import role_label

router = APIRouter(include_in_schema=False)
AtVisit = Annotated[Visit, Depends(visit)]
Own = Annotated[CareContext, Depends(own_record(Permission.CIRCLE_READ))]
Manages = Annotated[CareContext, Depends(care(Permission.CIRCLE_MANAGE))]
Names = Annotated[CareContext, Depends(care(Permission.IDENTITY_READ))]
Occasions = Annotated[list[Occasion] | None, Form()]
OWN_PAGE = "/p/notices"
PAGE = "/patients/{patient_id}/circle/notices"
SAID_WORDS: dict[str, str] = {
    "chosen": "The choice is noted and holds from now on.",
    "gone": "This person is no longer in the circle. Nothing was changed.",
}


@router.get(OWN_PAGE)
def own_notices(at: AtVisit, ctx: Own, said: str = "") -> Response:
    """Show a patient of what each person of his circle is told."""
    return _page(at, ctx, "coordination/own_notices.html", OWN_PAGE, said)


@router.post(OWN_PAGE)
def choose_own(
    ctx: Own, membership: Annotated[UUID, Form()], occasion: Occasions = None
) -> Response:
    """Choose of what one person of the circle is told."""
    return _chosen(ctx, membership, occasion, OWN_PAGE)


@router.get(PAGE)
def notices(at: AtVisit, ctx: Manages, traits: Names, said: str = "") -> Response:
    """Show of what each person of a circle is told."""
    patient = identity.patient_traits(traits)
    address = PAGE.format(patient_id=ctx.patient)
    return _page(at, ctx, "coordination/notices.html", address, said, patient=patient)


@router.post(PAGE)
def choose(
    ctx: Manages, membership: Annotated[UUID, Form()], occasion: Occasions = None
) -> Response:
    """Note of what one person of a circle is told, as the patient wants it."""
    return _chosen(ctx, membership, occasion, PAGE.format(patient_id=ctx.patient))


def _page(
    at: Visit,
    ctx: CareContext,
    template: str,
    address: str,
    said: str,
    *,
    patient: PatientTraits | None = None,
) -> Response:
    return html(
        at,
        template,
        members=notices_service.told_members(ctx),
        address=address,
        member_patient=ctx.patient,
        labels=OCCASION_LABELS,
        role_label=role_label,
        said=SAID_WORDS.get(said),
        gone=said == "gone",
        patient=patient,
    )


def _chosen(
    ctx: CareContext, membership: UUID, occasions: list[Occasion] | None, address: str
) -> Response:
    done = notices_service.choose(ctx, membership, frozenset(occasions or ()))
    return RedirectResponse(f"{address}?said={'chosen' if done else 'gone'}", 303)

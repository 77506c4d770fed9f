"""« Qui prévenir de quoi »: of what the circle is told, for the patient and for who manages it."""

from dataclasses import dataclass
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Response
from fastapi.responses import RedirectResponse

from coordination import notices_service
from coordination.notices import (
    MOMENT_LABELS,
    OCCASION_LABELS,
    PREVIEW_LABELS,
    Line,
    Moment,
    Occasion,
)
from core.access import Permission, Role
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


@dataclass(frozen=True, slots=True)
class Chosen:
    """A line as it was typed: of a person, or of a role."""

    membership: UUID | None
    role: str
    line: Line | None


def chosen(
    membership: Annotated[UUID | None, Form()] = None,
    role: Annotated[str, Form(max_length=40)] = "",
    occasion: Occasions = None,
    moment: Annotated[Moment, Form()] = Moment.AT_ONCE,
    red_waits: Annotated[str, Form(max_length=5)] = "",
    act: Annotated[Literal["keep", "role"], Form()] = "keep",
) -> Chosen:
    """Read a line; « as the role » is none of one's own."""
    line = Line(occasions=frozenset(occasion or ()), moment=moment, red_waits=red_waits == "yes")
    return Chosen(membership, role, None if act == "role" else line)


Typed = Annotated[Chosen, Depends(chosen)]


@router.get(OWN_PAGE)
def own_notices(at: AtVisit, ctx: Own, said: str = "") -> Response:
    """Show a patient of what each person of his circle is told, and when."""
    return _page(at, ctx, "coordination/own_notices.html", OWN_PAGE, said)


@router.post(OWN_PAGE)
def choose_own(ctx: Own, typed: Typed) -> Response:
    """Choose of what one person, or a role, of the circle is told."""
    return _chosen(ctx, typed, OWN_PAGE)


@router.get(PAGE)
def notices(at: AtVisit, ctx: Manages, traits: Names, said: str = "") -> Response:
    """Show of what each person of a circle is told, and when."""
    patient = identity.patient_traits(traits)
    address = PAGE.format(patient_id=ctx.patient)
    return _page(at, ctx, "coordination/notices.html", address, said, patient=patient)


@router.post(PAGE)
def choose(ctx: Manages, typed: Typed) -> Response:
    """Note of what one person, or a role, of a circle is told, as the patient wants it."""
    return _chosen(ctx, typed, PAGE.format(patient_id=ctx.patient))


def _page(
    at: Visit,
    ctx: CareContext,
    template: str,
    address: str,
    said: str,
    *,
    patient: PatientTraits | None = None,
) -> Response:
    members = notices_service.told_members(ctx)
    family, staff = notices_service.previews()
    return html(
        at,
        template,
        members=members,
        roles=notices_service.told_roles(ctx, members),
        moments=MOMENT_LABELS,
        previews=(*family, staff),
        preview_labels=PREVIEW_LABELS,
        address=address,
        member_patient=ctx.patient,
        labels=OCCASION_LABELS,
        role_label=role_label,
        said=SAID_WORDS.get(said),
        gone=said == "gone",
        patient=patient,
    )


def _chosen(ctx: CareContext, typed: Chosen, address: str) -> Response:
    if typed.membership is not None:
        done = notices_service.choose(ctx, typed.membership, typed.line)
    else:
        done = bool(typed.line and typed.role in list(Role)) and notices_service.choose_for_role(
            ctx, typed.role, typed.line or Line()
        )
    return RedirectResponse(f"{address}?said={'chosen' if done else 'gone'}", 303)

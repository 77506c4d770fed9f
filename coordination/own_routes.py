"""The patient's own pages: who is in his circle and sees what, what he agreed to or opposes."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Response
from fastapi.responses import RedirectResponse

from coordination import circle_words as words
from coordination import emergency_service, family_service, membership_service
from coordination.consent import MEANS_LABELS, Means
from coordination.coordinates import service as coordinates
from core.access import Permission, Role
from core.doors import CareContext
from core.rights import rights
from identity.edge.http import Visit, html, own_record, visit
from identity.words import role_label, say_phone

router = APIRouter(include_in_schema=False)
AtVisit = Annotated[Visit, Depends(visit)]
Own = Annotated[CareContext, Depends(own_record(Permission.CIRCLE_READ))]
Looks = Annotated[CareContext, Depends(own_record(Permission.AUDIT_READ))]


@router.get("/p/circle")
def own_circle_page(at: AtVisit, ctx: Own) -> Response:
    """Show a patient who is in his circle, and in words what each sees."""
    circle = membership_service.circle(ctx)
    return html(
        at,
        "coordination/own_circle.html",
        circle=circle,
        live=[member for member in circle.live if member.role != Role.PATIENT],
        ways={one.membership_id: one for one in coordinates.coordinates(ctx)},
        say_phone=say_phone,
        sees=lambda member: words.sees_and_does(member, rights()),
        role_label=role_label,
        words=words,
    )


@router.get("/p/consents")
def own_consents_page(at: AtVisit, ctx: Looks, said: str = "") -> Response:
    """Show a patient what he agreed to and what he opposes."""
    return html(
        at,
        "coordination/own_consents.html",
        consents=membership_service.consents(ctx),
        family=family_service.family(ctx),
        role_label=role_label,
        opposition=emergency_service.opposition(ctx),
        means_labels=MEANS_LABELS,
        said=words.said_sentence(said),
    )


@router.post("/p/consents/{consent_id}/withdraw")
def withdraw_own_consent(ctx: Own, consent_id: UUID) -> Response:
    """Take a consent back."""
    done = membership_service.withdraw_consent(ctx, consent_id)
    return RedirectResponse(f"/p/consents?said={'withdrawn' if done else 'gone'}", 303)


@router.post("/p/consents/silence")
def choose_told(
    ctx: Own,
    membership: Annotated[UUID, Form()],
    told: Annotated[str, Form(max_length=10)] = "",
) -> Response:
    """Let a member of the family be told when no answer comes, or take that back."""
    wanted = told == "yes"
    done = family_service.tell_of_silence(ctx, membership, told=wanted)
    said = ("told" if wanted else "untold") if done else "no_relative"
    return RedirectResponse(f"/p/consents?said={said}", 303)


@router.post("/p/consents/opposition")
def state_opposition(ctx: Own, opposed: Annotated[str, Form(max_length=10)] = "") -> Response:
    """Oppose accesses in an emergency, or take that back."""
    if opposed == "yes":
        emergency_service.oppose(ctx, Means.DIGITAL)
    else:
        emergency_service.withdraw_opposition(ctx)
    return RedirectResponse(f"/p/consents?said={'opposed' if opposed == 'yes' else 'allowed'}", 303)

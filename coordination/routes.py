"""Pages of the circle and of who opened the record, for professionals and for the patient."""

from typing import Annotated, Any, assert_never
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Response
from fastapi.responses import RedirectResponse

from coordination import explain_routes, items_routes, notes_routes, service
from coordination.circle import ROLES_TO_GIVE, live_and_past
from coordination.journal import gather
from core import clock, i18n
from core.access import Permission, Role
from core.doors import CareContext
from core.rights import rights
from identity import service as identity
from identity.edge.http import Visit, care, html, own_record, visit
from identity.words import permission_label, role_label

router = APIRouter(include_in_schema=False)
router.include_router(notes_routes.router)
router.include_router(items_routes.router)
router.include_router(explain_routes.router)
AtVisit = Annotated[Visit, Depends(visit)]
Text = Annotated[str, Form(max_length=300)]


@router.get("/patients/{patient_id}/circle")
def circle_page(
    at: AtVisit,
    ctx: Annotated[CareContext, Depends(care(Permission.CIRCLE_READ))],
    traits: Annotated[CareContext, Depends(care(Permission.IDENTITY_READ))],
    said: str = "",
) -> Response:
    """Show who is in the circle."""
    return _circle(at, ctx, traits, said=said)


def _circle(
    at: Visit,
    ctx: CareContext,
    traits: CareContext,
    *,
    said: str = "",
    problem: str = "",
    login: str = "",
) -> Response:
    everybody = service.members(ctx)
    live, past = live_and_past(everybody, clock.now())
    return html(
        at,
        "coordination/circle.html",
        status=422 if problem else 200,
        patient=identity.patient_traits(traits),
        live=live,
        past=past,
        member_patient=ctx.patient,
        may_manage=_grants(at, Permission.CIRCLE_MANAGE),
        may_audit=_grants(at, Permission.AUDIT_READ),
        roles_to_give=ROLES_TO_GIVE,
        role_label=role_label,
        said=said if said in ("added", "ended", "gone") else "",
        problem=problem,
        login=login,
    )


def _grants(at: Visit, permission: Permission) -> bool:
    """Whether to show a form or a link at all; the act itself is judged when it comes."""
    role = at.signed_in.role if at.signed_in else None
    return rights().of_post(role, permission)


@router.post("/patients/{patient_id}/circle")
def add_member(
    at: AtVisit,
    ctx: Annotated[CareContext, Depends(care(Permission.CIRCLE_MANAGE))],
    reading: Annotated[CareContext, Depends(care(Permission.CIRCLE_READ))],
    traits: Annotated[CareContext, Depends(care(Permission.IDENTITY_READ))],
    login: Text = "",
    role: Text = "",
    reason: Text = "",
) -> Response:
    """Put a person into the circle."""
    outcome = service.add_member(ctx, login, role, reason)
    match outcome:
        case service.Added():
            return RedirectResponse(f"/patients/{ctx.patient}/circle?said=added", 303)
        case service.NoSuchPerson():
            problem = "nobody"
        case service.NoSuchRole():
            problem = "role"
        case service.AlreadyIn():
            problem = "already"
        case _:
            assert_never(outcome)
    return _circle(at, reading, traits, problem=problem, login=login)


@router.post("/patients/{patient_id}/circle/{membership_id}/end")
def end_membership(
    ctx: Annotated[CareContext, Depends(care(Permission.CIRCLE_MANAGE))],
    membership_id: UUID,
    reason: Text = "",
) -> Response:
    """Let a member leave."""
    ended = service.end_membership(ctx, membership_id, reason)
    said = "ended" if ended else "gone"
    return RedirectResponse(f"/patients/{ctx.patient}/circle?said={said}", 303)


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
    return html(at, "coordination/own_journal.html", **_visitors(at, ctx))


@router.get("/p/circle")
def own_circle_page(
    at: AtVisit, ctx: Annotated[CareContext, Depends(own_record(Permission.CIRCLE_READ))]
) -> Response:
    """Show a patient who is in his circle."""
    live, _ = live_and_past(service.members(ctx), clock.now())
    others = [member for member in live if member.role != Role.PATIENT]
    return html(at, "coordination/own_circle.html", live=others, role_label=role_label)


def _visitors(at: Visit, ctx: CareContext) -> dict[str, Any]:
    accesses = service.journal(ctx)
    return {
        "visitors": gather(accesses, i18n.zone(at.time_zone)),
        "most": service.MOST_ACCESSES if len(accesses) == service.MOST_ACCESSES else 0,
        "role_label": role_label,
        "permission_label": permission_label,
    }

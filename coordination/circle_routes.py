"""The circle's pages for those who work with it: who is in it, who enters, who leaves."""

from typing import Annotated, assert_never
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Response
from fastapi.responses import RedirectResponse

from coordination import circle_words as words
from coordination import emergency_service, membership_service
from coordination.circle import ROLES_TO_GIVE, STAFF_OF, Joining
from coordination.consent import GROUP_LABELS, MEANS_LABELS, Means, offered_groups, parse_means
from coordination.coordinates import service as coordinates
from coordination.joining import Problem, asked_role, may_choose_basis, text_of
from core import clock, i18n
from core.access import Permission
from core.doors import CareContext
from core.rights import rights
from identity import service as identity
from identity.edge.http import Visit, care, html, visit
from identity.words import role_label, say_phone

router = APIRouter(include_in_schema=False)
AtVisit = Annotated[Visit, Depends(visit)]
Text = Annotated[str, Form(max_length=300)]
Manages = Annotated[CareContext, Depends(care(Permission.CIRCLE_MANAGE))]
Reads = Annotated[CareContext, Depends(care(Permission.CIRCLE_READ))]
Names = Annotated[CareContext, Depends(care(Permission.IDENTITY_READ))]
Version = Annotated[int, Form(ge=0, le=2**31 - 1)]
"""The version of the circle that a form shows; without one it is older than any."""


def typed_joining(
    kind: Text = "person",
    party: Text = "",
    role: Text = "",
    scope: Text = "",
    basis: Text = "",
    starts_on: Text = "",
    ends_on: Text = "",
    reason: Text = "",
    groups: Annotated[list[str] | None, Form()] = None,
    consent_means: Text = "",
    consent_on: Text = "",
    consent_by: Text = "",
    version: Version = 0,
) -> Joining:
    """Return what the form of a new member says."""
    return Joining(
        kind="organisation" if kind == "organisation" else "person",
        party=party,
        role=role,
        scope=scope,
        basis=basis,
        starts_on=starts_on,
        ends_on=ends_on,
        reason=reason,
        groups=tuple(groups or ()),
        consent_means=consent_means,
        consent_on=consent_on,
        consent_by=consent_by,
        version=version,
    )


Typed = Annotated[Joining, Depends(typed_joining)]


@router.get("/patients/{patient_id}/circle")
def circle_page(at: AtVisit, ctx: Reads, traits: Names, said: str = "") -> Response:
    """Show who is in the circle."""
    return _circle(at, ctx, traits, said=said)


def _circle(
    at: Visit,
    ctx: CareContext,
    traits: CareContext,
    *,
    said: str = "",
    problem: Problem | None = None,
    typed: dict[str, str] | None = None,
) -> Response:
    manages = membership_service.opened_if_allowed(ctx, Permission.CIRCLE_MANAGE)
    audits = membership_service.opened_if_allowed(ctx, Permission.AUDIT_READ)
    answers = manages or audits
    return html(
        at,
        "coordination/circle.html",
        status=_status(problem),
        patient=identity.patient_traits(traits),
        circle=membership_service.circle(ctx),
        ways={one.membership_id: one for one in coordinates.coordinates(ctx)},
        member_patient=ctx.patient,
        may_manage=manages is not None,
        may_audit=audits is not None,
        may_search=_may_search(at),
        emergencies=emergency_service.emergencies(audits) if audits else [],
        consents=membership_service.consents(answers) if answers else [],
        opposition=emergency_service.opposition(answers) if answers else None,
        roles_to_give=ROLES_TO_GIVE,
        role_label=role_label,
        say_phone=say_phone,
        words=words,
        means_labels=MEANS_LABELS,
        group_labels=GROUP_LABELS,
        said=words.said_sentence(said),
        problem=problem,
        typed=typed or {},
        now=clock.now(),
    )


def _may_search(at: Visit) -> bool:
    role = at.signed_in.role if at.signed_in else None
    return rights().of_post(role, Permission.DIRECTORY_READ)


def _status(problem: Problem | None) -> int:
    """Return 409 for a circle that has changed meanwhile, 422 for anything else to mend."""
    return 200 if problem is None else 409 if problem is Problem.STALE else 422


@router.post("/patients/{patient_id}/circle/prepare")
def prepare_member(
    at: AtVisit, ctx: Manages, reading: Reads, traits: Names, form: Typed
) -> Response:
    """Look for who is to enter and show the form of his stay; nothing is changed by it."""
    if form.kind == "organisation" and not form.role:
        return html(
            at,
            "coordination/organisations.html",
            patient=identity.patient_traits(traits),
            member_patient=ctx.patient,
            form=form,
            found=membership_service.find_organisations(ctx, form.party),
            missions=tuple(STAFF_OF),
            role_label=role_label,
        )
    return _form(at, ctx, reading, traits, form)


def _form(
    at: Visit,
    ctx: CareContext,
    reading: CareContext,
    traits: CareContext,
    form: Joining,
    problem: Problem | None = None,
) -> Response:
    """Show the form with everything that was typed, and the circle's version as it is now."""
    found, role = membership_service.find_party(ctx, form), asked_role(form)
    if found is None or role is None:
        missing = Problem.NOBODY if found is None else Problem.ROLE
        return _circle(at, reading, traits, problem=missing, typed={"party": form.party})
    circle = membership_service.circle(reading)
    return html(
        at,
        "coordination/joining.html",
        status=_status(problem),
        patient=identity.patient_traits(traits),
        member_patient=ctx.patient,
        circle=circle,
        form=form,
        name=found.name,
        role_label=role_label,
        words=words,
        offered=offered_groups(role, rights()),
        asks_basis=may_choose_basis(form),
        asks_consent=text_of(form, rights()),
        group_labels=GROUP_LABELS,
        means_labels=MEANS_LABELS,
        representatives=[member for member in circle.live if member.measure_scope],
        today=clock.now().astimezone(i18n.zone(at.time_zone)).date(),
        problem=problem,
    )


@router.post("/patients/{patient_id}/circle")
def add_member(at: AtVisit, ctx: Manages, reading: Reads, traits: Names, form: Typed) -> Response:
    """Put a person or an organisation into the circle."""
    say, zone = i18n.translator(at.locale), i18n.zone(at.time_zone)
    outcome = membership_service.join(ctx, form, zone=zone, say=say)
    match outcome:
        case membership_service.Joined(starts_at=starts_at):
            said = "added" if starts_at <= clock.now() else "planned"
            return RedirectResponse(f"/patients/{ctx.patient}/circle?said={said}", 303)
        case membership_service.Refused(problem=problem):
            return _form(at, ctx, reading, traits, form, problem)
        case _:
            assert_never(outcome)


@router.post("/patients/{patient_id}/circle/{membership_id}/end")
def end_membership(
    at: AtVisit,
    ctx: Manages,
    reading: Reads,
    traits: Names,
    membership_id: UUID,
    reason: Text = "",
    ends_on: Text = "",
    version: Version = 0,
) -> Response:
    """Let a member leave, now or on a day to come."""
    outcome = membership_service.end(
        ctx,
        membership_id,
        version=version,
        reason=reason,
        ends_on=ends_on,
        zone=i18n.zone(at.time_zone),
    )
    match outcome:
        case membership_service.Ended():
            said = "ends" if ends_on.strip() else "ended"
        case membership_service.Gone():
            said = "gone"
        case membership_service.Refused(problem=problem):
            typed = {"ending": str(membership_id), "reason": reason, "ends_on": ends_on}
            return _circle(at, reading, traits, problem=problem, typed=typed)
        case _:
            assert_never(outcome)
    return RedirectResponse(f"/patients/{ctx.patient}/circle?said={said}", 303)


@router.post("/patients/{patient_id}/circle/manager")
def name_manager(
    at: AtVisit,
    ctx: Manages,
    reading: Reads,
    traits: Names,
    organisation: Annotated[UUID, Form()],
    version: Version = 0,
) -> Response:
    """Let an organisation of the circle answer for it."""
    outcome = membership_service.name_manager(ctx, organisation, version)
    if isinstance(outcome, membership_service.Refused):
        return _circle(at, reading, traits, problem=outcome.problem)
    said = "managed" if outcome else "gone"
    return RedirectResponse(f"/patients/{ctx.patient}/circle?said={said}", 303)


@router.post("/patients/{patient_id}/circle/consents/{consent_id}/withdraw")
def withdraw_consent(ctx: Manages, consent_id: UUID) -> Response:
    """Write down that the patient takes a consent back."""
    done = membership_service.withdraw_consent(ctx, consent_id)
    said = "withdrawn" if done else "gone"
    return RedirectResponse(f"/patients/{ctx.patient}/circle?said={said}", 303)


@router.post("/patients/{patient_id}/circle/opposition")
def write_opposition(ctx: Manages, means: Text = "", opposed: Text = "") -> Response:
    """Write down what the patient says about accesses in an emergency."""
    if opposed == "yes":
        emergency_service.oppose(ctx, parse_means(means) or Means.SPOKEN)
    else:
        emergency_service.withdraw_opposition(ctx)
    said = "opposed" if opposed == "yes" else "allowed"
    return RedirectResponse(f"/patients/{ctx.patient}/circle?said={said}", 303)

"""« Invitations »: whoever manages a circle invites by mail, and sees what became of it."""

from typing import Annotated, Any, Final, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, StringConstraints

from coordination import circle_words
from coordination.consent import GROUP_LABELS, MEANS_LABELS, offered_groups
from coordination.inviting import inviting as words
from coordination.inviting import link_routes, office_routes, service
from core import clock, i18n
from core.access import Permission
from core.doors import CareContext
from core.rights import rights
from identity import service as identity
from identity.edge.http import Visit, care, html, visit
from identity.words import role_label

router = APIRouter(include_in_schema=False)
router.include_router(link_routes.router)
router.include_router(office_routes.router)
AtVisit = Annotated[Visit, Depends(visit)]
Manages = Annotated[CareContext, Depends(care(Permission.CIRCLE_MANAGE))]
Names = Annotated[CareContext, Depends(care(Permission.IDENTITY_READ))]
Field = Annotated[str, StringConstraints(max_length=300)]
PAGE: Final = "/patients/{patient_id}/circle/invitations"


class InvitationForm(BaseModel):
    """Whom to invite and to what, as typed."""

    name: Field = ""
    address: Field = ""
    rpps: Field = ""
    role: Field = ""
    basis: Field = ""
    ends_on: Field = ""
    groups: list[Field] = []
    consent_means: Field = ""
    consent_on: Field = ""


@router.get(PAGE)
def invitations_page(at: AtVisit, ctx: Manages, traits: Names, said: str = "") -> Response:
    """Show who was invited, and invite somebody more."""
    return _page(at, ctx, traits, said=said)


def _page(
    at: Visit,
    ctx: CareContext,
    traits: CareContext,
    *,
    said: str = "",
    status: int = 200,
    **typed: Any,
) -> Response:
    now = clock.now()
    groups = {
        role: offered_groups(role, rights())
        for role in words.ROLES_TO_INVITE
        if offered_groups(role, rights())
    }
    return html(
        at,
        "coordination/invitations.html",
        status=status,
        patient=identity.patient_traits(traits),
        patient_id=ctx.patient,
        invitations=service.invitations(ctx),
        status_of=lambda one: words.status_of(one, now),
        status_labels=words.STATUS_LABELS,
        roles=words.ROLES_TO_INVITE,
        role_label=role_label,
        group_labels={
            name: label
            for name, label in GROUP_LABELS.items()
            if any(name in offered for offered in groups.values())
        },
        means_labels=MEANS_LABELS,
        problem_sentences=words.PROBLEM_SENTENCES,
        said=words.SAID_SENTENCES.get(said, ""),
        good=said in ("sent", "again", "withdrawn", "sent_back"),
        today=now.astimezone(i18n.zone(at.time_zone)).date(),
        most=words.MOST_SENDS,
        **{"given": {}, "groups": (), "problems": {}, "problem": "", "code": "", **typed},
    )


@router.post(PAGE)
def invite(
    at: AtVisit, ctx: Manages, traits: Names, form: Annotated[InvitationForm, Form()]
) -> Response:
    """Invite somebody; what is wrong is said and nothing typed is lost."""
    given = {key: str(value) for key, value in form.model_dump(exclude={"groups"}).items()}
    groups = tuple(form.groups)
    outcome = service.invite(
        ctx,
        given,
        service.typed_stay(given, groups),
        zone=i18n.zone(at.time_zone),
        say=i18n.translator(at.locale),
        locale=at.locale,
    )
    if isinstance(outcome, service.NotInvited):
        stay = circle_words.PROBLEM_SENTENCES[outcome.stay] if outcome.stay else ""
        return _page(
            at,
            ctx,
            traits,
            status=422,
            given=given,
            groups=groups,
            problems=outcome.problems,
            problem=stay,
        )
    return _back(ctx, "sent")


@router.post(f"{PAGE}/{{invitation_id}}")
def change_invitation(
    at: AtVisit,
    ctx: Manages,
    traits: Names,
    invitation_id: UUID,
    act: Annotated[Literal["again", "withdraw", "confirm", "send_back"], Form()] = "again",
    asked: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """Send the mail again, take the invitation back, or confirm who somebody close is."""
    if act == "again":
        again = service.send_again(ctx, invitation_id, at.locale)
        return _back(ctx, "again" if again else "gone")
    if act == "withdraw":
        return _back(ctx, "withdrawn" if service.withdraw(ctx, invitation_id) else "gone")
    judged = words.read_judged(asked, is_he=act == "confirm")
    done = service.confirm_relative(ctx, invitation_id, judged)
    if done.code:
        return _page(at, ctx, traits, code=done.code)
    return _back(ctx, done.outcome)


def _back(ctx: CareContext, said: str) -> Response:
    return RedirectResponse(f"/patients/{ctx.patient}/circle/invitations?said={said}", 303)

"""The administrator's page of accounts, and everybody's page of substitutes."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Response
from fastapi.responses import RedirectResponse

from core import clock
from core.access import Permission
from core.doors import CareContext
from core.i18n import zone
from identity.administration import patient_service, service
from identity.administration.forms import (
    ROLES_OF_POSTS,
    SUCCESSES,
    Outcome,
    WrongField,
    is_mail,
    parse_invitation,
    parse_last_day,
    parse_period,
)
from identity.administration.words import OUTCOME_SENTENCES, STATE_LABELS
from identity.edge.http import Visit, care, html, signed_in, visit
from identity.edge.posts import acting_post
from identity.people import SignedIn
from identity.service import patient_traits
from identity.words import role_label

router = APIRouter(include_in_schema=False)
AtVisit = Annotated[Visit, Depends(visit)]
Text = Annotated[str, Form(max_length=200)]
Writes = Annotated[CareContext, Depends(care(Permission.IDENTITY_WRITE))]
Reads = Annotated[CareContext, Depends(care(Permission.IDENTITY_READ))]
PAGE = "/admin/accounts"
OWN_PAGE = "/account/substitutes"
PATIENT_PAGE = "/patients/{patient_id}/account"
EMPTY = dict.fromkeys(("family", "given", "mail", "rpps", "role", "until"), "")
Administrator = Annotated[SignedIn, Depends(acting_post(Permission.ACCOUNTS_MANAGE))]
Person = Annotated[SignedIn, Depends(signed_in)]


@router.get(PAGE)
def accounts(at: AtVisit, admin: Administrator, said: str = "") -> Response:
    """Show the people of the organisation, their accounts and posts."""
    return _page(at, admin, said=said)


@router.post(PAGE)
def invite(
    at: AtVisit,
    admin: Administrator,
    family: Text = "",
    given: Text = "",
    mail: Text = "",
    rpps: Text = "",
    role: Text = "",
    until: Text = "",
) -> Response:
    """Invite a professional; the code of his link is shown once, here."""
    typed = {
        "family": family,
        "given": given,
        "mail": mail,
        "rpps": rpps,
        "role": role,
        "until": until,
    }
    asked = parse_invitation(**typed, zone=zone(at.time_zone), now=clock.now())
    if isinstance(asked, WrongField):
        return _page(at, admin, said=Outcome.FORM, typed=typed, wrong=asked, status=422)
    answered = service.invite(admin.actor, asked)
    refused = answered.outcome not in SUCCESSES
    return _page(
        at,
        admin,
        said=answered.outcome,
        code=answered.code,
        typed=typed if refused else None,
        status=422 if refused else 200,
    )


@router.post(PAGE + "/{person}/invite")
def invite_again(at: AtVisit, admin: Administrator, person: UUID) -> Response:
    """Send the invitation again."""
    answered = service.invite_again(admin.actor, person)
    return _page(at, admin, said=answered.outcome, code=answered.code)


@router.post(PAGE + "/{person}/suspend")
def suspend(admin: Administrator, person: UUID) -> Response:
    """Suspend an account."""
    return _back(service.suspend(admin.actor, person, suspended=True))


@router.post(PAGE + "/{person}/resume")
def resume(admin: Administrator, person: UUID) -> Response:
    """Let an account sign in again."""
    return _back(service.suspend(admin.actor, person, suspended=False))


@router.post(PAGE + "/{person}/expiry")
def expire(at: AtVisit, admin: Administrator, person: UUID, until: Text = "") -> Response:
    """Set the last day of an account, or none."""
    return _at_last_day(at, until, lambda day: service.expire(admin.actor, person, day))


@router.post(PAGE + "/posts/{post}/end")
def end_post(at: AtVisit, admin: Administrator, post: UUID, until: Text = "") -> Response:
    """Let a post end: at the end of that day, or at once when none is given."""
    if not until.strip():
        return _back(service.end_post_now(admin.actor, post))
    return _at_last_day(at, until, lambda day: service.end_post(admin.actor, post, day))


@router.post(PAGE + "/posts/{post}/substitute")
def substitute(
    at: AtVisit,
    admin: Administrator,
    post: UUID,
    login: Text = "",
    first: Text = "",
    last: Text = "",
) -> Response:
    """Let somebody replace a post for some days."""
    period = parse_period(first, last, zone(at.time_zone), clock.now())
    if isinstance(period, WrongField):
        return _back(Outcome.DATES)
    return _back(service.substitute(admin.actor, post, login, period))


@router.get(OWN_PAGE)
def own_substitutes(at: AtVisit, person: Person, said: str = "") -> Response:
    """Show who replaces me, and let somebody."""
    return html(
        at,
        "identity/substitutes.html",
        substitutes=service.own_substitutes(person.actor),
        said=said if said in Outcome.__members__.values() else "",
        sentences=OUTCOME_SENTENCES,
        successes=SUCCESSES,
        role_label=role_label,
        now=clock.now(),
    )


@router.post(OWN_PAGE)
def own_substitute(
    at: AtVisit, person: Person, login: Text = "", first: Text = "", last: Text = ""
) -> Response:
    """Let somebody replace me in the post I act in."""
    period = parse_period(first, last, zone(at.time_zone), clock.now())
    if isinstance(period, WrongField):
        return _back(Outcome.DATES, OWN_PAGE)
    if person.post is None:
        return _back(Outcome.GONE, OWN_PAGE)
    return _back(service.substitute(person.actor, person.post, login, period), OWN_PAGE)


@router.post(OWN_PAGE + "/{post}/end")
def end_own_substitute(person: Person, post: UUID) -> Response:
    """Need a substitute no longer."""
    return _back(service.end_own_substitute(person.actor, post), OWN_PAGE)


@router.get(PATIENT_PAGE)
def patient_account(at: AtVisit, ctx: Writes, traits: Reads) -> Response:
    """Say whether the patient has an account, and let a caregiver invite him."""
    return _patient_page(at, traits, state=patient_service.account_state(ctx))


@router.post(PATIENT_PAGE)
def invite_patient(at: AtVisit, ctx: Writes, traits: Reads, mail: Text = "") -> Response:
    """Mail the link that opens his account; the code goes to his telephone, or is shown once."""
    if not is_mail(mail.strip()):
        state = patient_service.account_state(ctx)
        return _patient_page(at, traits, state=state, mail=mail, problem="mail", status=422)
    done = patient_service.invite(ctx, mail.strip())
    if done.state == "mail_taken":
        state = patient_service.account_state(ctx)
        return _patient_page(at, traits, state=state, mail=mail, problem="mail_taken", status=422)
    return _patient_page(at, traits, state=done.state, invited=done)


def _patient_page(
    at: Visit,
    traits: CareContext,
    *,
    state: str,
    mail: str = "",
    problem: str = "",
    invited: patient_service.PatientInvited | None = None,
    status: int = 200,
) -> Response:
    return html(
        at,
        "identity/patient_account.html",
        status=status,
        patient_id=traits.patient,
        patient=patient_traits(traits),
        state=state,
        states=STATE_LABELS,
        mail=mail,
        problem=problem,
        invited=invited,
    )


def _at_last_day(at: Visit, raw: str, decide: Callable[[datetime | None], Outcome]) -> Response:
    day = parse_last_day(raw, zone(at.time_zone))
    if raw.strip() and (day is None or day <= clock.now()):
        return _back(Outcome.DATES)
    return _back(decide(day))


def _back(outcome: Outcome, page: str = PAGE) -> Response:
    return RedirectResponse(f"{page}?said={outcome.value}", 303)


def _page(
    at: Visit,
    admin: SignedIn,
    *,
    said: str,
    code: str = "",
    typed: dict[str, str] | None = None,
    wrong: WrongField | None = None,
    status: int = 200,
) -> Response:
    return html(
        at,
        "identity/accounts.html",
        status=status,
        members=service.members(admin.actor),
        organisation=admin.organisation_name,
        said=said if said in Outcome.__members__.values() else "",
        sentences=OUTCOME_SENTENCES,
        successes=SUCCESSES,
        states=STATE_LABELS,
        code=code,
        typed=typed or EMPTY,
        wrong=wrong,
        roles=ROLES_OF_POSTS,
        role_label=role_label,
        now=clock.now(),
    )

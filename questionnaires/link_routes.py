"""Pages of links: made by staff, and the one questionnaire somebody answers by one."""

from dataclasses import replace
from secrets import token_urlsafe
from typing import Annotated, assert_never
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse

from core import clock
from core.access import Permission
from core.doors import CareContext
from core.i18n import zone
from core.opening import is_open
from core.settings import settings
from identity.edge.http import LANGUAGE_COOKIE, Visit, care, html, visit
from identity.service import patient_traits
from questionnaires import answers_service, links_service
from questionnaires.answered import Source
from questionnaires.choosing_service import choices_for, chosen
from questionnaires.edge.fields import field_words
from questionnaires.edge.sent import Sent, sent_form
from questionnaires.extracting import whom_to_call
from questionnaires.filling import Rejected
from questionnaires.library_service import load_edition
from questionnaires.links_service import Answering, CannotReach, Gone, Made, Opened, WrongCode
from questionnaires.questionnaire import said

router = APIRouter(include_in_schema=False)
AtVisit = Annotated[Visit, Depends(visit)]
ToRead = Annotated[CareContext, Depends(care(Permission.ANSWERS_READ))]
ToWrite = Annotated[CareContext, Depends(care(Permission.ANSWERS_WRITE))]
Traits = Annotated[CareContext, Depends(care(Permission.IDENTITY_READ))]
LINK_COOKIE = "chevet_link"
LONGEST_TOKEN = 64


@router.get("/patients/{patient_id}/answers/links")
def links_page(at: AtVisit, ctx: ToRead, write: ToWrite, traits: Traits) -> Response:
    """Show the links made for a patient, and offer another."""
    return _links(at, ctx, write, traits)


@router.post("/patients/{patient_id}/answers/links")
def make_link(
    at: AtVisit,
    ctx: ToRead,
    write: ToWrite,
    traits: Traits,
    what: Annotated[str, Form(max_length=120)] = "",
    to: Annotated[str, Form(max_length=60)] = "",
) -> Response:
    """Send a link; the code is shown once when it cannot go another way."""
    choice = chosen(choices_for(write), what)
    way, _, recipient = to.partition(" ")
    if choice is None or way not in ("email", "sms") or not _is_id(recipient):
        return _links(at, ctx, write, traits, problem=True)
    made = links_service.make_link(
        write,
        UUID(recipient),
        choice.edition.digest,
        "email" if way == "email" else "sms",
    )
    match made:
        case CannotReach():
            return _links(at, ctx, write, traits, problem=True)
        case Made():
            return _links(at, ctx, write, traits, made=made)
        case _:
            assert_never(made)


@router.post("/patients/{patient_id}/answers/links/{answer_link}/end")
def end_link(write: ToWrite, answer_link: UUID) -> Response:
    """Let a link open nothing any more."""
    links_service.end_link(write, answer_link)
    return RedirectResponse(f"/patients/{write.patient}/answers/links", 303)


def _links(
    at: Visit,
    ctx: CareContext,
    write: CareContext,
    traits: CareContext,
    *,
    made: Made | None = None,
    problem: bool = False,
) -> Response:
    offers = links_service.offers(write)
    return html(
        at,
        "questionnaires/links.html",
        status=422 if problem else 200,
        patient_id=ctx.patient,
        patient=patient_traits(traits),
        offers=offers,
        names={offer.person: offer.name for offer in offers},
        choices=choices_for(write),
        links=links_service.links(ctx),
        title=lambda digest: said(load_edition(digest).title, at.locale),
        say=lambda words: said(words, at.locale),
        made=made,
        problem=problem,
        now=clock.now(),
        most_tries=links_service.MOST_TRIES,
    )


def _is_id(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


@router.get("/q/{token}")
def link_page(at: AtVisit, request: Request, token: str) -> Response:
    """Ask for the code, or the questions once it was given in this browser."""
    found = _answering(request, token)
    if isinstance(found, Answering):
        return _questions(_in_language(at, request, found), token, found, token_urlsafe(16))
    if links_service.is_waiting(token[:LONGEST_TOKEN]):
        return _private(html(at, "questionnaires/link_code.html", token=token, wrong=None))
    return _gone(at)


@router.post("/q/{token}/code")
def try_code(at: AtVisit, token: str, code: Annotated[str, Form(max_length=20)] = "") -> Response:
    """Try the code; the right one makes this browser the one that answers."""
    verdict = links_service.open_link(token[:LONGEST_TOKEN], code)
    match verdict:
        case Gone():
            return _gone(at)
        case WrongCode():
            page = html(at, "questionnaires/link_code.html", status=422, token=token, wrong=verdict)
            return _private(page)
        case Opened():
            answer = RedirectResponse(f"/q/{token}", 303)
            answer.set_cookie(
                LINK_COOKIE,
                verdict.session,
                path="/q/",
                max_age=int(links_service.LONGEST.total_seconds()),
                httponly=True,
                secure=settings().cookie_secure,
                samesite="strict",
            )
            return _private(answer)
        case _:
            assert_never(verdict)


@router.post("/q/{token}")
def send_by_link(
    at: AtVisit, request: Request, token: str, sent: Annotated[Sent, Depends(sent_form)]
) -> Response:
    """Store the answers; the link is used up then."""
    found = _answering(request, token)
    if isinstance(found, Gone):
        return _gone(at)
    at = _in_language(at, request, found)
    now = clock.now()
    outcome = answers_service.submit(
        found.ctx,
        found.link.edition,
        sent.given,
        key=f"link:{found.link.id}",
        source=Source.LINK,
        answered_at=now,
        task=found.link.task,
    )
    if isinstance(outcome, Rejected):
        return _questions(at, token, found, sent.key, sent, outcome)
    links_service.finish(request.cookies.get(LINK_COOKIE, ""))
    closed = not is_open(settings().opening(), now, zone(settings().time_zone))
    told = whom_to_call(outcome.level, outcome.urgency, closed=closed)
    page = html(at, "questionnaires/link_sent.html", told=told, closed=closed, now=now)
    page.delete_cookie(LINK_COOKIE, path="/q/")
    return _private(page)


def _answering(request: Request, token: str) -> Answering | Gone:
    session = request.cookies.get(LINK_COOKIE, "")
    return links_service.answering(token[:LONGEST_TOKEN], session) if session else Gone()


def _in_language(at: Visit, request: Request, found: Answering) -> Visit:
    chose = LANGUAGE_COOKIE in request.cookies
    return at if chose else replace(at, locale=found.link.locale)


def _questions(
    at: Visit,
    token: str,
    found: Answering,
    key: str,
    sent: Sent | None = None,
    rejected: Rejected | None = None,
) -> Response:
    page = html(
        at,
        "questionnaires/link_form.html",
        status=422 if rejected else 200,
        token=token,
        edition=found.edition,
        given=sent.given if sent else {},
        problems={p.link_id: p for p in rejected.problems} if rejected else {},
        key=key,
        w=field_words(at.locale),
    )
    return _private(page)


def _gone(at: Visit) -> Response:
    return _private(html(at, "questionnaires/link_gone.html", status=410))


def _private(answer: Response) -> Response:
    """Keep the address, which is half of a key, from every other site and every store."""
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["Cache-Control"] = "no-store"
    return answer

"""The pages behind a link: its code, the one questionnaire it asks, and what came of it."""

import hashlib
from dataclasses import replace
from secrets import token_urlsafe
from typing import Annotated, Final, assert_never

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse

from core import clock
from core.settings import settings
from identity.edge.http import LANGUAGE_COOKIE, Visit, html, visit
from questionnaires import answers_service, links_service
from questionnaires.answered import Source
from questionnaires.edge.fields import field_words
from questionnaires.edge.hours import is_closed
from questionnaires.edge.sent import Sent, sent_form
from questionnaires.extracting import whom_to_call, worst_level, worst_urgency
from questionnaires.filling import Problem, Rejected, fill_what_can
from questionnaires.links_service import Answering, Gone, Opened, WrongCode
from questionnaires.phone_service import known_edition, note_called
from questionnaires.questionnaire import Questionnaire, Urgency
from questionnaires.showing import answered_lines

router = APIRouter(include_in_schema=False)
AtVisit = Annotated[Visit, Depends(visit)]
Filled = Annotated[Sent, Depends(sent_form)]
LONGEST_TOKEN: Final = 64
LONGEST_DIGEST: Final = 64


def cookie_of(token: str) -> str:
    """Return the name of the cookie of one link: another one opened beside it has its own."""
    return f"chevet_link_{hashlib.sha256(token.encode()).hexdigest()[:16]}"


@router.get("/q/{token}")
def link_page(at: AtVisit, request: Request, token: str) -> Response:
    """Ask for the code, or the questions once it was given in this browser."""
    found = _answering(request, token)
    if isinstance(found, Answering):
        at = _in_language(at, request, found)
        return _questions(at, token, found.edition, token_urlsafe(16))
    if links_service.is_waiting(token[:LONGEST_TOKEN]):
        return html(at, "questionnaires/link_code.html", token=token, wrong=None)
    return _gone(at)


@router.post("/q/{token}/code")
def try_code(at: AtVisit, token: str, code: Annotated[str, Form(max_length=20)] = "") -> Response:
    """Try the code; the right one makes this browser the one that answers."""
    verdict = links_service.open_link(token[:LONGEST_TOKEN], code)
    match verdict:
        case Gone():
            return _gone(at)
        case WrongCode():
            return html(at, "questionnaires/link_code.html", status=422, token=token, wrong=verdict)
        case Opened():
            answer = RedirectResponse(f"/q/{token}", 303)
            return _opened(answer, token, verdict.session)
        case _:
            assert_never(verdict)


@router.post("/q/{token}")
def send_by_link(at: AtVisit, request: Request, token: str, sent: Filled) -> Response:
    """Store the answers; the link is used up then.

    Where this browser may no longer answer, what was typed stays on the page: the code opens the
    link again while it lasts, and after it the page says what to do with it.
    """
    session = request.cookies.get(cookie_of(token), "")
    found = _answering(request, token)
    if isinstance(found, Gone) and sent.field("_code"):
        verdict = links_service.open_link(token[:LONGEST_TOKEN], sent.field("_code", 20))
        if isinstance(verdict, WrongCode):
            return _code_again(at, token, sent, verdict)
        if isinstance(verdict, Opened):
            session = verdict.session
            found = links_service.answering(token[:LONGEST_TOKEN], session)
    if isinstance(found, Gone):
        return _code_again(at, token, sent, None)
    return _store(_in_language(at, request, found), token, session, found, sent)


@router.post("/q/{token}/called")
def say_called(
    at: AtVisit,
    request: Request,
    token: str,
    called: Annotated[str, Form(max_length=5)] = "",
    told: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """Store whether somebody called for help when his answer told him to."""
    session = request.cookies.get(cookie_of(token), "")
    found = links_service.answered(token[:LONGEST_TOKEN], session) if session else Gone()
    if isinstance(found, Gone):
        return _gone(at)
    note_called(found.ctx, found.answer, called=called == "yes")
    shown = Urgency(told) if told in tuple(Urgency) else None
    return _sent_page(at, token, shown, called=called == "yes")


def _store(at: Visit, token: str, session: str, found: Answering, sent: Sent) -> Response:
    outcome = answers_service.submit(
        found.ctx,
        found.link.edition,
        sent.given,
        key=f"link:{found.link.id}",
        source=Source.LINK,
        answered_at=clock.now(),
        task=found.link.task,
    )
    if isinstance(outcome, Rejected):
        page = _questions(at, token, found.edition, sent.key, sent, problems=outcome.problems)
        return _opened(page, token, session)
    links_service.finish(session)
    told = whom_to_call(outcome.level, outcome.urgency, closed=is_closed())
    page = _sent_page(at, token, told)
    if told is None:
        page.delete_cookie(cookie_of(token), path="/q/")
        return page
    return _opened(page, token, session)


def _sent_page(
    at: Visit, token: str, told: Urgency | None, *, called: bool | None = None
) -> Response:
    return html(
        at,
        "questionnaires/link_sent.html",
        token=token,
        told=told,
        closed=is_closed(),
        called=called,
        now=clock.now(),
    )


def _code_again(at: Visit, token: str, sent: Sent, wrong: WrongCode | None) -> Response:
    edition = known_edition(sent.field("_edition", LONGEST_DIGEST))
    if edition is None or not any(sent.given.values()):
        return _gone(at)
    if links_service.is_waiting(token[:LONGEST_TOKEN]):
        return _questions(at, token, edition, sent.key, sent, ask_code=True, wrong=wrong)
    values = fill_what_can(edition, sent.given)
    told = whom_to_call(
        worst_level(edition, values), worst_urgency(edition, values), closed=is_closed()
    )
    return _gone(at, lines=answered_lines(edition, values, at.locale), told=told)


def _answering(request: Request, token: str) -> Answering | Gone:
    session = request.cookies.get(cookie_of(token), "")
    return links_service.answering(token[:LONGEST_TOKEN], session) if session else Gone()


def _in_language(at: Visit, request: Request, found: Answering) -> Visit:
    chose = LANGUAGE_COOKIE in request.cookies
    return at if chose else replace(at, locale=found.link.locale)


def _questions(
    at: Visit,
    token: str,
    edition: Questionnaire,
    key: str,
    sent: Sent | None = None,
    *,
    problems: tuple[Problem, ...] = (),
    ask_code: bool = False,
    wrong: WrongCode | None = None,
) -> Response:
    return html(
        at,
        "questionnaires/link_form.html",
        status=422 if problems or ask_code else 200,
        token=token,
        edition=edition,
        given=sent.given if sent else {},
        problems={p.link_id: p for p in problems},
        key=key,
        ask_code=ask_code,
        wrong=wrong,
        w=field_words(at.locale),
    )


def _gone(at: Visit, **more: object) -> Response:
    closed = is_closed()
    return html(at, "questionnaires/link_gone.html", status=410, closed=closed, **more)


def _opened(answer: Response, token: str, session: str) -> Response:
    """Give this browser the session of this one link."""
    answer.set_cookie(
        cookie_of(token),
        session,
        path="/q/",
        max_age=int(links_service.LONGEST.total_seconds()),
        httponly=True,
        secure=settings().cookie_secure,
        samesite="strict",
    )
    return answer

"""Staff answer for a patient: on the telephone as he speaks, or from the paper he filled in."""

from dataclasses import dataclass
from datetime import datetime
from secrets import token_urlsafe
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from core import clock
from core.access import Permission
from core.doors import CareContext
from core.i18n import zone
from identity.edge.http import Visit, care, html, visit
from identity.service import patient_traits
from questionnaires import answers_service, choosing_service
from questionnaires.answered import Source
from questionnaires.choosing_service import Choice, chosen
from questionnaires.edge.fields import field_words
from questionnaires.edge.paper import paper_pdf
from questionnaires.edge.sent import Sent, sent_form
from questionnaires.filling import Rejected
from questionnaires.form import instant_of
from questionnaires.library_service import UnknownEditionError, load_edition
from questionnaires.questionnaire import said

router = APIRouter(include_in_schema=False)
AtVisit = Annotated[Visit, Depends(visit)]
ToWrite = Annotated[CareContext, Depends(care(Permission.ANSWERS_WRITE))]
Traits = Annotated[CareContext, Depends(care(Permission.IDENTITY_READ))]
LONGEST_WORDS = 2000


@router.get("/patients/{patient_id}/answers/new")
def new_page(
    at: AtVisit, ctx: ToWrite, traits: Traits, what: str = "", how: str = "phone"
) -> Response:
    """Choose a questionnaire, or show the one that was chosen."""
    choice = chosen(choosing_service.choices_for(ctx), what[:120])
    if choice is None:
        return _choose(at, ctx, traits, how)
    started = clock.now().isoformat()
    return _desk(at, ctx, traits, choice, Sent({"_how": how, "_started": started}))


@router.post("/patients/{patient_id}/answers/new")
def store_new(
    at: AtVisit, ctx: ToWrite, traits: Traits, sent: Annotated[Sent, Depends(sent_form)]
) -> Response:
    """Store what the patient said or wrote, with who entered it and how."""
    choice = chosen(choosing_service.choices_for(ctx), sent.field("_what"))
    choice = choice or _unplanned(sent)
    if choice is None:
        return _choose(at, ctx, traits, sent.field("_how"), status=422)
    moment = _moment(sent, at.time_zone)
    if moment is None:
        return _desk(at, ctx, traits, choice, sent, bad_time=True)
    paper = sent.field("_how") == "paper"
    outcome = answers_service.submit(
        ctx,
        choice.edition.digest,
        sent.given,
        key=sent.key,
        source=Source.PAPER if paper else Source.STAFF_PHONE,
        answered_at=moment.at,
        started_at=moment.started,
        words=sent.field("_words", LONGEST_WORDS),
    )
    if isinstance(outcome, Rejected):
        return _desk(at, ctx, traits, choice, sent, rejected=outcome)
    return RedirectResponse(f"/patients/{ctx.patient}/answers/{outcome.id}?done=yes", 303)


def _unplanned(sent: Sent) -> Choice | None:
    """Keep what was typed though it may be asked no longer: it is an answer all the same."""
    try:
        return Choice(edition=load_edition(sent.field("_what").partition(" ")[0]))
    except UnknownEditionError:
        return None


def _choose(
    at: Visit, ctx: CareContext, traits: CareContext, how: str, *, status: int = 200
) -> Response:
    return html(
        at,
        "questionnaires/desk_choose.html",
        status=status,
        patient_id=ctx.patient,
        patient=patient_traits(traits),
        choices=choosing_service.choices_for(ctx),
        how=how,
        say=lambda words: said(words, at.locale),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Moment:
    at: datetime
    started: datetime | None


def _moment(sent: Sent, time_zone: str) -> _Moment | None:
    """Return when it was answered: now on the telephone, else the day written on the paper."""
    now = clock.now()
    if sent.field("_how") != "paper":
        return _Moment(at=now, started=_instant(sent.field("_started")))
    at = instant_of(sent.field("_day"), sent.field("_clock"), time_zone, now)
    return _Moment(at=at, started=None) if at else None


def _instant(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo is not None else None


def _desk(
    at: Visit,
    ctx: CareContext,
    traits: CareContext,
    choice: Choice,
    sent: Sent,
    *,
    rejected: Rejected | None = None,
    bad_time: bool = False,
) -> Response:
    return html(
        at,
        "questionnaires/desk.html",
        status=422 if rejected or bad_time else 200,
        patient_id=ctx.patient,
        patient=patient_traits(traits),
        choice=choice,
        edition=choice.edition,
        given=sent.given,
        problems={p.link_id: p for p in rejected.problems} if rejected else {},
        bad_time=bad_time,
        paper=sent.field("_how") == "paper",
        sent=sent,
        key=sent.field("client_key") or token_urlsafe(16),
        today=clock.now().astimezone(zone(at.time_zone)).date().isoformat(),
        w=field_words(at.locale),
    )


@router.get("/patients/{patient_id}/answers/paper")
def papers_page(at: AtVisit, ctx: ToWrite, traits: Traits) -> Response:
    """Offer the questionnaires to print, and to type in."""
    return html(
        at,
        "questionnaires/papers.html",
        patient_id=ctx.patient,
        patient=patient_traits(traits),
        choices=choosing_service.choices_for(ctx),
        say=lambda words: said(words, at.locale),
    )


@router.get("/patients/{patient_id}/paper/{edition}.pdf")
def paper(request: Request, at: AtVisit, _ctx: ToWrite, traits: Traits, edition: str) -> Response:
    """Return a questionnaire as a form to print, with who it is for."""
    try:
        found = load_edition(edition[:64])
    except UnknownEditionError:
        raise HTTPException(status_code=404) from None
    shown = paper_pdf(at, found, patient_traits(traits))
    name = f"{found.name}-{found.version}.pdf"
    return Response(
        shown,
        media_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "no-store"},
    )

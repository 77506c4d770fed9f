"""« Saisie au domicile »: a professional of the circle types what he has just measured."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from secrets import token_urlsafe
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from fastapi.responses import JSONResponse, RedirectResponse
from starlette.exceptions import HTTPException

from alerts.bedside import Told
from alerts.bedside_service import tell_at_once
from alerts.wording import say_value
from core import clock
from core.access import Permission
from core.doors import CareContext
from core.i18n import translator
from core.vitals import VITALS
from identity.edge.http import Visit, care, html, visit
from identity.phone_owner import owner_of
from identity.service import patient_traits
from questionnaires import answers_service, answers_shown_service
from questionnaires.answered import Source
from questionnaires.choosing_service import BEDSIDE
from questionnaires.edge.fields import field_words
from questionnaires.edge.sent import Sent, sent_form
from questionnaires.filling import Rejected
from questionnaires.library_service import active_edition
from scoring.item import BOUND_LABELS
from scoring.level import Level

router = APIRouter(include_in_schema=False)
AtVisit = Annotated[Visit, Depends(visit)]
ToWrite = Annotated[CareContext, Depends(care(Permission.ANSWERS_WRITE))]
Traits = Annotated[CareContext, Depends(care(Permission.IDENTITY_READ))]
LONGEST_WAIT: Final = timedelta(days=7)
"""A form kept by a telephone for longer was measured at a time nobody can trust (proposed)."""


@router.get("/patients/{patient_id}/bedside")
def bedside_page(at: AtVisit, ctx: ToWrite, traits: Traits) -> Response:
    """Show the form: a handful of numbers, each of which may be left empty."""
    return _form(at, ctx, traits, Sent({}))


@router.post("/patients/{patient_id}/bedside")
def store_bedside(
    at: AtVisit, ctx: ToWrite, traits: Traits, sent: Annotated[Sent, Depends(sent_form)]
) -> Response:
    """Store what was measured and lead to what the patient's limits say of it.

    A script that had kept the form without network sends it with how long it waited, and is
    answered in JSON.
    """
    by_script = sent.field("_by") == "script"
    if sent.field("_owner", 64) not in ("", owner_of(ctx.actor.person)):
        return _of_another(at, ctx, traits, sent, by_script)
    if not any(sent.given.values()):
        return _refused(at, ctx, traits, sent, None, by_script)
    outcome = answers_service.submit(
        ctx,
        active_edition(BEDSIDE).digest,
        sent.given,
        key=sent.key,
        source=Source.BEDSIDE,
        answered_at=measured_at(sent, clock.now()),
        device=sent.field("_device", 60) or None,
    )
    if isinstance(outcome, Rejected):
        return _refused(at, ctx, traits, sent, outcome, by_script)
    page = f"/patients/{ctx.patient}/bedside/{outcome.id}"
    return JSONResponse({"page": page}) if by_script else RedirectResponse(page, 303)


def _of_another(
    at: Visit, ctx: CareContext, traits: CareContext, sent: Sent, by_script: bool
) -> Response:
    """Take nothing under a name that is not of whoever opened the form; what was typed stays."""
    if by_script:
        return JSONResponse({"do": "keep"}, status_code=409)
    return _form(at, ctx, traits, sent, another=True)


def measured_at(sent: Sent, now: datetime) -> datetime:
    """Return when it was measured: now, less the seconds a telephone says it kept the form."""
    waited = sent.field("_waited", 12)
    seconds = int(waited) if waited.isdecimal() else 0
    return now - min(timedelta(seconds=seconds), LONGEST_WAIT)


def _refused(
    at: Visit,
    ctx: CareContext,
    traits: CareContext,
    sent: Sent,
    rejected: Rejected | None,
    by_script: bool,
) -> Response:
    if by_script:
        return JSONResponse({"problems": True}, status_code=422)
    return _form(at, ctx, traits, sent, rejected=rejected, empty=rejected is None)


def _form(
    at: Visit,
    ctx: CareContext,
    traits: CareContext,
    sent: Sent,
    *,
    rejected: Rejected | None = None,
    empty: bool = False,
    another: bool = False,
) -> Response:
    edition = active_edition(BEDSIDE)
    return html(
        at,
        "alerts/bedside.html",
        status=409 if another else 422 if rejected or empty else 200,
        patient_id=ctx.patient,
        patient=patient_traits(traits),
        edition=edition,
        given=sent.given,
        problems={p.link_id: p for p in rejected.problems} if rejected else {},
        empty=empty,
        another=another,
        key=sent.field("client_key") or token_urlsafe(16),
        owner=owner_of(ctx.actor.person),
        w=field_words(at.locale),
    )


@router.get("/patients/{patient_id}/bedside/{answer_id}")
def told_page(
    at: AtVisit,
    ctx: Annotated[CareContext, Depends(care(Permission.ANSWERS_READ))],
    alerts: Annotated[CareContext, Depends(care(Permission.ALERTS_READ))],
    traits: Traits,
    answer_id: UUID,
) -> Response:
    """Say on the spot what the patient's limits say of the values that were typed."""
    found = answers_shown_service.history(ctx, answer_id)
    if found is None or found.shown.entry.source != Source.BEDSIDE:
        raise HTTPException(status_code=404)
    told = tell_at_once(alerts, found.shown.entry.answers)
    return html(
        at,
        "alerts/bedside_told.html",
        patient_id=ctx.patient,
        patient=patient_traits(traits),
        shown=found.shown,
        told=told,
        worst=worst_of(told),
        **_words(at),
    )


def worst_of(told: Iterable[Told]) -> Level:
    """Return the worst level of what a limit was set for; UNKNOWN when there is none."""
    judged = [one.level for one in told if one.level is not Level.UNKNOWN]
    return max(judged, default=Level.UNKNOWN)


def _words(at: Visit) -> dict[str, Any]:
    say = translator(at.locale)

    def value(one: Told) -> str:
        return say_value(VITALS[one.vital].slug, one.value, None, at.locale)

    def limit(one: Told) -> str:
        if one.bound is None or one.threshold is None:
            return ""
        number = say_value(VITALS[one.vital].slug, one.threshold, None, at.locale)
        return say(BOUND_LABELS[one.bound]).format(limit=number)

    return {
        "say_told": value,
        "say_limit": limit,
        "name_of": lambda one: field_words(at.locale).say(_item(one).words),
    }


def _item(one: Told) -> Any:
    return active_edition(BEDSIDE).item(VITALS[one.vital].slug)

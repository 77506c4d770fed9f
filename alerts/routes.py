"""The page of one alert, opened from a message: ten seconds to read, one tap to answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from secrets import token_urlsafe
from typing import Annotated, Any, assert_never
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Response
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from alerts import service
from alerts.answer_form import Sent, parse_act
from alerts.answering import offered
from alerts.figure import draw, hourly
from alerts.mine_service import seen_delay
from alerts.outcomes import OFFERED, OUTCOME_LABELS
from alerts.page_words import (
    DONE_SENTENCES,
    NEWS2_WORDS,
    PROMISE_LABELS,
    rung_label,
    say_asleep,
    say_day,
    say_event,
    say_fate,
    say_held,
    say_next,
    say_skip,
)
from alerts.refusals import Refused
from alerts.repeat_view import say_repeat
from alerts.risk_card import risk_card
from alerts.talking import LONGEST_WORDS, WORDS_REFUSED_SENTENCES, WordsRefused
from alerts.views import AlertPage, NotFound
from alerts.wording import ANSWER_WORDS, evidence_sentence, item_word, say_value
from core import clock
from core.access import Allowed, Permission, decide
from core.doors import CareContext
from core.i18n import say_time, translator, zone
from core.rights import rights
from core.vitals import VITALS
from identity import service as identity
from identity.edge.http import Visit, html, signed_in
from identity.edge.link import care_on_alert, visit_on_alert
from identity.people import SignedIn, age_years
from identity.words import SEX_LABELS, say_phone
from questionnaires import service as questionnaires
from questionnaires.meaning import meaning_of
from questionnaires.showing import answered_lines
from scoring.home_state import MISSING_LABELS
from scoring.item import MeasuredItem

router = APIRouter(include_in_schema=False)
AtAlert = Annotated[Visit, Depends(visit_on_alert)]
CHART_SPAN = timedelta(hours=24)
Values = dict[str, Any]


@router.get("/a/{alert_id}")
def follow_link(alert_id: UUID, person: Annotated[SignedIn, Depends(signed_in)]) -> Response:
    """Lead from the link of a message to the alert, for somebody who may read it."""
    patient = service.find_patient(person.actor, alert_id)
    if patient is None:
        raise HTTPException(status_code=404)
    return RedirectResponse(f"/patients/{patient}/alerts/{alert_id}", 303)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The record opened for all that the page of an alert shows."""

    alerts: CareContext
    traits: CareContext
    vitals: CareContext
    answers: CareContext


def reading(
    alerts: Annotated[CareContext, Depends(care_on_alert(Permission.ALERTS_READ))],
    traits: Annotated[CareContext, Depends(care_on_alert(Permission.IDENTITY_READ))],
    vitals: Annotated[CareContext, Depends(care_on_alert(Permission.VITALS_READ))],
    answers: Annotated[CareContext, Depends(care_on_alert(Permission.ANSWERS_READ))],
) -> Reading:
    """Open the record for the page of an alert."""
    return Reading(alerts=alerts, traits=traits, vitals=vitals, answers=answers)


ToRead = Annotated[Reading, Depends(reading)]


@router.get("/patients/{patient_id}/alerts/{alert_id}")
def alert_page(
    at: AtAlert, alert_id: UUID, read: ToRead, done: str = "", refused: str = ""
) -> Response:
    """Show one alert; opening it changes nothing."""
    return show(at, read, alert_id, done=done, refused=refused)


def show(
    at: Visit,
    read: Reading,
    alert_id: UUID,
    *,
    done: str = "",
    refused: str = "",
    typed: str = "",
    problem: WordsRefused | None = None,
) -> Response:
    """Show one alert; `typed` is a reply that was not taken, and `problem` why."""
    shown = service.alert_page(read.alerts, alert_id)
    if isinstance(shown, NotFound):
        raise HTTPException(status_code=404)
    now = clock.now()
    patient = identity.patient_traits(read.traits)
    last = next(iter(questionnaires.last_answers(read.answers)), None)
    return html(
        at,
        "alerts/alert.html",
        status=422 if problem else 200,
        now=now,
        shown=shown,
        patient=patient,
        age=lambda birth: age_years(birth, now.date()),
        birth_day=say_day(patient.birth_date, at.locale) if patient else "",
        last=last,
        answered=last and answered_lines(questionnaires.edition_of(last), last.answers, at.locale),
        meaning=last and meaning_of(questionnaires.edition_of(last), last.answers, at.locale),
        seen_delay=seen_delay(read.alerts, alert_id),
        promises=offered(shown.alert.ladder, shown.line.level, now),
        said=_said(shown, at, done, refused),
        typed=typed,
        problem=problem and translator(at.locale)(WORDS_REFUSED_SENTENCES[problem]),
        key=token_urlsafe(16),
        longest_words=LONGEST_WORDS,
        **_beside(read.alerts, at.locale),
        **_drawn(read.alerts, read.vitals, shown, now),
        **_words(shown, at),
    )


def _beside(ctx: CareContext, locale: str) -> Values:
    """Return what the model says, for whoever may read it, and whether limits may be proposed."""
    beside = service.risk_beside(ctx)
    return {
        "risk": risk_card(beside, locale) if beside else None,
        "may_prescribe": _may(ctx, Permission.MONITORING_WRITE),
    }


def _may(ctx: CareContext, permission: Permission) -> bool:
    return isinstance(decide([ctx.through], permission, rights()), Allowed)


def _drawn(ctx: CareContext, vitals: CareContext, shown: AlertPage, now: datetime) -> Values:
    """Return the pictures of the last day and the tables behind them."""
    start = now - CHART_SPAN
    chart = service.chart(vitals, start, now)
    profile = service.watching_profile(ctx)
    measured = [i for i in (profile.items if profile else ()) if isinstance(i, MeasuredItem)]
    items = {item.vital: item for item in measured}
    raised = shown.line.first_breach_at
    both = (chart.spo2, chart.pulse)
    return {
        "figures": [
            draw(series, items.get(series.vital), start=start, end=now, raised_at=raised)
            for series in both
        ],
        "hours": {series.vital: hourly(series) for series in both},
        "vitals": VITALS,
    }


def _words(shown: AlertPage, at: Visit) -> Values:
    """Return what the templates need to say codes in words."""
    locale = at.locale
    tr, at_time = translator(locale), partial(say_time, locale=locale, time_zone=zone(at.time_zone))
    following = shown.next_call
    missing = shown.summary.news2.missing if shown.summary else ()

    def word_of(words: Mapping[str, str]) -> Callable[[str], str]:
        return lambda code: tr(words.get(code) or code)

    return {
        "reason": evidence_sentence(shown.line.reason.evidence, locale),
        "item_word": lambda item: item_word(item, tr),
        "answer_word": word_of(ANSWER_WORDS),
        "event_word": lambda event: say_event(event, tr, at_time),
        "held": say_held(shown.line, tr, at_time) or say_asleep(shown.line, tr, at_time),
        "next_said": following and say_next(following, tr, at_time),
        "say_fate": lambda person: say_fate(person, tr, at_time),
        "say_repeat": lambda one: say_repeat(one, tr, at_time),
        "role_word": lambda role: tr(rung_label(role)),
        "say_skip": lambda skip: say_skip(skip, tr),
        "promise_labels": PROMISE_LABELS,
        "done_sentences": DONE_SENTENCES,
        "missing_label": lambda why: tr(MISSING_LABELS[why]),
        "news2_missing": ", ".join(map(word_of(NEWS2_WORDS), missing)),
        "outcomes": OUTCOME_LABELS,
        "offered": OFFERED,
        "say_value": lambda item, value, unit=None: say_value(item, value, unit, locale),
        "say_phone": say_phone,
        "sex_labels": SEX_LABELS,
    }


def _said(shown: AlertPage, at: Visit, done: str, refused: str) -> str:
    """Return which message stands on top: an act done by this very person, or refused."""
    me = at.signed_in.person if at.signed_in else None
    if refused in ("already_closed", "owned_by_another"):
        return "refused"
    if refused in ("worsened", "no_exercise", "promise_past", "promise_too_late"):
        return refused
    mine = any(event.by == me and event.what == done for event in shown.events)
    return done if mine else ""


@router.post("/patients/{patient_id}/alerts/{alert_id}")
def answer_alert(
    alert_id: UUID,
    ctx: Annotated[CareContext, Depends(care_on_alert(Permission.ALERTS_ACKNOWLEDGE))],
    act: Annotated[str, Form(max_length=40)] = "",
    outcome: Annotated[str, Form(max_length=60)] = "",
    note: Annotated[str, Form(max_length=2000)] = "",
    shown: Annotated[str, Form(max_length=10)] = "",
    before: Annotated[str, Form(max_length=80)] = "",
) -> Response:
    """Do what the person says he has done or will do, and show the page again."""
    sent = Sent(act=act, outcome=outcome, note=note, before=before)
    wanted = parse_act(sent, ctx.actor.person)
    if wanted is None:
        raise HTTPException(status_code=400)
    result = service.act(ctx, alert_id, wanted, shown=service.shown_of(shown))
    page = f"/patients/{ctx.patient}/alerts/{alert_id}"
    match result:
        case NotFound():
            raise HTTPException(status_code=404)
        case Refused(code=code):
            return RedirectResponse(f"{page}?refused={code}", 303)
        case AlertPage():
            return RedirectResponse(f"{page}?done={sent.what}", 303)
        case _:
            assert_never(result)

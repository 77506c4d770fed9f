"""« Joindre le patient »: the next to call, what came of each call, and sending somebody there."""

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Response
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from alerts import service as alerts
from alerts.views import AlertPage
from alerts.wording import evidence_sentence
from coordination.calls.calling import CallOutcome
from coordination.reaching import chain, people_routes, service, sheet_routes
from core import clock
from core.access import Allowed, Permission, decide
from core.doors import CareContext
from core.i18n import zone
from core.rights import rights
from identity import service as identity
from identity.edge.http import Visit, care, html, visit
from identity.words import say_phone

router = APIRouter(include_in_schema=False)
router.include_router(people_routes.router)
router.include_router(sheet_routes.router)
AtVisit = Annotated[Visit, Depends(visit)]
Reads = Annotated[CareContext, Depends(care(Permission.ALERTS_READ))]
Knows = Annotated[CareContext, Depends(care(Permission.IDENTITY_READ))]
Acts = Annotated[CareContext, Depends(care(Permission.ALERTS_ACKNOWLEDGE))]
Text = Annotated[str, Form(max_length=200)]
Note = Annotated[str, Form(max_length=500)]
PAGE: Final = "/patients/{patient_id}/reach"
SAID_SENTENCES: Final[dict[str, str]] = {
    "attempt": "The attempt is written down. The alert is as open as it was.",
    "sent": "It is written down: somebody is on the way. The alert is as open as it was.",
    "checked": "What was found is written down.",
    "not_there": "This is no longer in the record. Nothing was changed.",
}
PROBLEM_SENTENCES: Final[dict[str, str]] = {
    "again": "Say at what time to call back, for example 14:30. Your note is kept.",
    "who": "Say who goes there, in 2 to 160 characters.",
    "expected": "This is not a time. For example: 14:30.",
    "passed": "Choose a time that is still to come: it is {time} now.",
}


@router.get(PAGE)
def reach_page(
    at: AtVisit, ctx: Reads, traits: Knows, alert: UUID | None = None, said: str = ""
) -> Response:
    """Show whom to call now, everybody in order, and what was tried."""
    return _page(at, ctx, traits, alert, said=said)


_WORDS: Final = {
    "outcomes": chain.ATTEMPT_LABELS,
    "found": chain.CHECK_LABELS,
    "say_phone": say_phone,
}


def _page(
    at: Visit,
    ctx: CareContext,
    traits: CareContext,
    alert: UUID | None,
    *,
    said: str = "",
    status: int = 200,
    **typed: Any,
) -> Response:
    now, patient = clock.now(), identity.patient_traits(traits)
    known = service.reach(ctx, patient.phone if patient else None)
    shown = alerts.alert_page(ctx, alert) if alert else None
    line = shown.line if isinstance(shown, AlertPage) else None
    since = line.since if line else None
    tried = chain.of_search(known.attempts, alert, since, now)
    checked = chain.check_of_search(known.checks, alert, since, now)
    step = chain.next_step(known.numbers, tried, now, checked)
    return html(
        at,
        "coordination/reach.html",
        status=status,
        patient=patient,
        patient_id=ctx.patient,
        alert=line,
        sentence=evidence_sentence(line.reason.evidence, at.locale) if line else "",
        known=known,
        step=step,
        kind=type(step).__name__,
        checked=checked,
        last={one.person_id: one for one in reversed(tried)},
        now=now,
        may_act=_may(ctx, Permission.ALERTS_ACKNOWLEDGE),
        may_write=_may(ctx, Permission.MONITORING_WRITE),
        said=SAID_SENTENCES.get(said, ""),
        good=said != "not_there",
        **{**_WORDS, "given": {}, "problems": {}, **typed},
    )


def _may(ctx: CareContext, permission: Permission) -> bool:
    return isinstance(decide([ctx.through], permission, rights()), Allowed)


@router.post(PAGE)
def note_attempt(
    at: AtVisit,
    ctx: Acts,
    reading: Reads,
    traits: Knows,
    alert: Text = "",
    contact: Text = "",
    outcome: Text = "",
    again: Text = "",
    note: Note = "",
) -> Response:
    """Write down what came of a call."""
    if outcome not in CallOutcome.__members__.values():
        raise HTTPException(status_code=400)
    about, who = _id_or_none(alert), _id_or_none(contact)
    asked = None
    if outcome == CallOutcome.CALL_LATER:
        asked = chain.moment_ahead(again, clock.now(), zone(at.time_zone))
    if isinstance(asked, str):
        problems = {"again": PROBLEM_SENTENCES["passed" if asked == "passed" else "again"]}
        given = {"contact": contact, "again": again, "note": note}
        return _page(at, reading, traits, about, status=422, given=given, problems=problems)
    done = service.note_attempt(
        ctx, alert=about, contact=who, outcome=CallOutcome(outcome), asked=asked, note=note
    )
    return _back(ctx, about, done, "attempt")


@router.post("/patients/{patient_id}/doubt-checks")
def send_somebody(
    at: AtVisit,
    ctx: Acts,
    reading: Reads,
    traits: Knows,
    alert: Text = "",
    who: Text = "",
    expected: Text = "",
) -> Response:
    """Send somebody to the home: who, and when he should be there."""
    about, name = _id_or_none(alert), " ".join(who.split())
    arrival = (
        chain.moment_ahead(expected, clock.now(), zone(at.time_zone)) if expected.strip() else None
    )
    problems = {} if 2 <= len(name) <= 160 else {"who": PROBLEM_SENTENCES["who"]}
    if isinstance(arrival, str):
        problems["expected"] = PROBLEM_SENTENCES["passed" if arrival == "passed" else "expected"]
    if problems or isinstance(arrival, str):
        given = {"who": who, "expected": expected}
        return _page(at, reading, traits, about, status=422, given=given, problems=problems)
    done = service.send_somebody(ctx, alert=about, who=name, expected_at=arrival)
    return _back(ctx, about, done, "sent")


@router.post("/patients/{patient_id}/doubt-checks/{check_id}")
def end_check(
    ctx: Acts, check_id: UUID, alert: Text = "", outcome: Text = "", note: Note = ""
) -> Response:
    """Write down what was found at the home."""
    if outcome not in chain.CHECK_LABELS:
        raise HTTPException(status_code=400)
    done = service.end_check(ctx, check_id, outcome, note)
    return _back(ctx, _id_or_none(alert), done, "checked")


def _back(
    ctx: CareContext, alert: UUID | None, done: service.Done | service.Gone, said: str
) -> Response:
    word = said if isinstance(done, service.Done) else "not_there"
    about = f"alert={alert}&" if alert else ""
    return RedirectResponse(f"/patients/{ctx.patient}/reach?{about}said={word}", 303)


def _id_or_none(raw: str) -> UUID | None:
    if not raw:
        return None
    try:
        return UUID(raw)
    except ValueError:
        raise HTTPException(status_code=404) from None

"""Pages of an access in an emergency: finding and opening, the record then, and the reviews."""

from typing import Annotated, assert_never
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse

from alerts import service as alerts
from alerts.wording import evidence_sentence, item_word, say_value
from coordination import circle_words as words
from coordination import emergency_service as service
from coordination import membership_service
from coordination.emergency import (
    LONGEST_TEXT,
    OPEN_FOR,
    SHORTEST_REASON,
    Identity,
    parse_identity,
    parse_verdict,
)
from core import clock, i18n
from core.access import Denied, Permission, Role
from core.doors import CareContext
from identity import reauth_service as reauth
from identity import service as identity
from identity.edge.http import Visit, care, html, visit
from identity.edge.posts import acting_post
from identity.people import SignedIn, age_years
from identity.search_service import TooManySearches
from identity.words import SEX_LABELS, permission_label, role_label

router = APIRouter(include_in_schema=False)
AtVisit = Annotated[Visit, Depends(visit)]
Typed = Annotated[str, Form(max_length=200)]
LongText = Annotated[str, Form(max_length=LONGEST_TEXT)]
WRONG, WAIT = 401, 429
Breaker = Annotated[SignedIn, Depends(acting_post(Permission.BREAK_GLASS))]
Reviewer = Annotated[SignedIn, Depends(acting_post(Permission.BREAK_GLASS_REVIEW))]


@router.get("/emergency")
def search_page(at: AtVisit, person: Breaker) -> Response:
    """Ask by which strict identity the record is to be found."""
    return _search(at)


def _search(at: Visit, *, problem: str = "", status: int = 200, **typed: str) -> Response:
    return html(
        at,
        "coordination/emergency_search.html",
        status=status,
        problem=problem,
        typed={"name": "", "first_name": "", "birth_date": "", **typed},
        minutes=int(OPEN_FOR.total_seconds() // 60),
    )


@router.post("/emergency")
def search(
    at: AtVisit,
    person: Breaker,
    name: Typed = "",
    first_name: Typed = "",
    birth_date: Typed = "",
) -> Response:
    """Look for exactly one record of these traits; nothing of it is shown yet."""
    traits = parse_identity(name, first_name, birth_date)
    typed = {"name": name, "first_name": first_name, "birth_date": birth_date}
    if traits is None:
        return _search(at, problem="traits", status=422, **typed)
    found = service.find(person.actor, traits)
    match found:
        case UUID():
            return _reason(at, traits)
        case service.NoMatch():
            return _search(at, problem="none", status=404, **typed)
        case service.Several():
            return _search(at, problem="several", status=409, **typed)
        case TooManySearches():
            return _search(at, problem="wait", status=WAIT, **typed)
        case _:
            assert_never(found)


def _reason(
    at: Visit, traits: Identity, *, reason: str = "", problem: str = "", status: int = 200
) -> Response:
    return html(
        at,
        "coordination/emergency_reason.html",
        status=status,
        traits=traits,
        reason=reason,
        problem=problem,
        shortest=SHORTEST_REASON,
        longest=LONGEST_TEXT,
        minutes=int(OPEN_FOR.total_seconds() // 60),
    )


@router.post("/emergency/open")
def open_record(
    request: Request,
    at: AtVisit,
    person: Breaker,
    name: Typed = "",
    first_name: Typed = "",
    birth_date: Typed = "",
    reason: LongText = "",
    secret: Annotated[str, Form(max_length=1000)] = "",
) -> Response:
    """Open the record for an hour, for a typed reason and after asking again who it is."""
    traits = parse_identity(name, first_name, birth_date)
    if traits is None:
        return _search(at, problem="traits", status=422)
    address = request.client.host if request.client else ""
    outcome = service.open_in_emergency(person, traits, reason, secret, address=address)
    match outcome:
        case service.Opened(patient=patient):
            return RedirectResponse(f"/patients/{patient}/emergency", 303)
        case service.NoMatch() | service.Several():
            return _search(at, problem="none", status=404)
        case TooManySearches():
            return _search(at, problem="wait", status=WAIT)
        case service.TooShort():
            return _reason(at, traits, reason=reason, problem="short", status=422)
        case reauth.Wrong():
            return _reason(at, traits, reason=reason, problem="wrong", status=WRONG)
        case reauth.TooManyAttempts():
            return _reason(at, traits, reason=reason, problem="wait", status=WAIT)
        case Denied():
            return _reason(at, traits, reason=reason, problem="opposed", status=403)
        case _:
            assert_never(outcome)


@router.get("/patients/{patient_id}/emergency")
def record_page(
    at: AtVisit,
    ctx: Annotated[CareContext, Depends(care(Permission.ALERTS_READ))],
    traits: Annotated[CareContext, Depends(care(Permission.IDENTITY_READ))],
    circle: Annotated[CareContext, Depends(care(Permission.CIRCLE_READ))],
) -> Response:
    """Show on one page what counts in an emergency: state, alerts, and who knows the person."""
    now, tr = clock.now(), i18n.translator(at.locale)
    everybody = membership_service.circle(circle)
    patient = identity.patient_traits(traits)
    me = at.signed_in.person if at.signed_in else None
    mine = [one for one in everybody.live if one.party == me and one.role == Role.EMERGENCY]
    return html(
        at,
        "coordination/emergency_record.html",
        patient=patient,
        member_patient=ctx.patient,
        age=age_years(patient.birth_date, now.date()) if patient else None,
        sex_labels=SEX_LABELS,
        until=mine[0].ends_at if mine else None,
        summary=alerts.patient_summary(ctx),
        open_alerts=alerts.open_alerts(ctx),
        sentence=lambda alert: evidence_sentence(alert.reason.evidence, at.locale),
        item_word=lambda item: item_word(item, tr),
        say_value=lambda item, value, unit=None: say_value(item, value, unit, at.locale),
        members=[m for m in everybody.live if m.role not in (Role.PATIENT, Role.EMERGENCY)],
        role_label=role_label,
    )


@router.get("/emergency/reviews")
def reviews_page(at: AtVisit, person: Reviewer, said: str = "") -> Response:
    """List accesses in an emergency: what waits for a verdict first, by its term."""
    found = service.reviews(person.actor)
    return html(
        at,
        "coordination/emergency_reviews.html",
        waiting=[one for one in found if one.verdict is None],
        done=[one for one in found if one.verdict is not None],
        now=clock.now(),
        said=said if said in ("judged", "gone") else "",
    )


@router.get("/emergency/reviews/{access_id}")
def review_page(at: AtVisit, person: Reviewer, access_id: UUID) -> Response:
    """Show one access in an emergency with all that was done through it."""
    return _review(at, person, access_id)


def _review(at: Visit, person: SignedIn, access_id: UUID, *, problem: str = "") -> Response:
    found = service.review_page(person.actor, access_id)
    if found is None:
        return RedirectResponse("/emergency/reviews?said=gone", 303)
    access, done = found
    return html(
        at,
        "coordination/emergency_review.html",
        status=422 if problem else 200,
        access=access,
        done=done,
        now=clock.now(),
        problem=problem,
        permission_label=permission_label,
        longest=LONGEST_TEXT,
        words=words,
    )


@router.post("/emergency/reviews/{access_id}")
def review(
    at: AtVisit, person: Reviewer, access_id: UUID, verdict: Typed = "", note: LongText = ""
) -> Response:
    """Keep the verdict; the patient reads it."""
    judged = parse_verdict(verdict)
    if judged is None or not note.strip():
        return _review(at, person, access_id, problem="verdict")
    kept = service.review(person.actor, access_id, judged, note)
    return RedirectResponse(f"/emergency/reviews?said={'judged' if kept else 'gone'}", 303)

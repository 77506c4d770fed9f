"""Use cases of an access in an emergency: finding, opening, opposing, telling, reviewing."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never
from uuid import UUID

import structlog

from coordination import emergency_store as store
from coordination.consent import Means, Opposition
from coordination.emergency import (
    OPEN_FOR,
    REVIEW_WITHIN,
    SHORTEST_REASON,
    Done,
    Emergency,
    Identity,
    ToReview,
    Verdict,
)
from core import clock
from core.access import Denied, Permission
from core.doors import Actor, CareContext, Service, acting_as, note_access, note_run, serving
from core.failpoint import failpoint
from core.ids import new_id
from identity import reauth_service as reauth
from identity.people import SignedIn
from identity.search_service import MOST_SEARCHES, SEARCH_MINUTES, TooManySearches
from identity.store.search import note_search
from messages.message import Message, Occurrence, Template
from messages.service import tell_operator
from messages.store import save_message

_log = structlog.get_logger("coordination")
BATCH = 50
MOST_REVIEWS = 200


@dataclass(frozen=True, slots=True)
class Opened:
    """The record is open until `until`."""

    patient: UUID
    until: datetime


@dataclass(frozen=True, slots=True)
class NoMatch:
    """No record has exactly these traits."""


@dataclass(frozen=True, slots=True)
class Several:
    """More than one record has them: none is opened on a guess."""


@dataclass(frozen=True, slots=True)
class TooShort:
    """The reason says nothing."""


Opening = (
    Opened
    | Denied
    | NoMatch
    | Several
    | TooManySearches
    | TooShort
    | reauth.Wrong
    | reauth.TooManyAttempts
)


def find(actor: Actor, identity: Identity) -> UUID | NoMatch | Several | TooManySearches:
    """Look for a record by strict identity; every attempt is in the audit trail.

    Bounded as any search is: nobody walks through the birth dates of a name.
    """
    with acting_as(actor) as conn:
        if not note_search(conn, most=MOST_SEARCHES, minutes=SEARCH_MINUTES):
            note_access(
                conn,
                replace(actor, purpose="BTG"),
                Permission.BREAK_GLASS,
                None,
                "E",
                {"reason": "too_many"},
                outcome="refused",
            )
            return TooManySearches()
        found = store.load_matches(conn, identity)
        patient = found[0] if len(found) == 1 else None
        note_access(
            conn,
            replace(actor, purpose="BTG"),
            Permission.BREAK_GLASS,
            patient,
            "E",
            {"looked_for": "strict_identity", "found": len(found)},
        )
    if patient is not None:
        return patient
    return Several() if found else NoMatch()


def open_in_emergency(
    person: SignedIn, identity: Identity, reason: str, secret: str, *, address: str
) -> Opening:
    """Open the record of these strict traits for 60 minutes; tell the patient and his doctors.

    Denied when the patient has opposed it: that refusal stays in the audit trail.
    """
    if len(reason.strip()) < SHORTEST_REASON:
        return TooShort()
    found = find(person.actor, identity)
    if not isinstance(found, UUID):
        return found
    confirmed = reauth.confirm(person, secret, address=address)
    match confirmed:
        case reauth.Confirmed():
            outcome = _open(person.actor, found, reason.strip())
        case reauth.Wrong() | reauth.TooManyAttempts():
            _note_refused(person.actor, found, "not_confirmed")
            return confirmed
        case _:
            assert_never(confirmed)
    failpoint("break_glass.after_commit")
    if isinstance(outcome, Opened):
        tell_emergencies(clock.now())
    return outcome


def _open(actor: Actor, patient: UUID, reason: str) -> Opened | Denied:
    now = clock.now()
    with acting_as(actor, patient=patient) as conn:
        opening = store.save_opening(
            conn,
            id=new_id(now),
            membership=new_id(now),
            patient=patient,
            reason=reason,
            minutes=int(OPEN_FOR.total_seconds() // 60),
            review_hours=int(REVIEW_WITHIN.total_seconds() // 3600),
        )
        refused = opening == "opposed"
        note_access(
            conn,
            replace(actor, purpose="BTG"),
            Permission.BREAK_GLASS,
            patient,
            "E",
            {"break_glass": opening},
            outcome="refused" if refused else "success",
        )
    if refused:
        return Denied("the patient has opposed accesses in an emergency")
    return Opened(patient, now + OPEN_FOR)


def _note_refused(actor: Actor, patient: UUID, why: str) -> None:
    with acting_as(actor) as conn:
        note_access(
            conn,
            replace(actor, purpose="BTG"),
            Permission.BREAK_GLASS,
            patient,
            "E",
            {"break_glass": why},
            outcome="refused",
        )


def emergencies(ctx: CareContext) -> list[Emergency]:
    """Return the accesses in an emergency to the record; needs `audit:read`."""
    with acting_as(ctx, detail={"read": "emergencies"}) as conn:
        return store.load_emergencies(conn, ctx.patient)


def opposition(ctx: CareContext) -> Opposition | None:
    """Return the opposition in force; None too for whoever does not answer for the record."""
    with acting_as(ctx, detail={"read": "opposition"}) as conn:
        return store.load_opposition(conn, ctx.patient)


def oppose(ctx: CareContext, means: Means) -> bool:
    """Keep the patient's opposition; it also ends what is open. False when there was one.

    For the patient himself, or for somebody with `circle:manage` who heard it from him.
    """
    with acting_as(ctx, action="C", detail={"opposition": "break_glass"}) as conn:
        return store.save_opposition(conn, new_id(clock.now()), ctx.patient, means)


def withdraw_opposition(ctx: CareContext) -> bool:
    """Take the opposition back; False when there was none."""
    with acting_as(ctx, action="U", detail={"opposition": "withdrawn"}) as conn:
        return store.end_opposition(conn, ctx.patient)


def reviews(actor: Actor) -> list[ToReview]:
    """Return what the acting post reviews, by term; each reading is in the audit trail."""
    with acting_as(actor) as conn:
        found = store.load_to_review(conn, MOST_REVIEWS)
        note_access(conn, actor, Permission.BREAK_GLASS_REVIEW, None, "R", {"reviews": len(found)})
        return found


def review_page(actor: Actor, id: UUID) -> tuple[ToReview, list[Done]] | None:
    """Return one access with what was done through it; None when it is not theirs to review."""
    with acting_as(actor) as conn:
        found = store.load_one_to_review(conn, id)
        if found is None:
            return None
        note_access(conn, actor, Permission.BREAK_GLASS_REVIEW, found.patient_id, "R")
        return found, store.load_done(conn, id)


def review(actor: Actor, id: UUID, verdict: Verdict, note: str) -> bool:
    """Keep the verdict of a review; False when somebody had judged it, or it is one's own."""
    with acting_as(actor) as conn:
        found = store.load_one_to_review(conn, id)
        if found is None:
            return False
        note_access(
            conn,
            actor,
            Permission.BREAK_GLASS_REVIEW,
            found.patient_id,
            "U",
            {"verdict": verdict},
        )
        return store.save_review(conn, id, verdict, note.strip())


def tell_emergencies(now: datetime) -> int:
    """Put out the messages about accesses nobody was told of yet; return how many accesses.

    Called at once by who opened, and again and again by the sentinel: a crash in between loses
    nothing, and the key of a message keeps it single.
    """
    with serving(Service.OUTBOX) as conn:
        untold = store.lock_untold(conn, BATCH)
        for access in untold:
            people = store.load_to_tell(conn, access.id)
            for place, person in enumerate(people):
                if person.address is not None:
                    save_message(conn, _message(access, person, place), now)
            reached = any(one.address and not one.is_patient for one in people)
            if not reached:
                tell_operator(conn, Occurrence.BREAK_GLASS_UNTOLD, str(access.id), now)
            store.note_told(conn, access.id, now)
    return len(untold)


def _message(access: store.Untold, person: store.ToTell, place: int) -> Message:
    path = "/p/journal" if person.is_patient else f"/patients/{access.patient_id}/circle"
    return Message(
        key=f"break-glass:{access.id}:{place}:{person.person}:email",
        recipient=person.person,
        address=person.address or "",
        template=Template.RECORD_NOTICE,
        params={"path": path},
        locale=person.locale,
        about=access.patient_id,
    )


def keep_circles(now: datetime) -> int:
    """Do what time alone brings about: stays that end, people to tell, reviews that are late.

    Returns how much was done; the sentinel calls it every second or two.
    """
    with serving(Service.ADMINISTRATION) as conn:
        closed = store.close_ended(conn, BATCH)
        late = store.take_overdue(conn, now)
        for id in late:
            tell_operator(conn, Occurrence.BREAK_GLASS_UNREVIEWED, str(id), now)
        if closed or late:
            note_run(conn, Service.ADMINISTRATION, "keep_circles", closed=closed, late=len(late))
    return closed + len(late) + tell_emergencies(now)

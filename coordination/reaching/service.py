"""Use cases of reaching a patient: people to call, calls, somebody sent to the home, the sheet."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from alerts.store import calling
from coordination.calls.calling import CallOutcome, next_call
from coordination.reaching import store
from coordination.reaching.chain import Attempt, Callee, DoubtCheck, callees
from coordination.reaching.home import Home
from coordination.reaching.people import MOST_PEOPLE, Direction, Person, PersonDraft, moved
from core import clock
from core.doors import CareContext, Service, acting_as, note_run, serving
from core.ids import new_id

MOST: Final = 200
"""Calls and checks a page shows, the latest."""
BATCH: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """All that is known of reaching a patient; attempts and checks latest first."""

    people: list[Person]
    numbers: list[Callee]
    attempts: list[Attempt]
    checks: list[DoubtCheck]
    home: Home
    facts: store.ReachFacts

    @property
    def running_check(self) -> DoubtCheck | None:
        """Return who is on his way to the home."""
        return next((one for one in self.checks if one.outcome is None), None)


@dataclass(frozen=True, slots=True)
class Full:
    """The list holds as many as it can."""


@dataclass(frozen=True, slots=True)
class Gone:
    """There is no such person, alert or check of this record, or no longer."""


@dataclass(frozen=True, slots=True)
class Done:
    """It is noted."""


@dataclass(frozen=True, slots=True)
class ChangedMeanwhile:
    """Somebody else has changed the sheet since it was shown."""


def reach(ctx: CareContext, phone: str | None, *, read: str = "reach") -> Reach:
    """Return all that is known of reaching the patient; needs `alerts:read`.

    `phone` is the number of his identity; `read` names what was opened, in the audit trail.
    """
    with acting_as(ctx, detail={"read": read}) as conn:
        people = store.load_people(conn, ctx.patient)
        facts = store.load_facts(conn, ctx.patient)
        known = facts or store.ReachFacts(phone_doubted=False, gps=[], oxygen_l_min=None)
        return Reach(
            people=people,
            numbers=callees(phone, known.phone_doubted, people),
            attempts=store.load_attempts(conn, ctx.patient, MOST),
            checks=store.load_checks(conn, ctx.patient, MOST),
            home=store.load_home(conn, ctx.patient) or Home(),
            facts=known,
        )


def add_person(ctx: CareContext, draft: PersonDraft) -> Done | Full:
    """Put somebody last on the list."""
    now = clock.now()
    with acting_as(ctx, action="C", detail={"write": "person_to_call"}) as conn:
        people = store.load_people(conn, ctx.patient)
        if len(people) >= MOST_PEOPLE:
            return Full()
        store.add_person(
            conn,
            id=new_id(now),
            patient=ctx.patient,
            place=1 + max((one.place for one in people), default=0),
            draft=draft,
            by=ctx.actor.person,
            now=now,
        )
    return Done()


def change_person(ctx: CareContext, who: UUID, draft: PersonDraft) -> Done | Gone:
    """Change what is known of somebody to call."""
    with acting_as(ctx, action="U", detail={"person_to_call": str(who)}) as conn:
        return Done() if store.change_person(conn, ctx.patient, who, draft) else Gone()


def remove_person(ctx: CareContext, who: UUID) -> Done | Gone:
    """Take somebody off the list; the calls to him stay in the record."""
    by, now = ctx.actor.person, clock.now()
    with acting_as(ctx, action="D", detail={"person_to_call": str(who)}) as conn:
        return Done() if store.remove_person(conn, ctx.patient, who, by=by, now=now) else Gone()


def move_person(ctx: CareContext, who: UUID, direction: Direction) -> Done | Gone:
    """Call somebody earlier or later."""
    with acting_as(ctx, action="U", detail={"person_to_call": str(who)}) as conn:
        order = moved(store.load_people(conn, ctx.patient), who, direction)
        if order is None:
            return Gone()
        store.place_people(conn, ctx.patient, order)
    return Done()


def note_attempt(
    ctx: CareContext,
    *,
    alert: UUID | None,
    contact: UUID | None,
    outcome: CallOutcome,
    asked: datetime | None,
    note: str,
) -> Done | Gone:
    """Write down what came of a call; `contact` None: to the number of the patient's identity.

    It stands in the life of the alert, and leaves the alert as open as it was. `asked`: when to
    call back, for « to be called back » alone.
    """
    now = clock.now()
    with acting_as(ctx, action="C", detail={"act": f"attempt:{outcome}"}) as conn:
        said = store.save_attempt(
            conn,
            id=new_id(now),
            patient=ctx.patient,
            alert=alert,
            contact=contact,
            outcome=outcome,
            next_at=next_call(outcome, now, asked),
            note=note.strip(),
        )
    return Done() if said == "noted" else Gone()


def send_somebody(
    ctx: CareContext, *, alert: UUID | None, who: str, expected_at: datetime | None
) -> Done | Gone:
    """Send somebody to the home (levée de doute); it stands in the life of the alert."""
    now = clock.now()
    with acting_as(ctx, action="C", detail={"act": "doubt_check"}) as conn:
        row = calling.lock_alert(conn, ctx.patient, alert) if alert else None
        if alert and row is None:
            return Gone()
        store.send_somebody(
            conn,
            id=new_id(now),
            patient=ctx.patient,
            alert=alert,
            who=who,
            expected_at=expected_at,
            by=ctx.actor.person,
            now=now,
        )
        if row is not None:
            calling.save_event(
                conn,
                alert=row.id,
                patient=row.patient_id,
                at=now,
                what="doubt_check",
                by=ctx.actor.person,
                detail={"who": who},
            )
            calling.hint_queues(conn, row.patient_id)
    return Done()


def end_check(ctx: CareContext, check: UUID, outcome: str, note: str) -> Done | Gone:
    """Write down what was found at the home; the alert stays as open as it was."""
    now = clock.now()
    by = ctx.actor.person
    with acting_as(ctx, action="U", detail={"doubt_check": str(check), "act": outcome}) as conn:
        ended = store.end_check(
            conn, ctx.patient, check, outcome=outcome, note=note.strip(), by=by, now=now
        )
        if ended is None:
            return Gone()
        row = calling.lock_alert(conn, ctx.patient, ended.alert_id) if ended.alert_id else None
        if row is not None:
            calling.save_event(
                conn,
                alert=row.id,
                patient=row.patient_id,
                at=now,
                what="doubt_checked",
                by=by,
                detail={"outcome": outcome},
            )
            calling.hint_queues(conn, row.patient_id)
    return Done()


def save_home(ctx: CareContext, home: Home) -> Done | ChangedMeanwhile:
    """Keep what a rescuer must know; nobody's change is overwritten unseen."""
    now = clock.now()
    with acting_as(ctx, action="U", detail={"write": "home"}) as conn:
        kept = store.save_home(conn, ctx.patient, home, by=ctx.actor.person, now=now)
    return Done() if kept else ChangedMeanwhile()


def load_home(ctx: CareContext) -> Home:
    """Return what was noted of the home, for its form."""
    with acting_as(ctx, detail={"read": "home"}) as conn:
        return store.load_home(conn, ctx.patient) or Home()


def raise_call_backs() -> int:
    """Move up in the queues whom somebody promised to call again by now; return how many.

    The sentinel calls it every second or two.
    """
    with serving(Service.ADMINISTRATION) as conn:
        due = store.raise_call_backs(conn, BATCH)
        if due:
            note_run(conn, Service.ADMINISTRATION, "raise_call_backs", due=due)
    return due


def followed_departments() -> list[store.FollowedThere]:
    """Return in which départements patients are followed, for whoever runs the site."""
    with serving(Service.ADMINISTRATION) as conn:
        return store.load_departments(conn)

"""Reaching a patient step by step: who is called next, and what follows when nobody answers. Pure.

An attempt says what somebody did; it is no act on the alert, which stays as open as it was.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Final, Literal
from uuid import UUID

from coordination.calls.calling import CallOutcome, next_moment
from coordination.reaching.people import Person, in_order

ONE_SEARCH: Final = timedelta(hours=12)
"""Without an alert, calls of the last 12 hours belong to one search (proposed)."""
FURTHEST: Final = timedelta(hours=20)
"""A time of day that is further away was meant for today and has just passed (proposed)."""
ATTEMPT_LABELS: Final[dict[str, str]] = {
    CallOutcome.REACHED: "Answers the call",
    CallOutcome.NO_ANSWER: "Nobody answers",
    CallOutcome.MESSAGE_LEFT: "Message left",
    CallOutcome.CALL_LATER: "To be called back",
    CallOutcome.WRONG_NUMBER: "The number is wrong",
}
CHECK_LABELS: Final[dict[str, str]] = {
    "well": "Found well",
    "unwell": "Found unwell: the team has called on",
    "nobody": "Nobody found at home",
    "called_15": "The person there has called 15",
    "cancelled": "No longer needed",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """A call and what came of it; `person_id` None: the number of the patient's identity."""

    id: UUID
    patient_id: UUID
    alert_id: UUID | None
    person_id: UUID | None
    name: str
    phone: str
    at: datetime
    by_name: str
    outcome: str
    next_at: datetime | None
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DoubtCheck:
    """Somebody sent to the home; `outcome` is a key of CHECK_LABELS once he was there."""

    id: UUID
    patient_id: UUID
    alert_id: UUID | None
    who: str
    expected_at: datetime | None
    sent_at: datetime
    sent_by_name: str
    outcome: str | None
    note: str
    ended_at: datetime | None
    ended_by_name: str | None

    @property
    def settles(self) -> bool:
        """Whether the patient was found: nobody has to be called to know how he is."""
        return self.outcome in ("well", "unwell", "called_15")

    def is_late(self, now: datetime) -> bool:
        """Say whether nothing was heard though he should be there."""
        return self.outcome is None and self.expected_at is not None and now > self.expected_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Callee:
    """A number that can be called; `person` None: the one of the patient's identity."""

    person: Person | None
    phone: str
    doubted: bool

    @property
    def key(self) -> UUID | None:
        """What attempts name him by."""
        return self.person.id if self.person else None

    @property
    def of_patient(self) -> bool:
        """Whether the patient himself would answer."""
        return self.person is None or self.person.of_patient


@dataclass(frozen=True, slots=True)
class CallNext:
    """This one is to be called now; `promised`: at that time he was to be called again."""

    callee: Callee
    promised: datetime | None = None


@dataclass(frozen=True, slots=True)
class SomebodyAnswered:
    """One was reached. `then` comes next if a relative cannot help; None once nobody is left.

    When the patient himself has answered nobody comes next.
    """

    attempt: Attempt
    of_patient: bool
    then: Callee | None = None


@dataclass(frozen=True, slots=True)
class FoundAtHome:
    """Somebody was at the home and found the patient."""

    check: DoubtCheck


@dataclass(frozen=True, slots=True)
class WaitUntil:
    """Everybody was called; one of them is to be called again then."""

    callee: Callee
    at: datetime


@dataclass(frozen=True, slots=True)
class Exhausted:
    """Everybody was called and nobody answered: somebody has to go there."""


@dataclass(frozen=True, slots=True)
class NoNumber:
    """There is no number to call at all: somebody has to go there."""


Step = CallNext | SomebodyAnswered | FoundAtHome | WaitUntil | Exhausted | NoNumber


def callees(phone: str | None, doubted: bool, people: Sequence[Person]) -> list[Callee]:
    """Return every number in call order: the patient's own, then those of his people."""
    own = [Callee(person=None, phone=phone, doubted=doubted)] if phone else []
    others = [
        Callee(person=one, phone=one.phone, doubted=one.doubted_at is not None)
        for one in in_order(people)
    ]
    return own + others


def of_search(
    attempts: Sequence[Attempt], alert: UUID | None, since: datetime | None, now: datetime
) -> list[Attempt]:
    """Return the attempts of one search: of an alert all since it was raised, else of 12 hours.

    A call that was promised apart from any alert belongs to every search until it is made.
    """
    begin = since if alert is not None and since is not None else now - ONE_SEARCH
    last = {one.person_id: one for one in sorted(attempts, key=lambda one: one.at)}
    return [
        one
        for one in attempts
        if one.at >= begin
        or (alert and one.alert_id == alert)
        or (one.next_at and one.alert_id is None and last[one.person_id] is one)
    ]


def check_of_search(
    checks: Sequence[DoubtCheck], alert: UUID | None, since: datetime | None, now: datetime
) -> DoubtCheck | None:
    """Return what was found last at the home in one search; None while nobody was there."""
    begin = since if alert is not None and since is not None else now - ONE_SEARCH
    ended = [
        (one.ended_at, one)
        for one in checks
        if one.ended_at is not None and one.ended_at >= begin and one.outcome != "cancelled"
    ]
    return max(ended, key=lambda each: each[0])[1] if ended else None


def moment_ahead(
    typed: str, now: datetime, desk: tzinfo
) -> datetime | Literal["no_time", "passed"]:
    """Return the next moment the clock of the desk shows « 14:30 », unless it has just passed."""
    at = next_moment(typed, now, desk)
    if at is None:
        return "no_time"
    return at if at <= now + FURTHEST else "passed"


def next_step(
    numbers: Sequence[Callee],
    tried: Sequence[Attempt],
    now: datetime,
    checked: DoubtCheck | None = None,
) -> Step:
    """Return what to do now, from the numbers in call order and the attempts of this search.

    Who promised to be there and whose time has come goes first; then whoever was not called yet,
    unless the patient was found at home. A number at which somebody else answers is passed over.
    """
    last = {one.person_id: one for one in sorted(tried, key=lambda one: one.at)}
    known = [one for one in numbers if not one.doubted]
    answered = [one for one in last.values() if one.outcome == CallOutcome.REACHED]
    promised = [
        (one, attempt.next_at)
        for one in known
        if (attempt := last.get(one.key)) and attempt.next_at is not None
    ]
    due = [(one, at) for one, at in promised if at <= now]
    if due:
        return CallNext(*min(due, key=lambda each: each[1]))
    if checked is not None and checked.settles:
        return FoundAtHome(checked)
    if not numbers:
        return NoNumber()
    fresh = [one for one in known if one.key not in last]
    if answered:
        return _answered(answered, numbers, fresh)
    if fresh:
        return CallNext(fresh[0])
    if promised:
        return WaitUntil(*min(promised, key=lambda each: each[1]))
    return Exhausted()


def _answered(
    answered: Sequence[Attempt], numbers: Sequence[Callee], fresh: Sequence[Callee]
) -> SomebodyAnswered:
    own = {one.key for one in numbers if one.of_patient}
    himself = [one for one in answered if one.person_id is None or one.person_id in own]
    latest = max(himself or answered, key=lambda one: one.at)
    then = fresh[0] if fresh and not himself else None
    return SomebodyAnswered(latest, of_patient=bool(himself), then=then)

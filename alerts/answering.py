"""Answers that stop the ladder, because they name who acts and before when. Pure.

Such an answer is a promise: its person holds the alert until the time he gave. When that time
passes and nobody has closed the alert, it opens again and the ladder goes on.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, assert_never
from uuid import UUID

from alerts.ladder import Ladder
from alerts.refusals import RefusalCode
from scoring.level import Level


class Hold(StrEnum):
    """How somebody holds an alert: taken in charge, or by a promise of what he does."""

    OWNED = "owned"
    CALLING_PATIENT = "calling_patient"
    TO_EMERGENCY = "to_emergency"
    VISIT_ASKED = "visit_asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallPatient:
    """« Je rappelle le patient avant … »; without `before`, the usual time."""

    by: UUID
    before: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SendToEmergency:
    """« J'adresse aux urgences »; before when the team makes sure that the patient is there."""

    by: UUID
    before: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AskVisit:
    """« Je demande une visite »; before when somebody is at the patient's home."""

    by: UUID
    before: datetime | None = None


Promise = CallPatient | SendToEmergency | AskVisit
PROMISES: Final[dict[Hold, type[Promise]]] = {
    Hold.CALLING_PATIENT: CallPatient,
    Hold.TO_EMERGENCY: SendToEmergency,
    Hold.VISIT_ASKED: AskVisit,
}

USUAL_CALL: Final = timedelta(minutes=30)
"""Proposed by a call-back where nothing else is said, if the ladder allows so long. Source:
proposed; the same as the owned delay of a red alert in home-two-rungs-1."""
LONGEST_RED: Final = timedelta(hours=2)
"""No promise holds a red alert for longer. Source: proposed."""
LONGEST_ORANGE: Final = 3
"""No promise holds an orange alert for longer than so many owned delays (12 h in
home-two-rungs-1). Source: proposed."""
ROUND: Final = tuple(timedelta(minutes=each) for each in (5, 10, 15, 30, 60, 120, 240, 480))
"""The delays a person chooses from, as far as the alert allows them. Source: proposed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """How long a promise lasts when nothing is said, and at most."""

    usual: timedelta
    longest: timedelta


def hold_of(promise: Promise) -> Hold:
    """Return how the person of a promise holds the alert."""
    match promise:
        case CallPatient():
            return Hold.CALLING_PATIENT
        case SendToEmergency():
            return Hold.TO_EMERGENCY
        case AskVisit():
            return Hold.VISIT_ASKED
        case _:
            assert_never(promise)


def term_of(hold: Hold, ladder: Ladder, level: Level) -> Term:
    """Return the term of a promise on an alert of `level`, from the alert's own ladder.

    A call-back lasts at most the ladder's called delay; the others begin with its owned delay.
    """
    if hold is Hold.CALLING_PATIENT:
        longest = ladder.called_seconds.of(level)
        usual = USUAL_CALL if level is Level.RED else longest
        return Term(usual=min(usual, longest), longest=longest)
    usual, orange = ladder.owned_seconds.of(level), ladder.owned_seconds.of(Level.ORANGE)
    longest = min(LONGEST_RED, orange) if level is Level.RED else orange * LONGEST_ORANGE
    return Term(usual=min(usual, longest), longest=longest)


def promised_until(
    promise: Promise, ladder: Ladder, level: Level, now: datetime
) -> datetime | RefusalCode:
    """Return when a promise given at `now` ends, or why its time cannot be taken."""
    term = term_of(hold_of(promise), ladder, level)
    if promise.before is None:
        return now + term.usual
    if promise.before <= now:
        return RefusalCode.PROMISE_PAST
    if promise.before > now + term.longest:
        return RefusalCode.PROMISE_TOO_LATE
    return promise.before


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A time that may be promised; `lasting` is how long from now."""

    before: datetime
    lasting: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """What may be promised on an alert: the usual time, and every time there is to choose."""

    hold: Hold
    usual: Offer
    times: tuple[Offer, ...]


def offered(ladder: Ladder, level: Level, now: datetime) -> tuple[Offered, ...]:
    """Return what an answer given at `now` may promise, each with its times, soonest first."""
    return tuple(_offered(hold, term_of(hold, ladder, level), now) for hold in PROMISES)


def _offered(hold: Hold, term: Term, now: datetime) -> Offered:
    times = tuple(Offer(before=now + each, lasting=each) for each in sorted(set(_lengths(term))))
    (usual,) = (each for each in times if each.lasting == term.usual)
    return Offered(hold=hold, usual=usual, times=times)


def _lengths(term: Term) -> Iterator[timedelta]:
    yield from (each for each in ROUND if each <= term.longest)
    yield from (term.usual, term.longest)

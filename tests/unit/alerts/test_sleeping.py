"""« Mise en veille »: limits, what ends it, and what it never does."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from alerts.acts import Act, Assign, Close, Escalate, Own, See, Snooze, Wake, Worsen
from alerts.alert import Alert, SleepReason, State
from alerts.answering import CallPatient
from alerts.edge.library import load_ladder
from alerts.lifecycle import raise_alert, transition
from alerts.outcomes import Outcome
from alerts.refusals import RefusalCode, Refused
from alerts.sleeping import LONGEST_ORANGE, LONGEST_RED
from scoring.level import Level

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
LADDER = load_ladder("home-two-rungs", 1)
NURSE, GP = UUID(int=1), UUID(int=2)
MINUTE = timedelta(minutes=1)


def raised(level: Level) -> Alert:
    return raise_alert(alert_id=UUID(int=99), item="spo2", level=level, ladder=LADDER, now=NOON)


def done(alert: Alert, act: Act, at: datetime) -> Alert:
    after = transition(alert, act, at)
    assert isinstance(after, Alert)
    return after


def refused(alert: Alert, act: Act, at: datetime) -> Refused:
    after = transition(alert, act, at)
    assert isinstance(after, Refused)
    return after


def snooze(until: datetime, by: UUID = NURSE) -> Snooze:
    return Snooze(by=by, until=until, reason=SleepReason.MEASURE_AGAIN, note="dans son lit")


@pytest.mark.parametrize(
    ("level", "longest"), [(Level.ORANGE, LONGEST_ORANGE), (Level.RED, LONGEST_RED)]
)
def test_nobody_is_called_while_it_sleeps_and_the_next_is_called_after(
    level: Level, longest: timedelta
) -> None:
    asleep = done(raised(level), snooze(NOON + longest), NOON)
    assert (asleep.state, asleep.next_step_at) == (State.ASLEEP, NOON + longest)
    early = refused(asleep, Escalate(), NOON + longest - MINUTE)
    assert early.code is RefusalCode.NOT_YET_DUE
    again = done(asleep, Escalate(), NOON + longest)
    assert (again.state, again.rung, again.sleep) == (State.RAISED, 2, None)
    too_long = refused(raised(level), snooze(NOON + longest + MINUTE), NOON)
    assert (too_long.code, too_long.at) == (RefusalCode.SLEEP_TOO_LONG, NOON + longest)
    over = refused(raised(level), snooze(NOON), NOON)
    assert over.code is RefusalCode.SLEEP_OVER


def test_a_red_sleeps_half_an_hour_in_all_however_often() -> None:
    alert, now = raised(Level.RED), NOON
    for _ in range(3):
        alert = done(alert, snooze(now + 10 * MINUTE), now)
        now += 10 * MINUTE
        alert = done(alert, Escalate(), now)
    assert alert.slept == LONGEST_RED
    assert refused(alert, snooze(now + MINUTE), now).code is RefusalCode.SLEEP_TOO_LONG


def test_a_red_that_was_woken_has_slept_only_so_long() -> None:
    asleep = done(raised(Level.RED), snooze(NOON + 30 * MINUTE), NOON)
    awake = done(asleep, Wake(by=GP), NOON + 5 * MINUTE)
    assert (awake.state, awake.slept) == (State.RAISED, 5 * MINUTE)
    assert awake.next_step_at == NOON + 5 * MINUTE + LADDER.rung(1).wait_seconds.of(Level.RED)
    assert done(awake, Wake(by=GP), NOON + 6 * MINUTE) == awake
    latest = NOON + 6 * MINUTE + 25 * MINUTE
    assert done(awake, snooze(latest), NOON + 6 * MINUTE).next_step_at == latest


def test_waking_never_puts_the_next_call_off() -> None:
    asleep = done(raised(Level.RED), snooze(NOON + 2 * MINUTE), NOON)
    assert done(asleep, Wake(by=GP), NOON + MINUTE).next_step_at == NOON + 2 * MINUTE


@pytest.mark.parametrize("act", [Own(by=GP), CallPatient(by=GP)])
def test_whoever_takes_it_wakes_it(act: Act) -> None:
    asleep = done(raised(Level.ORANGE), snooze(NOON + 60 * MINUTE), NOON)
    taken = done(asleep, act, NOON + MINUTE)
    assert (taken.state, taken.sleep) == (State.OWNED, None)


def test_a_worsening_wakes_it_and_a_receipt_does_not() -> None:
    asleep = done(raised(Level.ORANGE), snooze(NOON + 600 * MINUTE), NOON)
    seen = done(asleep, See(by=GP), NOON + MINUTE)
    assert (seen.state, seen.next_step_at) == (State.ASLEEP, asleep.next_step_at)
    red = done(seen, Worsen(), NOON + 2 * MINUTE)
    assert (red.state, red.sleep, red.slept) == (State.RAISED, None, timedelta(0))
    assert red.next_step_at is not None
    assert red.next_step_at <= NOON + 2 * MINUTE + LADDER.rung(1).wait_seconds.of(Level.RED)


def test_what_another_holds_or_put_to_sleep_is_refused_with_his_name() -> None:
    owned = done(raised(Level.RED), Own(by=GP), NOON)
    no = refused(owned, snooze(NOON + MINUTE), NOON + MINUTE / 2)
    assert (no.code, no.by) == (RefusalCode.OWNED_BY_ANOTHER, GP)
    asleep = done(raised(Level.RED), snooze(NOON + 9 * MINUTE), NOON)
    no = refused(asleep, snooze(NOON + 20 * MINUTE, by=GP), NOON + MINUTE)
    assert (no.code, no.by) == (RefusalCode.ASLEEP, NURSE)
    assert done(asleep, snooze(NOON + 9 * MINUTE), NOON + MINUTE) == asleep


def test_given_to_a_colleague_it_goes_on_until_somebody_takes_it() -> None:
    alert = raised(Level.RED)
    given = done(alert, Assign(by=NURSE, to=GP), NOON)
    assert (given.state, given.next_step_at) == (alert.state, alert.next_step_at)
    assert done(given, Assign(by=NURSE, to=GP), NOON + MINUTE) == given
    assert done(given, Own(by=GP), NOON + MINUTE).assignment is None


def test_it_may_be_closed_in_its_sleep() -> None:
    asleep = done(raised(Level.RED), snooze(NOON + 9 * MINUTE), NOON)
    closed = done(asleep, Close(by=GP, outcome=Outcome.ADVICE_GIVEN), NOON + MINUTE)
    assert (closed.state, closed.next_step_at) == (State.CLOSED, None)

"""Every state a small ladder can reach: no alert is lost, none is silent without end.

All acts of two persons, the review and the clock are tried in every state that differs in what
matters, in steps of the shortest wait. Times are counted from the present instant, so that states
that differ only in when they were reached are one.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from alerts import sleeping
from alerts.acts import Act, Assign, Close, EndDrill, Escalate, Own, See, Snooze, Wake, Worsen
from alerts.alert import Alert, SleepReason, State
from alerts.answering import CallPatient
from alerts.ladder import Channel, Ladder, Purpose, Recipient, Rung, Waits
from alerts.lap import lap
from alerts.lifecycle import raise_alert, transition
from alerts.outcomes import Outcome
from scoring.level import Level

Record = Callable[[str, object], None]
START = datetime(2026, 11, 22, 12, tzinfo=UTC)
STEP = timedelta(minutes=10)
NURSE, GP = UUID(int=1), UUID(int=2)
TWICE = Waits(orange=1200, red=600, source="test")
LONGEST_WAIT = timedelta(minutes=20)
"""The longest of the ladder's own delays."""
SLEEPS = (STEP, 3 * STEP)
MOST_TURNS = 1
"""An alert exhausted more often is as one exhausted once: nothing asks how often."""


def small_ladder(*roles: Recipient) -> Ladder:
    """Return rungs that wait one step for red and two for orange."""
    rungs = [Rung(role=role, channels=(Channel.EMAIL,), wait_seconds=TWICE) for role in roles]
    return Ladder(
        id="small",
        version=1,
        title="small",
        status="test",
        purpose=Purpose.DEMONSTRATION,
        rungs=tuple(rungs),
        repeat_from_rung=1,
        operator_channels=(Channel.EMAIL,),
        owned_seconds=TWICE,
        called_seconds=TWICE,
        seen_seconds=TWICE,
    )


LADDER = small_ladder(Recipient.TELEMONITORING_NURSE, Recipient.GP)
FIVE = small_ladder(*(role for role in Recipient if role is not Recipient.OPERATOR))


def acts_at(now: datetime, people: Sequence[UUID]) -> Iterator[Act]:
    """Yield all that can happen to an alert."""
    yield Escalate()
    yield Worsen()
    yield EndDrill()
    yield Assign(by=NURSE, to=GP)
    for by in people:
        yield from (Own(by=by), See(by=by), CallPatient(by=by), Wake(by=by))
        yield Close(by=by, outcome=Outcome.ADVICE_GIVEN)
        for span in SLEEPS:
            yield Snooze(by=by, until=now + span, reason=SleepReason.ADVICE_AWAITED)


def shape(alert: Alert, now: datetime) -> tuple[object, ...]:
    """Return what of an alert decides over what can follow."""

    def left(until: datetime | None) -> timedelta | None:
        return None if until is None else max(until - now, timedelta(0))

    step = (alert.round, alert.rung)
    receipts = frozenset((one.by, one.level) for one in alert.receipts if one.level == alert.level)
    bought = any(one.bought == step for one in alert.receipts)
    owner = alert.owner and (alert.owner.by, alert.owner.hold, left(alert.owner.until))
    sleep = alert.sleep and (
        alert.sleep.by, left(alert.sleep.until), min(now, alert.sleep.until) - alert.sleep.at
    )  # fmt: skip
    slept = min(alert.slept, sleeping.LONGEST_RED) if alert.level is Level.RED else None
    return (
        alert.level, alert.state, alert.rung, alert.from_rung, min(alert.exhaustions, MOST_TURNS),
        left(alert.next_step_at), owner, sleep, slept,
        alert.assignment and alert.assignment.to, receipts, bought,
    )  # fmt: skip


def faults(before: Alert, act: Act, after: Alert, now: datetime) -> Iterator[str]:
    """Yield what a step did that no step may do."""
    is_open = after.state is not State.CLOSED
    if is_open and after.next_step_at is None:
        yield "open without a next step"
    if not is_open and (after.closing is None or not isinstance(act, Close)):
        yield "closed by nobody"
    if after.next_step_at is not None:
        longest = LONGEST_WAIT * 2
        if after.state is State.ASLEEP:
            longest = sleeping.longest_sleep(replace(after, slept=timedelta(0)))
        if after.next_step_at > now + longest:
            yield "the next step is too far away"
    yield from sleep_faults(after)
    silent = after.owner or after.sleep or after.state is not State.RAISED
    if isinstance(act, Worsen | EndDrill) and silent:
        yield "a worsening does not alarm"
    if isinstance(act, Escalate) and after.round == before.round and after.rung == before.rung:
        yield "a step that calls nobody"
    if isinstance(act, Assign) and after.next_step_at != before.next_step_at:
        yield "giving it away silenced it"


def sleep_faults(after: Alert) -> Iterator[str]:
    """Yield what is wrong in how an alert sleeps."""
    sleep = after.sleep
    if (after.state is State.ASLEEP) != (sleep is not None):
        yield "asleep without a sleep"
    red = sleep is not None and after.level is Level.RED
    if red and sleep and after.slept + (sleep.until - sleep.at) > sleeping.LONGEST_RED:
        yield "a red sleeps beyond its limit"


def lap_faults(alert: Alert, now: datetime) -> Iterator[str]:
    """Yield what is wrong with whom an alert calls when rungs have nobody: all are tried, once."""
    if alert.state is State.CLOSED:
        return
    *steps, last = lap(alert, now)
    called = [rung for step in steps for rung in range(step.from_rung, step.rung + 1)]
    if set(called) != set(range(1, len(alert.ladder.rungs) + 1)):
        yield f"a lap that calls {called}"
    if last.exhaustions != alert.exhaustions + 1:
        yield "a lap that tells the operator not once"


def explore(
    ladder: Ladder = LADDER, people: Sequence[UUID] = (NURSE, GP)
) -> tuple[int, int, list[str]]:
    """Return how many states and steps there are from a new alert, and the first that is wrong."""
    new = [
        raise_alert(alert_id=UUID(int=9), item="spo2", level=level, ladder=ladder, now=START)
        for level in (Level.ORANGE, Level.RED)
    ]
    seen = {shape(alert, START) for alert in new}
    waiting = deque((alert, START) for alert in new)
    steps, wrong = 0, list[str]()
    while waiting and not wrong:
        alert, now = waiting.popleft()
        wrong += lap_faults(alert, now)
        for act in acts_at(now, people):
            after = transition(alert, act, now)
            if not isinstance(after, Alert) or after is alert:
                continue
            steps += 1
            wrong += [f"{fault}: {act}" for fault in faults(alert, act, after, now)]
            note((after, now), seen, waiting)
        if alert.state is not State.CLOSED:
            note((alert, now + STEP), seen, waiting)
    return len(seen), steps, wrong


def note(
    reached: tuple[Alert, datetime],
    seen: set[tuple[object, ...]],
    waiting: deque[tuple[Alert, datetime]],
) -> None:
    known = shape(*reached)
    if known not in seen:
        seen.add(known)
        waiting.append(reached)


def test_no_state_of_a_small_ladder_loses_the_alert(record_property: Record) -> None:
    states, steps, wrong = explore()
    record_property("counts", f"states {states}; steps {steps}; faults {len(wrong)}")
    print(f"states {states}; steps {steps}; faults {len(wrong)}")
    assert wrong == []
    assert states > 1000


def test_no_state_of_a_ladder_of_five_roles_loses_the_alert(record_property: Record) -> None:
    states, steps, wrong = explore(FIVE, (NURSE,))
    record_property("counts", f"states {states}; steps {steps}; faults {len(wrong)}")
    print(f"states {states}; steps {steps}; faults {len(wrong)}")
    assert wrong == []
    assert states > 1000


@pytest.mark.parametrize("ladder", [LADDER, FIVE])
def test_left_alone_every_alert_reaches_the_operator(ladder: Ladder) -> None:
    alert = raise_alert(
        alert_id=UUID(int=9), item="spo2", level=Level.ORANGE, ladder=ladder, now=START
    )
    now = START
    for _ in range(len(ladder.rungs)):
        assert alert.exhaustions == 0
        assert alert.next_step_at is not None
        now = alert.next_step_at
        done = transition(alert, Escalate(), now)
        assert isinstance(done, Alert)
        alert = done
    assert (alert.exhaustions, alert.round) == (1, 2)


def test_a_limit_that_is_forgotten_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The deliberate fault: a red may be put to sleep again and again."""
    monkeypatch.setattr("alerts.sleeping.longest_sleep", lambda _: timedelta(hours=24))
    monkeypatch.setattr("alerts.sleeping.LONGEST_RED", 3 * STEP)
    _, _, wrong = explore()
    assert any("beyond its limit" in one for one in wrong)


def test_a_rung_that_is_forgotten_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The deliberate fault: a lap that ends one rung too soon."""
    whole = lap
    monkeypatch.setattr(f"{__name__}.lap", lambda alert, now: list(whole(alert, now))[:-1])
    _, _, wrong = explore(FIVE, (NURSE,))
    assert any("a lap that" in one for one in wrong)

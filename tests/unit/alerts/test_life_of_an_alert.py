"""Any acts of any persons at any times: no path loses an alert that nobody has closed."""

from datetime import timedelta
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from alerts.acts import Act, Close, EndDrill, Escalate, Own, See, Worsen
from alerts.alert import State
from alerts.answering import AskVisit, CallPatient, Promise, SendToEmergency
from alerts.lifecycle import transition
from alerts.notices import notices
from alerts.outcomes import Outcome
from alerts.refusals import Refused
from scoring.level import Level
from tests.unit.alerts.test_lifecycle import (
    GP,
    LADDER,
    MINUTE,
    NURSE,
    OTHER,
    START,
    deadline,
    raised,
    steps_due,
)


class LifeOfAnAlert(RuleBasedStateMachine):
    """Any acts of any persons at any times: the deadline moves only as documented."""

    @initialize(level=st.sampled_from([Level.ORANGE, Level.RED]))
    def is_raised(self, level: Level) -> None:
        self.now = START
        self.alert = raised(level)
        self.sent = {notice.key("x") for notice in notices(self.alert)}

    @rule(seconds=st.integers(0, 20_000))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule(by=st.sampled_from([NURSE, GP, OTHER]))
    def somebody_sees(self, by: UUID) -> None:
        before = self.alert
        self.apply(See(by=by))
        moved = self.alert.next_step_at != before.next_step_at
        if moved:
            assert before.next_step_at is not None
            bought = LADDER.seen_seconds.of(before.level)
            assert self.alert.next_step_at == max(before.next_step_at, self.now) + bought
            assert by not in [r.by for r in before.receipts if r.level is before.level]

    @rule(by=st.sampled_from([NURSE, GP, OTHER]))
    def somebody_owns(self, by: UUID) -> None:
        self.holds_at_most(Own(by=by), LADDER.owned_seconds.of(self.alert.level))

    @rule(by=st.sampled_from([NURSE, GP, OTHER]))
    def somebody_calls(self, by: UUID) -> None:
        self.holds_at_most(CallPatient(by=by), LADDER.called_seconds.of(self.alert.level))

    def holds_at_most(self, act: Own | CallPatient, delay: timedelta) -> None:
        before = self.alert
        self.apply(act)
        assert self.alert.next_step_at in (before.next_step_at, self.now + delay)

    @rule(
        by=st.sampled_from([NURSE, GP, OTHER]),
        kind=st.sampled_from([CallPatient, SendToEmergency, AskVisit]),
        minutes=st.integers(-10, 1000),
    )
    def somebody_promises(self, by: UUID, kind: type[Promise], minutes: int) -> None:
        before = self.alert
        promised = self.now + minutes * MINUTE
        self.apply(kind(by=by, before=promised))
        if self.alert is not before:
            assert self.alert.next_step_at == promised
            assert self.now < promised <= self.now + timedelta(hours=12)
            assert self.alert.level is not Level.RED or promised <= self.now + timedelta(hours=2)

    @rule()
    def it_worsens(self) -> None:
        before = self.alert
        self.apply(Worsen())
        if self.alert is not before:
            assert deadline(self.alert) <= deadline(before)
            self.is_new_step()

    @rule()
    def it_is_no_exercise_any_more(self) -> None:
        before = self.alert
        self.apply(EndDrill())
        if before.closing is None:
            assert (self.alert.state, self.alert.owner) == (State.RAISED, None)
            assert deadline(self.alert) <= deadline(before)
            self.is_new_step()

    @rule()
    def the_sentinel_looks(self) -> None:
        before = self.alert
        expected = steps_due(before, self.now)
        self.apply(Escalate())
        if self.alert is not before:
            assert expected == notices(self.alert)
            assert before.next_step_at is not None
            assert before.next_step_at <= self.now
            self.is_new_step()
        else:
            assert expected == ()

    def is_new_step(self) -> None:
        keys = {notice.key("x") for notice in notices(self.alert)}
        assert keys
        assert not keys & self.sent
        self.sent |= keys

    @rule(by=st.sampled_from([NURSE, GP]), outcome=st.sampled_from(Outcome))
    def somebody_closes(self, by: UUID, outcome: Outcome) -> None:
        self.apply(Close(by=by, outcome=outcome))

    def apply(self, act: Act) -> None:
        done = transition(self.alert, act, self.now)
        if isinstance(done, Refused):
            assert done.sentence
        else:
            assert self.alert.state is not State.CLOSED
            self.alert = done

    @invariant()
    def open_alerts_have_a_next_step(self) -> None:
        assert (self.alert.next_step_at is None) == (self.alert.state is State.CLOSED)

    @invariant()
    def an_owner_stands_behind_owned(self) -> None:
        assert (self.alert.state is State.OWNED) <= (self.alert.owner is not None)

    @invariant()
    def waiting_long_enough_always_calls_somebody(self) -> None:
        if self.alert.next_step_at is not None:
            assert steps_due(self.alert, self.alert.next_step_at)
            longest = timedelta(seconds=LADDER.owned_seconds.orange) * 4
            assert self.alert.next_step_at <= self.now + longest


LifeOfAnAlert.TestCase.settings = settings(max_examples=60, stateful_step_count=25)
TestLifeOfAnAlert = LifeOfAnAlert.TestCase

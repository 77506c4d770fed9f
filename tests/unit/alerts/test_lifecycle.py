"""The life of an alert, act by act: what each does to its owner and its next step."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from alerts.acts import Act, Called15, Close, EndDrill, Escalate, Own, See, Snooze, Worsen
from alerts.alert import Alert, SleepReason, State
from alerts.answering import ROUND, AskVisit, CallPatient, Hold, Promise, SendToEmergency, offered
from alerts.edge.library import load_ladder
from alerts.ladder import Channel, Notice, Recipient
from alerts.lifecycle import raise_alert, transition
from alerts.notices import notices
from alerts.outcomes import Outcome
from alerts.refusals import RefusalCode, Refused
from scoring.level import Level

START = datetime(2026, 11, 22, 12, tzinfo=UTC)
LADDER = load_ladder("home-two-rungs", 1)
NURSE, GP, OTHER = (UUID(int=number) for number in (1, 2, 3))
MINUTE = timedelta(minutes=1)


def raised(level: Level = Level.RED) -> Alert:
    return raise_alert(alert_id=UUID(int=99), item="spo2", level=level, ladder=LADDER, now=START)


def after(alert: Alert, act: Act, at: datetime = START) -> Alert:
    done = transition(alert, act, at)
    assert isinstance(done, Alert)
    return done


def deadline(alert: Alert) -> datetime:
    assert alert.next_step_at is not None
    return alert.next_step_at


def steps_due(alert: Alert, now: datetime) -> tuple[Notice, ...]:
    """What would be sent at `now` because the next step is due; nothing when it is not."""
    done = transition(alert, Escalate(), now)
    return notices(done) if isinstance(done, Alert) else ()


def test_unanswered_the_second_rung_is_called_then_again_and_the_operator_too() -> None:
    first = raised()
    assert {(n.role, n.channel) for n in notices(first)} == {
        (Recipient.TELEMONITORING_NURSE, Channel.CONSOLE),
        (Recipient.TELEMONITORING_NURSE, Channel.EMAIL),
    }
    assert first.next_step_at == START + 10 * MINUTE
    second = after(first, Escalate(), deadline(first))
    assert [n.role for n in notices(second)] == [Recipient.GP]
    third = after(second, Escalate(), deadline(second))
    fourth = after(third, Escalate(), deadline(third))
    assert [n.role for n in notices(fourth)] == [Recipient.GP, Recipient.OPERATOR]
    assert (third.round, third.rung, third.exhaustions) == (2, 2, 1)
    assert (fourth.round, fourth.rung, fourth.exhaustions) == (3, 2, 2)


def test_before_its_time_no_rung_is_called() -> None:
    alert = raised()
    refused = transition(alert, Escalate(), START + 9 * MINUTE)
    assert refused == Refused(code=RefusalCode.NOT_YET_DUE, by=None, at=START + 10 * MINUTE)
    assert steps_due(alert, START + 9 * MINUTE) == ()


def test_after_an_outage_each_rung_still_gets_its_wait() -> None:
    late = START + timedelta(hours=5)
    assert after(raised(), Escalate(), late).next_step_at == late + 10 * MINUTE


def test_seen_buys_one_delay_and_the_second_time_nothing() -> None:
    alert = raised()
    seen = after(alert, See(by=NURSE), START + MINUTE)
    assert seen.state is State.SEEN
    assert seen.next_step_at == START + 15 * MINUTE
    assert after(seen, See(by=NURSE), START + 2 * MINUTE) == seen
    other = after(seen, See(by=OTHER), START + 3 * MINUTE)
    assert other.next_step_at == seen.next_step_at
    assert [receipt.by for receipt in other.receipts] == [NURSE, OTHER]
    at_gp = after(other, Escalate(), deadline(other))
    by_gp = after(at_gp, See(by=GP), deadline(other))
    assert deadline(by_gp) - deadline(at_gp) == 5 * MINUTE


def test_seeing_an_owned_alert_moves_nothing() -> None:
    owned = after(raised(), Own(by=NURSE))
    seen = after(owned, See(by=GP))
    assert (seen.state, seen.next_step_at) == (State.OWNED, owned.next_step_at)


def test_ownership_stops_the_ladder_until_it_lapses() -> None:
    owned = after(raised(), Own(by=NURSE))
    assert owned.next_step_at == START + 30 * MINUTE
    assert transition(owned, Own(by=GP), START + MINUTE) == Refused(
        code=RefusalCode.OWNED_BY_ANOTHER, by=NURSE, at=START
    )
    assert after(owned, Own(by=NURSE), START + MINUTE) == owned
    lapsed = after(owned, Escalate(), START + 30 * MINUTE)
    assert (lapsed.state, lapsed.owner, lapsed.rung) == (State.RAISED, None, 2)


def test_a_lapsed_ownership_stops_nobody_even_before_the_sentinel_has_looked() -> None:
    owned = after(raised(), Own(by=NURSE))
    taken = after(owned, Own(by=GP), START + 30 * MINUTE)
    assert taken.owner is not None
    assert taken.owner.by == GP


def test_who_calls_the_patient_has_the_alert() -> None:
    owned = after(raised(), Own(by=NURSE))
    calling = after(owned, CallPatient(by=GP), START + MINUTE)
    assert calling.owner is not None
    assert (calling.owner.by, calling.owner.hold) == (GP, Hold.CALLING_PATIENT)
    assert calling.next_step_at == START + 16 * MINUTE
    assert after(calling, CallPatient(by=GP), START + 2 * MINUTE) == calling
    kept = after(calling, Own(by=GP), START + 2 * MINUTE)
    assert kept.next_step_at == START + 32 * MINUTE


@pytest.mark.parametrize("kind", [CallPatient, SendToEmergency, AskVisit])
def test_a_promise_names_who_and_before_when_and_not_kept_it_reopens(kind: type[Promise]) -> None:
    until = START + 12 * MINUTE
    promised = after(raised(), kind(by=GP, before=until), START + MINUTE)
    assert promised.owner is not None
    assert (promised.state, promised.next_step_at) == (State.OWNED, until)
    assert (promised.owner.by, promised.owner.until) == (GP, until)
    assert after(promised, kind(by=GP, before=until + MINUTE), START + 2 * MINUTE) == promised
    early = transition(promised, Escalate(), until - MINUTE)
    assert early == Refused(code=RefusalCode.NOT_YET_DUE, by=None, at=until)
    reopened = after(promised, Escalate(), until)
    assert (reopened.state, reopened.owner, reopened.rung) == (State.RAISED, None, 2)
    assert [n.role for n in notices(reopened)] == [Recipient.GP]


def test_a_promise_that_is_past_or_too_far_away_is_refused_with_the_latest_time() -> None:
    latest = START + 15 * MINUTE
    for before, code in (
        (START, RefusalCode.PROMISE_PAST),
        (latest + MINUTE, RefusalCode.PROMISE_TOO_LATE),
    ):
        done = transition(raised(), CallPatient(by=GP, before=before), START)
        assert done == Refused(code=code, by=None, at=latest)
    assert after(raised(), CallPatient(by=GP, before=latest)).next_step_at == latest


@pytest.mark.parametrize("level", [Level.ORANGE, Level.RED])
@pytest.mark.parametrize("name", ["home-two-rungs", "demo-two-rungs"])
def test_every_time_that_is_offered_is_taken(name: str, level: Level) -> None:
    ladder = load_ladder(name, 1)
    alert = raise_alert(alert_id=UUID(int=99), item="spo2", level=level, ladder=ladder, now=START)
    kinds = {
        Hold.CALLING_PATIENT: CallPatient,
        Hold.TO_EMERGENCY: SendToEmergency,
        Hold.VISIT_ASKED: AskVisit,
    }
    for each in offered(ladder, level, START):
        assert [time.before for time in each.times] == sorted({t.before for t in each.times})
        assert each.usual in each.times
        for time in each.times:
            done = after(alert, kinds[each.hold](by=GP, before=time.before))
            assert done.next_step_at == time.before
        assert after(alert, kinds[each.hold](by=GP)).next_step_at == each.usual.before
    assert tuple(sorted(ROUND)) == ROUND


def test_called_15_records_who_and_closes() -> None:
    closed = after(raised(), Called15(by=GP, note="SAMU 94"), START + MINUTE)
    assert closed.owner is not None
    assert closed.closing is not None
    assert closed.owner.by == closed.closing.by == GP
    assert closed.closing.outcome is Outcome.EMERGENCY_CALLED_15
    assert closed.closing.note == "SAMU 94"
    assert (closed.state, closed.next_step_at, notices(closed)) == (State.CLOSED, None, ())


@pytest.mark.parametrize(
    "act",
    [
        Own(by=GP),
        See(by=GP),
        CallPatient(by=GP),
        SendToEmergency(by=GP),
        AskVisit(by=GP),
        Called15(by=GP),
        Close(by=GP, outcome=Outcome.ADVICE_GIVEN),
        Escalate(),
        Worsen(),
        EndDrill(),
    ],
)
def test_nothing_happens_to_a_closed_alert_and_the_reason_names_who(act: Act) -> None:
    closed = after(raised(), Close(by=NURSE, outcome=Outcome.ADVICE_GIVEN), START + MINUTE)
    refused = transition(closed, act, START + timedelta(days=1))
    assert refused == Refused(code=RefusalCode.ALREADY_CLOSED, by=NURSE, at=START + MINUTE)


def test_worse_alarms_everybody_called_so_far_and_lifts_the_ownership() -> None:
    orange = raised(Level.ORANGE)
    at_gp = after(orange, Escalate(), deadline(orange))
    owned = after(at_gp, Own(by=NURSE), deadline(orange))
    now = deadline(orange) + MINUTE
    red = after(owned, Worsen(), now)
    assert (red.level, red.state, red.owner) == (Level.RED, State.RAISED, None)
    assert red.next_step_at == now + 10 * MINUTE
    assert [n.role for n in notices(red)] == [
        Recipient.TELEMONITORING_NURSE,
        Recipient.TELEMONITORING_NURSE,
        Recipient.GP,
    ]
    assert transition(red, Worsen(), now) == Refused(code=RefusalCode.ALREADY_RED, by=None, at=None)


def test_worse_never_puts_the_next_step_off() -> None:
    orange = raised(Level.ORANGE)
    now = deadline(orange) - MINUTE
    assert after(orange, Worsen(), now).next_step_at == orange.next_step_at


def test_worse_makes_a_receipt_of_the_orange_alert_count_no_more() -> None:
    seen = after(raised(Level.ORANGE), See(by=NURSE))
    red = after(seen, Worsen())
    again = after(red, See(by=NURSE))
    assert deadline(again) - deadline(red) == 5 * MINUTE


def test_an_exercise_that_becomes_real_alarms_whoever_was_called_whatever_was_done() -> None:
    at_gp = after(raised(), Escalate(), deadline(raised()))
    now = deadline(raised()) + MINUTE
    until = now + 20 * MINUTE
    rests = Snooze(by=NURSE, until=until, reason=SleepReason.MEASURE_AGAIN)
    for answered in (Own(by=NURSE), See(by=NURSE), CallPatient(by=GP), rests):
        real = after(after(at_gp, answered, now), EndDrill(), now + MINUTE)
        assert (real.state, real.owner, real.sleep, real.receipts) == (State.RAISED, None, None, ())
        assert (real.level, real.slept) == (Level.RED, timedelta(0))
        assert real.next_step_at == min(deadline(after(at_gp, answered, now)), now + 11 * MINUTE)
        assert [n.role for n in notices(real)] == [
            Recipient.TELEMONITORING_NURSE,
            Recipient.TELEMONITORING_NURSE,
            Recipient.GP,
        ]
        assert {n.key("x") for n in notices(real)} & {n.key("x") for n in notices(at_gp)} == set()


def test_an_alert_is_orange_or_red() -> None:
    for level in (Level.GREEN, Level.UNKNOWN):
        with pytest.raises(ValueError, match="orange or red"):
            raised(level)


def test_an_open_alert_without_a_next_step_is_an_error_not_a_silence() -> None:
    with pytest.raises(ValueError, match="no next step"):
        transition(replace(raised(), next_step_at=None), Escalate(), START)


def test_keys_of_notices_tell_people_apart_and_are_stable() -> None:
    alert = raised()
    keys = [n.key(person) for n in notices(alert) for person in ("a", "b")]
    assert len(set(keys)) == len(keys)
    assert keys == [n.key(person) for n in notices(alert) for person in ("a", "b")]

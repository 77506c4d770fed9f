"""What a reminder does next, step by step, and what holds it back."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaires.reminders.reminding import (
    Done,
    Notify,
    Outcome,
    QuietHours,
    Reach,
    Situation,
    Step,
    TellFamily,
    Wait,
    Write,
    decide,
    later,
    parse_quiet_hours,
)

PARIS, REUNION = ZoneInfo("Europe/Paris"), ZoneInfo("Indian/Reunion")
NOW = datetime(2027, 1, 4, 9, 0, tzinfo=UTC)
QUIET = QuietHours(begin=21, end=8)
PHONE = uuid4()
EVERY = Reach(browsers=(PHONE,), mobile="+33698765432", mail="jeanne@maison.example")
FRESH = Situation(
    step=Step.FIRST,
    wanted=True,
    superseded=False,
    alarm_at=NOW + timedelta(hours=6),
    zone=PARIS,
    reach=EVERY,
    received=False,
    taken=False,
    today=0,
)


def decided(found: Situation, now: datetime = NOW, cap: int = 4) -> object:
    return decide(found, now, cap=cap, quiet=QUIET)


def test_first_a_notification_then_a_look_for_its_receipt() -> None:
    assert decided(FRESH) == Notify((PHONE,), NOW + timedelta(seconds=60))


def test_with_a_receipt_nothing_more_is_sent() -> None:
    found = replace(FRESH, step=Step.SECOND, received=True)
    assert decided(found) == Done(Outcome.TOLD)


def test_without_a_receipt_what_the_patient_chose_then_the_other_then_nobody_writes() -> None:
    second = replace(FRESH, step=Step.SECOND)
    assert decided(second) == Write("sms", "+33698765432", Step.THIRD, NOW + timedelta(minutes=3))
    mail = replace(second, reach=replace(EVERY, fallback="email"))
    assert isinstance(decided(mail), Write)
    assert decided(mail).channel == "email"  # type: ignore[attr-defined]
    third = replace(FRESH, step=Step.THIRD)
    other = decided(third)
    assert isinstance(other, Write)
    assert (other.channel, other.look_at) == ("email", FRESH.alarm_at)
    assert decided(replace(third, taken=True)) == Done(Outcome.TOLD)
    assert decided(replace(third, received=True)) == Done(Outcome.TOLD)
    only = replace(third, reach=Reach(mobile="+33698765432"))
    assert decided(only) == Done(Outcome.HELD)


def test_whoever_wants_nothing_more_gets_nothing_more() -> None:
    found = replace(FRESH, step=Step.SECOND, reach=replace(EVERY, fallback="none"))
    assert decided(found) == Done(Outcome.HELD)


def test_without_a_browser_the_message_comes_at_once() -> None:
    assert isinstance(decided(replace(FRESH, reach=replace(EVERY, browsers=()))), Write)
    assert decided(replace(FRESH, reach=Reach())) == Done(Outcome.HELD)


@pytest.mark.parametrize("step", Step)
def test_answered_paused_over_or_replaced_every_step_is_quiet(step: Step) -> None:
    assert decided(replace(FRESH, step=step, wanted=False)) == Done(Outcome.QUIET)
    assert decided(replace(FRESH, step=step, superseded=True)) == Done(Outcome.QUIET)


def test_the_cap_holds_back_every_step_that_writes() -> None:
    for step in (Step.FIRST, Step.SECOND, Step.THIRD):
        assert decided(replace(FRESH, step=step, today=4)) == Done(Outcome.HELD)
        assert decided(replace(FRESH, step=step, today=3)) != Done(Outcome.HELD)


def test_at_night_it_waits_for_the_morning_of_the_patient() -> None:
    evening = datetime(2027, 1, 4, 20, 30, tzinfo=UTC)  # 21 h 30 in Paris
    found = replace(FRESH, alarm_at=evening + timedelta(hours=14))
    assert decided(found, evening) == Wait(datetime(2027, 1, 5, 7, 0, tzinfo=UTC))
    island = replace(found, zone=REUNION)  # 0 h 30 there
    assert decided(island, evening) == Wait(datetime(2027, 1, 5, 4, 0, tzinfo=UTC))
    ends_before = replace(found, alarm_at=evening + timedelta(hours=2))
    assert decided(ends_before, evening) == Done(Outcome.HELD)


def test_the_night_the_clock_changes_is_over_at_eight_on_the_clock() -> None:
    spring = datetime(2027, 3, 28, 0, 30, tzinfo=UTC)
    assert QUIET.over_at(spring, PARIS) == datetime(2027, 3, 28, 6, 0, tzinfo=UTC)
    autumn = datetime(2027, 10, 30, 23, 30, tzinfo=UTC)
    assert QUIET.over_at(autumn, PARIS) == datetime(2027, 10, 31, 7, 0, tzinfo=UTC)


def test_hours_of_the_setting() -> None:
    assert parse_quiet_hours("21-8") == QUIET
    noon = datetime(2027, 1, 4, 12, 30, tzinfo=UTC)
    assert parse_quiet_hours("0-0").over_at(noon, PARIS) is None
    assert parse_quiet_hours("12-14").over_at(noon, PARIS) == noon + timedelta(minutes=30)


def test_the_family_is_told_at_the_end_of_grace_and_not_before() -> None:
    end = replace(FRESH, step=Step.END)
    assert decided(end) == Wait(FRESH.alarm_at)
    assert decided(end, FRESH.alarm_at) == TellFamily()


def test_later_stays_inside_the_window() -> None:
    due = NOW + timedelta(hours=1)
    assert later(timedelta(minutes=30), due, NOW) == NOW + timedelta(minutes=30)
    assert later(timedelta(minutes=50), due, NOW) is None


@given(
    step=st.sampled_from(Step),
    today=st.integers(0, 9),
    hour=st.integers(0, 47),
    left=st.integers(-60, 900),
    received=st.booleans(),
    taken=st.booleans(),
    browsers=st.lists(st.uuids(), max_size=2),
    mobile=st.sampled_from([None, "+33698765432"]),
    fallback=st.sampled_from(["sms", "email", "none"]),
)
def test_nothing_is_written_beyond_the_cap_at_night_or_too_late(
    step: Step,
    today: int,
    hour: int,
    left: int,
    received: bool,
    taken: bool,
    browsers: list[UUID],
    mobile: str | None,
    fallback: str,
) -> None:
    now = NOW + timedelta(hours=hour)
    found = replace(
        FRESH,
        step=step,
        today=today,
        alarm_at=now + timedelta(minutes=left),
        received=received,
        taken=taken,
        reach=Reach(browsers=tuple(browsers), mobile=mobile, fallback=fallback),  # type: ignore[arg-type]
    )
    decision = decide(found, now, cap=4, quiet=QUIET)
    if isinstance(decision, Notify | Write):
        assert today < 4
        assert 8 <= now.astimezone(PARIS).hour < 21
        assert now < found.alarm_at
        assert not (step is not Step.FIRST and (received or taken))
    if isinstance(decision, Wait):
        assert decision.at > now

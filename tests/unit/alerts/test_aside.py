"""An alert asleep for one person alone, and what brings it back."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from alerts.acts import Act, Assign, Close, Escalate, Own, See, Snooze, Worsen
from alerts.alert import Alert, SleepReason
from alerts.aside import LONGEST, Aside, SetAside, is_aside, now_of, set_aside
from alerts.edge.library import load_ladder
from alerts.lifecycle import raise_alert, transition
from alerts.outcomes import Outcome
from alerts.refusals import RefusalCode, Refused
from scoring.level import Level

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
LADDER = load_ladder("home-two-rungs", 1)
ME, OTHER = UUID(int=1), UUID(int=2)
MINUTE = timedelta(minutes=1)


def raised(level: Level) -> Alert:
    return raise_alert(alert_id=UUID(int=99), item="spo2", level=level, ladder=LADDER, now=NOON)


def done(alert: Alert, *acts: tuple[Act, datetime]) -> Alert:
    for act, at in acts:
        after = transition(alert, act, at)
        assert isinstance(after, Alert), after
        alert = after
    return alert


def wish(until: datetime = NOON + 20 * MINUTE) -> SetAside:
    return SetAside(by=ME, until=until, reason=SleepReason.VISIT_EXPECTED, note="IDEL en route")


def put(alert: Alert, at: datetime = NOON) -> Aside:
    aside = set_aside(alert, wish(), at)
    assert isinstance(aside, Aside), aside
    return aside


def refused(alert: Alert, act: SetAside) -> RefusalCode:
    refusal = set_aside(alert, act, NOON)
    assert isinstance(refusal, Refused)
    return refusal.code


OWNED = (Own(by=OTHER), NOON)
SLEEPING = (
    Snooze(by=OTHER, until=NOON + 15 * MINUTE, reason=SleepReason.MEASURE_AGAIN, note=""),
    NOON,
)


def test_it_is_aside_until_its_time_and_no_longer() -> None:
    orange = raised(Level.ORANGE)
    aside = put(orange)
    assert is_aside(aside, now_of(orange), aside.until - MINUTE)
    assert not is_aside(aside, now_of(orange), aside.until)


def test_a_red_that_nobody_else_has_is_not_put_aside() -> None:
    assert refused(raised(Level.RED), wish()) is RefusalCode.RED_OF_NOBODY
    mine = done(raised(Level.RED), (Own(by=ME), NOON))
    assert refused(mine, wish()) is RefusalCode.RED_OF_NOBODY
    assert put(done(raised(Level.RED), OWNED)).held
    assert put(done(raised(Level.RED), SLEEPING)).held


@pytest.mark.parametrize("level", [Level.ORANGE, Level.RED])
def test_its_time_has_a_limit_and_is_to_come(level: Level) -> None:
    alert = done(raised(level), OWNED)
    latest = NOON + LONGEST[level]
    assert isinstance(set_aside(alert, wish(latest), NOON), Aside)
    assert refused(alert, wish(latest + MINUTE)) is RefusalCode.ASIDE_TOO_LONG
    assert refused(alert, wish(NOON)) is RefusalCode.SLEEP_OVER


def test_what_was_given_to_me_or_is_closed_is_not_put_aside() -> None:
    given = done(raised(Level.ORANGE), (Assign(by=OTHER, to=ME), NOON))
    assert refused(given, wish()) is RefusalCode.GIVEN_TO_YOU
    closed = done(raised(Level.ORANGE), (Close(by=OTHER, outcome=Outcome.ADVICE_GIVEN), NOON))
    assert refused(closed, wish()) is RefusalCode.ALREADY_CLOSED


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ((), ((Worsen(), NOON + MINUTE),)),
        ((OWNED,), ((Worsen(), NOON + MINUTE),)),
        ((), ((Assign(by=OTHER, to=ME), NOON + MINUTE),)),
        ((), ((Close(by=OTHER, outcome=Outcome.ADVICE_GIVEN), NOON + MINUTE),)),
    ],
    ids=["worsened", "worsened while owned", "given to me", "closed"],
)
def test_it_comes_back(
    before: tuple[tuple[Act, datetime], ...], after: tuple[tuple[Act, datetime], ...]
) -> None:
    alert = done(raised(Level.ORANGE), *before)
    aside = put(alert)
    assert is_aside(aside, now_of(alert), NOON + MINUTE)
    assert not is_aside(aside, now_of(done(alert, *after)), NOON + MINUTE)


@pytest.mark.parametrize("level", [Level.ORANGE, Level.RED])
def test_it_comes_back_when_whoever_had_it_has_it_no_longer(level: Level) -> None:
    owned = done(raised(level), OWNED)
    assert owned.owner is not None
    aside = replace(put(owned), until=owned.owner.until + 20 * MINUTE)
    lapsed = done(owned, (Escalate(), owned.owner.until))
    assert not is_aside(aside, now_of(lapsed), owned.owner.until)


def test_it_comes_back_when_its_ladder_begins_again() -> None:
    orange, now = raised(Level.ORANGE), NOON
    aside = replace(put(orange), until=NOON + timedelta(hours=24))
    while orange.round == 1:
        assert is_aside(aside, now_of(orange), now)
        assert orange.next_step_at is not None
        now = orange.next_step_at
        orange = done(orange, (Escalate(), now))
    assert not is_aside(aside, now_of(orange), now)


def test_a_red_i_take_in_charge_is_in_my_queue() -> None:
    asleep = done(raised(Level.RED), SLEEPING)
    aside = put(asleep)
    assert is_aside(aside, now_of(asleep), NOON + MINUTE)
    assert not is_aside(aside, now_of(done(asleep, (Own(by=ME), NOON + MINUTE))), NOON + MINUTE)


def test_seeing_it_changes_nothing() -> None:
    orange = raised(Level.ORANGE)
    aside = put(orange)
    seen = done(orange, (See(by=ME), NOON + MINUTE))
    assert is_aside(aside, now_of(seen), NOON + MINUTE)

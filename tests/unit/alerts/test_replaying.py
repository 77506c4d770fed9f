"""The replay judges by the rules themselves and counts calls, not readings."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given

from alerts.judging import Watch
from alerts.prescription import Limits, Sustain
from alerts.profile import Profile
from alerts.replaying import QUIET, Fired, replay
from scoring.level import Level
from scoring.observation import Reading
from tests.unit.alerts.test_lasting import (
    ALL,
    FALLS,
    LASTS,
    MS,
    NOW,
    OFTEN,
    at,
    run,
    watch,
)
from tests.unit.alerts.test_lasting import spo2 as prescribed
from tests.unit.alerts.test_lasting_in_any_order import SAMPLES

PLAIN = watch(prescribed())


def fired(readings: list[Reading], profile: Profile = PLAIN) -> list[tuple[str, Level, bool]]:
    found = replay(readings, [], Watch(profile=profile, usual={}), NOW).fired
    return [(one.item, one.level, one.worsened) for one in found]


def test_an_alert_lasts_until_half_a_day_without_a_breach() -> None:
    one = [at(94, QUIET), at(94, timedelta(0))]
    assert fired(one) == [("spo2", Level.ORANGE, False)]
    assert fired([at(94, QUIET + MS), one[1]]) == [("spo2", Level.ORANGE, False)] * 2


def test_an_orange_alert_that_becomes_red_calls_anew_and_a_red_one_is_orange_no_more() -> None:
    hours = [timedelta(hours=n) for n in range(4)]
    readings = [at(94, hours[3]), at(91, hours[2]), at(94, hours[1]), at(90, hours[0])]
    assert fired(readings) == [("spo2", Level.ORANGE, False), ("spo2", Level.RED, True)]


def test_nothing_would_have_fired() -> None:
    assert fired([at(97, timedelta(days=n)) for n in range(20)]) == []
    assert replay([], [], Watch(profile=PLAIN, usual={}), NOW).counts() == {}


def test_what_fired_names_its_value_and_its_instant() -> None:
    found = replay([at(91, timedelta(0))], [], Watch(profile=PLAIN, usual={}), NOW)
    assert found.fired == (Fired(item="spo2", level=Level.RED, at=NOW, value=91, worsened=False),)
    assert found.counts() == {("spo2", Level.RED): 1}


@pytest.mark.parametrize("profile", [PLAIN, LASTS, OFTEN, FALLS, ALL])
@given(readings=SAMPLES)
def test_the_replay_fires_exactly_where_the_review_of_the_whole_raises(
    profile: Profile, readings: list[Reading]
) -> None:
    raised: dict[str, Any] = {one.item: one for one in run(readings, profile).raises}
    found = replay(readings, [], Watch(profile=profile, usual={}), NOW).fired
    assert {one.item for one in found} == set(raised)
    for item, one in raised.items():
        mine = [each for each in found if each.item == item]
        assert mine[0].at == one.breaches.first.measured_at
        assert max(each.level for each in mine) is one.level


@given(readings=SAMPLES)
def test_a_draft_that_waits_or_is_looser_never_fires_more_levels(readings: list[Reading]) -> None:
    loose = watch(prescribed(limits=Limits(red_low=90, orange_low=92), sustain=Sustain(minutes=9)))
    strict = {(item, level) for item, level, _ in fired(readings)}
    for item, level, _ in fired(readings, loose):
        if item == "spo2":
            assert any(one == item and other >= level for one, other in strict)

"""Measuring again in parallel on a real database: what waits, what calls, and nothing is lost."""

from datetime import timedelta
from itertools import product

import pytest

from alerts import service as alerts
from alerts.repeat_service import raise_overdue
from core import clock
from core.settings import settings
from core.vitals import Quality, Vital
from messages import service as messages
from scoring.level import Level
from tests.as_owner import run
from tests.conftest import Database
from tests.integration.alerts.again.asked import (
    MINUTE,
    MS,
    NOW,
    NUMBER,
    WITHIN,
    asked,
    came,
    life_of,
    line_of,
    reachable_home,
    repeats,
    values_of,
)
from tests.integration.alerts.home import (
    Home,
    make_home,
    measure,
    seen_by_nurse,
    watch,
)
from tests.sms_provider import SmsProvider

PAIRS = ((94, 93), (93, 94), (94, 91), (91, 94))
BATCHES = (((0, 1),), ((0,), (1,)), ((1,), (0,)))
"""Which of two readings come together: both; the first, then the second; the second first."""


def test_red_without_symptoms_raises_at_once_and_the_repeat_is_asked_beside(home: Home) -> None:
    now = came(home, 91)
    line = line_of(home)
    assert (line.level, line.since) == (Level.RED, now)
    assert repeats() == [("spo2", "asked", True, False)]
    assert asked(home) == [("sms", NUMBER, "repeat_asked", {}, "urgent", True)]
    assert life_of(home) == ["raised", "called", "repeat_asked"]
    came(home, 97, at=now + 2 * MINUTE)
    line = line_of(home)
    assert (line.level, line.state.value) == (Level.RED, "raised")
    assert repeats() == [("spo2", "within", True, True)]
    assert life_of(home)[-2:] == ["repeat_within", "cleared"]


def test_red_beside_a_repeat_that_is_not_done_stays_as_it_is(home: Home) -> None:
    now = came(home, 91)
    assert raise_overdue(now + WITHIN - MS) == 0
    assert raise_overdue(now + WITHIN) == 1
    assert raise_overdue(now + WITHIN) == 0
    assert repeats() == [("spo2", "not_done", True, True)]
    assert life_of(home) == ["raised", "called", "repeat_asked", "repeat_not_done"]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_repeat_never_done_raises_what_waited_with_its_evidence(
    home: Home, sms: SmsProvider
) -> None:
    now = came(home, 94)
    assert seen_by_nurse(home) == ()
    assert repeats() == [("spo2", "asked", False, False)]
    messages.send_due(now, "others")
    assert len(sms.taken) == 1
    ((number, words),) = sms.taken
    assert number == NUMBER
    assert "Une mesure" in words or "une mesure" in words
    assert "94" not in words
    assert raise_overdue(now + WITHIN - MS) == 0
    assert raise_overdue(now + WITHIN) == 1
    line = line_of(home)
    assert (line.level, line.since, line.first_breach_at) == (Level.ORANGE, now + WITHIN, now)
    assert values_of(home) == [("first", 94), ("worst", 94), ("last", 94)]
    assert life_of(home) == ["raised", "called", "repeat_asked", "repeat_not_done"]
    assert repeats() == [("spo2", "not_done", True, True)]
    assert raise_overdue(now + WITHIN) == 0


def test_a_repeat_still_out_of_limits_raises_at_once_with_both(home: Home) -> None:
    now = came(home, 94)
    came(home, 93, at=now + 4 * MINUTE)
    line = line_of(home)
    assert (line.since, line.first_breach_at) == (now + 4 * MINUTE, now)
    assert values_of(home) == [("first", 94), ("worst", 94), ("last", 93)]
    assert repeats() == [("spo2", "confirmed", True, True)]
    assert life_of(home) == ["raised", "called", "repeat_asked", "repeat_confirmed"]
    assert raise_overdue(now + WITHIN) == 0


def test_a_repeat_within_the_limits_ends_it_once_and_the_next_orange_calls(home: Home) -> None:
    now = came(home, 94)
    came(home, 97, at=now + 4 * MINUTE)
    assert seen_by_nurse(home) == ()
    assert repeats() == [("spo2", "within", False, True)]
    assert raise_overdue(now + WITHIN) == 0
    came(home, 94, at=now + timedelta(hours=2))
    assert line_of(home).level is Level.ORANGE
    assert len(repeats()) == 1


def test_a_home_without_a_phone_calls_at_once_and_is_asked_nothing(sms: SmsProvider) -> None:
    home = make_home()
    watch(home, 2)
    now = came(home, 94)
    assert (line_of(home).level, line_of(home).since) == (Level.ORANGE, now)
    assert repeats() == []
    assert asked(home) == []
    other = make_home()
    watch(other, 2)
    came(other, 91)
    assert line_of(other).level is Level.RED
    assert repeats() == []


def test_a_number_that_is_known_as_faulty_is_no_phone(home: Home, database: Database) -> None:
    run(
        "insert into messages.contact_fault (id, party, channel, reason, found_at)"
        " values (gen_random_uuid(), %s, 'sms', 'undeliverable', now())",
        home.care.patient,
    )
    came(home, 94)
    assert line_of(home).level is Level.ORANGE


def test_where_nothing_sends_text_messages_a_number_is_no_phone(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHEVET_SMS_URL", "")
    settings.cache_clear()
    came(home, 94)
    assert line_of(home).level is Level.ORANGE


def test_two_readings_one_millisecond_apart_raise_one_alert_of_the_worse_level(
    sms: SmsProvider,
) -> None:
    """In one batch or in two, in either order: a home for each, on one database."""
    for pair, batches in product(PAIRS, BATCHES):
        home, now = reachable_home(), clock.now()
        for at, batch in enumerate(batches):
            spots = [(Vital.SPO2, pair[n], (at + 1 - n) * MS) for n in batch]
            measure(home, spots, now=now + at * MS)
            alerts.review(now + at * MS)
        found = [line.level for line in seen_by_nurse(home)]
        worse = Level.RED if min(pair) <= 92 else Level.ORANGE
        assert (pair, batches, found) == (pair, batches, [worse])
        assert raise_overdue(now + WITHIN + MINUTE) in (0, 1)
        assert (pair, batches, len(seen_by_nurse(home))) == (pair, batches, 1)


def test_a_doubtful_repeat_reassures_nobody(home: Home) -> None:
    now = came(home, 94)
    later = now + MINUTE
    measure(home, [(Vital.SPO2, 97, NOW)], quality=Quality.QUESTIONABLE, now=later)
    alerts.review(later)
    assert repeats() == [("spo2", "asked", False, False)]
    raise_overdue(now + WITHIN)
    assert line_of(home).level is Level.ORANGE


def test_the_first_profile_waits_for_nothing(home: Home) -> None:
    watch(home, 1)
    came(home, 94)
    assert line_of(home).level is Level.ORANGE
    assert repeats() == []

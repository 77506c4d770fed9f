"""Measuring again in parallel on a real database: what waits, what calls, and nothing is lost."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest

from alerts import repeat_service
from alerts import service as alerts
from alerts.repeat_service import raise_overdue
from alerts.views import AlertLine
from core import clock
from core.access import Permission
from core.doors import ServiceConnection
from core.settings import settings
from core.vitals import Quality, Vital
from messages import service as messages
from scoring.level import Level
from tests.as_owner import run
from tests.conftest import Database
from tests.integration.alerts.home import (
    Home,
    due_left,
    make_home,
    measure,
    opened,
    rows,
    seen_by_nurse,
    watch,
)
from tests.mailbox import open_mailbox
from tests.sms_provider import SmsProvider, open_sms_provider

NOW = timedelta(0)
MS = timedelta(milliseconds=1)
MINUTE = timedelta(minutes=1)
WITHIN = timedelta(minutes=15)
NUMBER = "+33698765432"


@pytest.fixture
def sms(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[SmsProvider]:
    with open_sms_provider() as gateway, open_mailbox() as box:
        monkeypatch.setenv("CHEVET_SMS_URL", gateway.url)
        monkeypatch.setenv("CHEVET_SMTP_PORT", str(box.port))
        settings.cache_clear()
        yield gateway


@pytest.fixture
def home(sms: SmsProvider) -> Home:
    """A patient watched by the profile that asks again, whose number takes text messages."""
    made = make_home()
    watch(made, 2)
    messages.register_contact(made.care.patient, "sms", NUMBER)
    return made


def came(home: Home, *values: float, at: datetime | None = None) -> datetime:
    """Let SpO2 values come in, one millisecond apart, and be judged; return when."""
    now = at or clock.now()
    last = len(values) - 1
    measure(home, [(Vital.SPO2, one, (last - n) * MS) for n, one in enumerate(values)], now=now)
    alerts.review(now)
    assert due_left() == 0
    return now


def repeats() -> list[tuple[object, ...]]:
    return rows(
        "select item, state, alert_id is not null, ended_at is not null from alerts.repeat"
        " order by asked_at, id"
    )


def line_of(home: Home) -> AlertLine:
    (line,) = seen_by_nurse(home)
    return line


def life_of(home: Home) -> list[str]:
    ctx = opened(home.care.nurse, home.care.patient, Permission.ALERTS_READ)
    page = alerts.alert_page(ctx, line_of(home).alert_id)
    assert not isinstance(page, alerts.NotFound)
    return [event.what for event in page.events]


def values_of(home: Home) -> list[tuple[str, float | None]]:
    ctx = opened(home.care.nurse, home.care.patient, Permission.ALERTS_READ)
    page = alerts.alert_page(ctx, line_of(home).alert_id)
    assert not isinstance(page, alerts.NotFound)
    return [(entry.part, entry.evidence.value) for entry in page.evidence]


def asked(home: Home) -> list[tuple[object, ...]]:
    return rows(
        "select channel, address, template, params, weight, about = recipient from messages.outbox"
        " where recipient = %s",
        [home.care.patient],
    )


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


@pytest.mark.parametrize("pair", [(94, 93), (93, 94), (94, 91), (91, 94)])
@pytest.mark.parametrize("batches", ["one", "two", "two, the later first"])
def test_two_readings_one_millisecond_apart_raise_one_alert_of_the_worse_level(
    home: Home, pair: tuple[float, float], batches: str
) -> None:
    now = clock.now()
    first, second = [(Vital.SPO2, pair[0], MS)], [(Vital.SPO2, pair[1], NOW)]
    match batches:
        case "one":
            measure(home, [*first, *second], now=now)
            alerts.review(now)
        case "two":
            for batch, at in ((first, now), (second, now + MS)):
                measure(home, [(v, x, ago + (at - now)) for v, x, ago in batch], now=at)
                alerts.review(at)
        case _:
            for batch, at in ((second, now), (first, now + MS)):
                measure(home, [(v, x, ago + (at - now)) for v, x, ago in batch], now=at)
                alerts.review(at)
    line = line_of(home)
    assert line.level is (Level.RED if min(pair) <= 92 else Level.ORANGE)
    assert rows("select count(*) from alerts.alert") == [(1,)]
    assert raise_overdue(now + WITHIN + MINUTE) in (0, 1)
    assert rows("select count(*) from alerts.alert") == [(1,)]


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


def test_what_waits_calls_at_once_when_the_prescription_is_withdrawn(home: Home) -> None:
    now = came(home, 94)
    run(
        "update alerts.prescription set ends_at = %s where patient_id = %s and ends_at is null",
        now + MINUTE,
        home.care.patient,
    )
    assert raise_overdue(now + 2 * MINUTE) == 1
    assert line_of(home).level is Level.ORANGE


def test_a_new_version_of_the_prescription_loses_nothing(home: Home) -> None:
    now = came(home, 94)
    watch(home, 1)
    assert raise_overdue(now + MINUTE) == 0
    assert raise_overdue(now + WITHIN) == 1
    assert line_of(home).level is Level.ORANGE


def test_for_the_dead_it_ends_and_calls_nobody(home: Home) -> None:
    now = came(home, 94)
    run(
        "update access.patient set died_on = current_date, death_noted_at = now() where id = %s",
        home.care.patient,
    )
    assert raise_overdue(now + WITHIN) == 1
    assert rows("select count(*) from alerts.alert") == [(0,)]
    assert repeats() == [("spo2", "not_done", False, True)]


def test_one_that_fails_stops_nobody_elses_and_is_told(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fault: one patient's alert cannot be saved, whatever is tried."""
    monkeypatch.setenv("CHEVET_OPERATOR_MAIL", "operator@site.example")
    settings.cache_clear()
    other = make_home()
    watch(other, 2)
    messages.register_contact(other.care.patient, "sms", "+33698765433")
    now = came(home, 94)
    came(other, 94, at=now)
    real = repeat_service.save_alerts

    def fails(conn: ServiceConnection, read: object, judgement: object) -> int:
        if getattr(read, "watched").patient_id == home.care.patient:  # noqa: B009
            conn.execute("select 1 / 0")
        return real(conn, read, judgement)  # type: ignore[arg-type]

    with monkeypatch.context() as broken:
        broken.setattr(repeat_service, "save_alerts", fails)
        assert raise_overdue(now + WITHIN) == 1
        assert len(seen_by_nurse(other)) == 1
        for minutes in (1, 2, 3):
            raise_overdue(now + WITHIN + minutes * MINUTE)
    assert rows("select work, failures, error from alerts.setback") == [
        ("repeat", 4, "DivisionByZero")
    ]
    assert rows("select params ->> 'what' from messages.outbox where recipient is null") == [
        ("repeat_failing",)
    ]
    assert raise_overdue(now + timedelta(hours=2)) == 1
    assert line_of(home).level is Level.ORANGE
    assert rows("select 1 from alerts.setback") == []


def test_reviews_and_the_clock_at_once_raise_one_alert(home: Home) -> None:
    homes = [home]
    for number in range(3):
        homes.append(make_home())
        watch(homes[-1], 2)
        messages.register_contact(homes[-1].care.patient, "sms", f"+3369876544{number}")
    now = clock.now()
    for one in homes:
        measure(one, [(Vital.SPO2, 94, NOW)], now=now)
    alerts.review(now)
    assert rows("select count(*) from alerts.repeat where state = 'asked'") == [(4,)]
    later = now + WITHIN
    for one in homes:
        measure(one, [(Vital.SPO2, 93, NOW)], now=later)
    with ThreadPoolExecutor(6) as pool:
        works = [pool.submit(alerts.review, later) for _ in range(3)]
        clocks = [pool.submit(raise_overdue, later) for _ in range(3)]
        for work in (*works, *clocks):
            work.result()
    alerts.review(later)
    raise_overdue(later)
    assert rows("select count(*), count(distinct patient_id) from alerts.alert") == [(4, 4)]
    assert rows("select count(*) from alerts.repeat where state = 'asked'") == [(0,)]
    assert rows(
        "select count(*) from alerts.alert_event where what in ('repeat_confirmed',"
        " 'repeat_not_done')"
    ) == [(4,)]


def test_a_crash_after_the_commit_raises_nothing_twice(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = came(home, 94)

    def dies(name: str) -> None:
        raise RuntimeError(name)

    with monkeypatch.context() as broken:
        broken.setattr(repeat_service, "failpoint", dies)
        raise_overdue(now + WITHIN)
    raise_overdue(now + WITHIN + MINUTE)
    assert rows("select count(*) from alerts.alert") == [(1,)]
    assert isinstance(line_of(home), AlertLine)

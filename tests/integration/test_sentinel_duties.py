"""What is due is done by the sentinel's own look: each duty of the alerts room, one by one."""

from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import msgspec
import pytest

from alerts import call_back_service
from alerts import service as alerts
from alerts.call_back import ITEM
from alerts.standing import ENDING
from app.sentinel import DUTIES
from coordination.notices import Occasion
from core import clock
from core.settings import settings
from core.vitals import Vital
from scoring.level import Level
from tests.as_owner import rows, run
from tests.certificates import write_certificates
from tests.conftest import Database
from tests.integration.alerts.again.asked import came, reachable_home
from tests.integration.alerts.duty import leave, ordinary_day, plan, set_clock
from tests.integration.alerts.home import Home, make_home, measure, seen_by_nurse
from tests.integration.alerts.test_call_back import of_patient
from tests.integration.alerts.test_prescription import live_of, sign
from tests.integration.plans.home import MONDAY, clock_setter, start
from tests.integration.plans.test_silence import ALARM, ONCE
from tests.integration.telling.circle import MAILS, choose, join
from tests.mailbox import open_mailbox

MINUTE = timedelta(minutes=1)
WEDNESDAY = 2


@pytest.fixture(autouse=True)
def site(database: Database, clock_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHEVET_OPERATOR_MAIL", "operator@example.org")
    monkeypatch.setenv("CHEVET_SERVICE_OPENING", "mon-sun 00:00-24:00")
    monkeypatch.setenv("CHEVET_SMS_URL", "json://127.0.0.1:1/{to}")
    settings.cache_clear()


def do(name: str) -> None:
    """Let the sentinel's duty of that name look once."""
    (duty,) = [one for one in DUTIES if one.name == name]
    duty.pass_once()


def later(clock_file: Path, by: timedelta) -> None:
    clock_file.write_text(str(float(clock_file.read_text()) + by.total_seconds()))


def low(home: Home, percent: int = 85) -> None:
    measure(home, [(Vital.SPO2, percent, timedelta(0))], now=clock.now())


def told_operator() -> list[str]:
    query = "select params ->> 'what' from messages.outbox where recipient is null order by id"
    return [str(what) for (what,) in rows(query)]


def called() -> int:
    return len(rows("select 1 from alerts.alert_event where what = 'called'"))


def test_a_value_is_judged_and_who_does_not_answer_is_followed_by_the_next(
    clock_file: Path,
) -> None:
    home = make_home()
    low(home)
    do("review")
    assert (len(seen_by_nurse(home)), called()) == (1, 1)
    later(clock_file, 11 * MINUTE)
    do("escalate")
    assert called() == 2


@pytest.mark.parametrize("sender", ["send-1", "send-2"])
def test_a_call_goes_out(sender: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_mailbox() as box:
        monkeypatch.setenv("CHEVET_SMTP_PORT", str(box.port))
        settings.cache_clear()
        low(make_home())
        do("review")
        do(sender)
        assert len(box.taken) == 1


def test_a_measure_that_does_not_come_calls(clock_file: Path) -> None:
    home = reachable_home()
    came(home, 94)
    later(clock_file, 14 * MINUTE)
    do("repeats")
    assert seen_by_nurse(home) == ()
    later(clock_file, MINUTE)
    do("repeats")
    assert [line.level for line in seen_by_nurse(home)] == [Level.ORANGE]


def test_a_wish_whose_call_was_lost_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    home = make_home()
    with monkeypatch.context() as dies:
        dies.setattr(call_back_service, "raise_waiting", lambda now: 0)
        call_back_service.ask(of_patient(home), "one-touch")
    do("call-back")
    assert [line.item for line in seen_by_nurse(home)] == [ITEM]


def test_a_patient_who_stays_silent_is_found(clock_file: Path) -> None:
    home, set_to = make_home(), clock_setter(clock_file)
    set_to(MONDAY)
    start(home.care.nurse, home.care.patient, times=ONCE)
    set_to(ALARM + MINUTE)
    do("silence")
    assert [line.item for line in seen_by_nurse(home)] == ["no_answer"]


def test_nobody_on_duty_is_told_before_any_alert(clock_file: Path) -> None:
    home, day = make_home(), ordinary_day(WEDNESDAY)
    plan(home, home.care.nurse.person)
    leave(home, home.care.nurse.person, day)
    set_clock(clock_file, day, "10:00")
    do("duties")
    assert told_operator() == ["nobody_on_duty"]


def test_an_end_of_a_prescription_is_told(clock_file: Path) -> None:
    home = make_home()
    last_day = (clock.now() + timedelta(days=10)).date()
    content = live_of(home).content
    sign(home, msgspec.structs.replace(content, ends_on=last_day, notice_days=7))
    later(clock_file, timedelta(days=4))
    do("prescriptions")
    assert [line.item for line in seen_by_nurse(home)] == [ENDING]


def test_the_circle_is_told() -> None:
    home = make_home()
    join(home, "Luc Martin", "carer", "luc@example.org")
    choose(home, "Luc Martin", Occasion.RED)
    low(home)
    alerts.review(clock.now())
    do("circle-notices")
    do("follow-ups")
    assert rows(MAILS) == [("luc@example.org", "circle_notice", {"occasion": "red"})]


def test_another_system_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHEVET_WEBHOOK_URL", "http://127.0.0.1:1/chevet")
    monkeypatch.setenv("CHEVET_WEBHOOK_SECRET", "not-a-secret-of-anybody-but-of-this-test")
    settings.cache_clear()
    low(make_home())
    alerts.review(clock.now())
    do("hand-on")
    assert rows("select attempts::int from messages.outbox where channel = 'webhook'") == [(1,)]


def test_the_summary_of_a_day_is_put_out(clock_file: Path) -> None:
    home, day = make_home(), ordinary_day(WEDNESDAY)
    run(
        "insert into messages.preference (party, changed_at, digest_at) values (%s, now(), %s)",
        home.care.gp.person,
        time(18, 30),
    )
    set_clock(clock_file, day, "10:00")
    low(home)
    alerts.review(clock.now())
    set_clock(clock_file, day, "18:31")
    do("digests")
    assert len(rows("select 1 from messages.outbox where template = 'digest'")) == 1


def test_a_certificate_near_its_end_is_a_trouble_the_operator_hears_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_certificates(tmp_path / "ca.pem", datetime.now(UTC) + timedelta(days=20))
    monkeypatch.setenv("CHEVET_MQTT_CA", str(tmp_path / "ca.pem"))
    settings.cache_clear()
    do("technical")
    found = rows("select subject from alerts.technical where kind = 'certificate_ends'")
    assert found == [("CHEVET_MQTT_CA",)]
    assert told_operator() == ["technical_trouble"]

"""The daily summary: at the hour that was chosen, once, when something happened, in his zone."""

from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from alerts import service as alerts
from alerts.digest_service import put_out_digests
from core import clock
from core.doors import Service, serving
from core.settings import settings
from core.vitals import Vital
from messages.edge.letter import write_mail
from messages.store import claim_messages
from tests.as_owner import rows, run
from tests.conftest import Database
from tests.days import PARIS
from tests.integration.alerts.duty import ordinary_day, set_clock
from tests.integration.alerts.home import Home, make_home, measure

WEDNESDAY = 2
MINUTE = timedelta(minutes=1)


@pytest.fixture
def home(database: Database, clock_file: Path) -> Home:
    made = make_home()
    set_clock(clock_file, ordinary_day(WEDNESDAY), "10:00")
    run(
        "insert into messages.preference (party, changed_at, digest_at) values (%s, now(), %s)",
        made.care.gp.person,
        time(18, 30),
    )
    return made


def alarm(home: Home) -> None:
    measure(home, [(Vital.SPO2, 85, timedelta(0))], now=clock.now())
    assert alerts.review(clock.now()).alerts == 1


def at(day: date, text: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(text), PARIS)


def test_it_comes_once_at_its_hour_and_says_nothing(home: Home, clock_file: Path) -> None:
    alarm(home)
    day = clock.now().astimezone(PARIS).date()
    assert put_out_digests(at(day, "18:29")) == 0
    set_clock(clock_file, day, "18:30")
    assert put_out_digests(clock.now()) == 1
    assert put_out_digests(clock.now() + MINUTE) == 0
    assert rows("select key, recipient, params from messages.outbox where template = 'digest'") == [
        (f"digest:{home.care.gp.person}:{day}", home.care.gp.person, {})
    ]
    assert put_out_digests(at(day + timedelta(days=1), "18:31")) == 0, "nothing since yesterday"


def test_a_service_that_was_down_sends_it_later_and_not_on_another_day(home: Home) -> None:
    alarm(home)
    day = clock.now().astimezone(PARIS).date()
    assert put_out_digests(at(day + timedelta(days=1), "00:31")) == 0
    assert put_out_digests(at(day + timedelta(days=1), "00:29")) == 1


def test_nothing_happened_nothing_comes_and_nor_does_it_for_others_patients(home: Home) -> None:
    day = clock.now().astimezone(PARIS).date()
    other = make_home()
    alarm(other)
    assert put_out_digests(at(day, "19:00")) == 0
    alarm(home)
    assert put_out_digests(at(day, "19:00")) == 1


def test_whoever_left_the_circle_gets_none(home: Home) -> None:
    alarm(home)
    day = clock.now().astimezone(PARIS).date()
    gone = "update access.membership set ends_at = %s where party = %s"
    run(gone, clock.now(), home.care.gp.person)
    assert put_out_digests(at(day, "19:00")) == 0


def test_the_hour_is_that_of_his_own_zone(home: Home) -> None:
    run(
        "insert into identity.account (person, login, password_hash, created_at, time_zone)"
        " values (%s, 'gp', '', now(), 'America/Guadeloupe')",
        home.care.gp.person,
    )
    alarm(home)
    day = clock.now().astimezone(PARIS).date()
    assert put_out_digests(at(day, "20:00")) == 0
    assert put_out_digests(at(day + timedelta(days=1), "00:40")) == 1


def test_the_mail_leads_to_the_page_of_the_day(home: Home, clock_file: Path) -> None:
    alarm(home)
    set_clock(clock_file, clock.now().astimezone(PARIS).date(), "18:30")
    put_out_digests(clock.now())
    now = clock.now()
    with serving(Service.OUTBOX) as conn:
        claimed = claim_messages(conn, now=now, lease_until=now + MINUTE, limit=20)
    (message,) = [one for one in claimed if one.template == "digest"]
    text = write_mail(message, settings()).get_body(("plain",))
    assert text is not None
    assert f"{settings().base_url}/day" in text.get_content()
    assert "Martin" not in text.get_content()

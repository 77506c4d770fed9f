"""Another system is told what happens to alerts: signed, again until it takes it, and no more."""

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from uuid import UUID

import pytest

from alerts import service as alerts
from alerts.acts import Close, Own
from alerts.handing_on_service import hand_on
from alerts.outcomes import Outcome
from alerts.views import AlertPage
from core import clock
from core.access import Permission
from core.settings import settings
from core.vitals import Vital
from messages import service as messages
from tests.as_owner import rows, run
from tests.conftest import Database
from tests.integration.alerts.home import Home, make_home, measure, opened, seen_by_nurse

SECRET = "not-a-secret-of-anybody-but-of-this-test"


@dataclass
class Told:
    """What the other system took, and how it answers."""

    port: int = 0
    status: int = 204
    taken: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    tries: int = 0

    def events(self) -> list[str]:
        return [json.loads(body)["event"] for _, body in self.taken]


@pytest.fixture
def other(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Told]:
    told = Told()

    class System(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            told.tries += 1
            if told.status == 204:
                told.taken.append(({k.lower(): v for k, v in self.headers.items()}, body))
            self.send_response(told.status)
            if told.status == 307:
                self.send_header("location", f"http://127.0.0.1:{told.port}/elsewhere")
            self.send_header("content-length", "0")
            self.end_headers()

    server = ThreadingHTTPServer(("127.0.0.1", 0), System)
    told.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    monkeypatch.setenv("CHEVET_WEBHOOK_URL", f"http://127.0.0.1:{told.port}/chevet")
    monkeypatch.setenv("CHEVET_WEBHOOK_SECRET", SECRET)
    settings.cache_clear()
    yield told
    server.shutdown()
    thread.join()
    server.server_close()


def red() -> tuple[Home, UUID]:
    home, now = make_home(), clock.now()
    measure(home, [(Vital.SPO2, 85, timedelta(0))], now=now)
    assert alerts.review(now).alerts == 1
    return home, seen_by_nurse(home)[0].alert_id


def tell() -> messages.Sending:
    hand_on(clock.now())
    return messages.send_due(clock.now(), "webhooks")


def test_id_event_and_time_signed_and_nothing_else(other: Told) -> None:
    home, alert = red()
    assert tell().sent == 1
    ((headers, body),) = other.taken
    assert set(json.loads(body)) == {"alert", "event", "at"}
    assert json.loads(body)["alert"] == str(alert)
    assert "martin" not in body.decode().lower()
    assert str(home.care.patient) not in body.decode()
    signed = headers["chevet-timestamp"].encode() + b"." + body
    expected = hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
    assert headers["chevet-signature"] == f"sha256={expected}"
    assert tell() == messages.Sending()


def test_the_life_of_an_alert_is_told_in_order(other: Told) -> None:
    home, alert = red()
    nurse = home.care.nurse
    ctx = opened(nurse, home.care.patient, Permission.ALERTS_ACKNOWLEDGE)
    for act in (
        Own(by=nurse.person),
        Close(by=nurse.person, outcome=Outcome.ADVICE_GIVEN),
    ):
        assert isinstance(alerts.act(ctx, alert, act), AlertPage)
        tell()
    assert other.events() == ["raised", "taken", "closed"]


@pytest.mark.parametrize("status", [500, 404, 307])
def test_what_it_does_not_take_is_told_again_with_the_same_delivery(
    other: Told, status: int
) -> None:
    red()
    other.status = status
    assert tell().retried == 1
    assert other.tries == 1, "and it is led nowhere else"
    other.status = 204
    run("update messages.outbox set next_attempt_at = now() where channel = 'webhook'")
    assert tell().sent == 1
    ((headers, _),) = other.taken
    assert rows("select key from messages.outbox where channel = 'webhook'") == [
        (headers["chevet-delivery"],)
    ]


def test_the_secret_stands_in_no_log_and_no_row(
    other: Told, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    red()
    for status in (500, 204):
        other.status = status
        run("update messages.outbox set next_attempt_at = now() where channel = 'webhook'")
        tell()
    red()
    monkeypatch.setenv("CHEVET_WEBHOOK_URL", "http://127.0.0.1:1/chevet")
    settings.cache_clear()
    assert tell().retried == 1
    said = "".join(capsys.readouterr())
    assert said.count("message_delayed") == 2
    kept = str(rows("select o::text from messages.outbox o where channel = 'webhook'"))
    assert len(other.taken) == 1
    assert SECRET not in said + kept


def test_what_is_taken_for_a_day_by_nobody_ends(other: Told) -> None:
    red()
    other.status = 500
    assert tell().retried == 1
    run(
        "update messages.outbox set next_attempt_at = now(), created_at = now() - interval '24 h'"
        " where channel = 'webhook'"
    )
    assert tell().dead == 1
    run("update messages.outbox set next_attempt_at = now() where channel = 'webhook'")
    assert tell() == messages.Sending()
    assert other.tries == 2


def test_a_system_that_is_away_keeps_no_mail_waiting(
    other: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHEVET_WEBHOOK_URL", "http://127.0.0.1:1/chevet")
    settings.cache_clear()
    red()
    hand_on(clock.now())
    messages.send_due(clock.now(), "others")
    assert rows("select attempts::int from messages.outbox where channel = 'webhook'") == [(0,)]
    assert rows("select attempts::int from messages.outbox where channel = 'email'") == [(1,)]


@pytest.mark.parametrize("headers_end", [True, False])
def test_a_system_that_never_ends_its_answer_holds_nobody(
    other: Told, monkeypatch: pytest.MonkeyPatch, headers_end: bool
) -> None:
    """Else the sentinel, which ends when a pass takes too long, would end with all its duties."""
    over = threading.Event()

    class Endless(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

        def do_POST(self) -> None:
            self.send_response(200)
            self.end_headers() if headers_end else self.flush_headers()
            while not over.wait(0.1):
                self.wfile.write(b".")

    server = ThreadingHTTPServer(("127.0.0.1", 0), Endless)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    monkeypatch.setenv("CHEVET_WEBHOOK_URL", f"http://127.0.0.1:{server.server_address[1]}/chevet")
    settings.cache_clear()
    red()
    threading.Timer(12, over.set).start()  # so that this test ends, also when it fails
    told = tell()
    assert (told.sent, told.retried) == ((1, 0) if headers_end else (0, 1))
    assert not over.is_set()
    over.set()
    server.shutdown()
    thread.join()
    server.server_close()


def test_without_an_address_nothing_waits(other: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHEVET_WEBHOOK_URL", "")
    settings.cache_clear()
    red()
    assert hand_on(clock.now()) == 0
    assert rows("select count(*) from messages.outbox where channel = 'webhook'") == [(0,)]


def test_a_patient_in_training_is_nobody_elses_matter(other: Told) -> None:
    home, _ = red()
    # Nobody changes worlds; here somebody has always been in the other one.
    run("alter table access.party disable trigger party_keeps_its_world")
    run("update access.party set training = true where id = %s", home.care.patient)
    assert hand_on(clock.now()) == 0


def test_an_exercise_is_no_event_of_anybody(other: Told) -> None:
    home, _ = red()
    run(
        "insert into alerts.drill (id, organisation, patient_id, measured_at, started_at)"
        " select gen_random_uuid(), m.party, m.patient_id, now(), now()"
        " from access.membership m join access.post p on p.organisation = m.party"
        " where m.patient_id = %s limit 1",
        home.care.patient,
    )
    run("update alerts.alert set drill = (select id from alerts.drill)")
    assert hand_on(clock.now()) == 0
    # Somebody has come to live in its record: from then on it is a real alert, raised at that time.
    run(
        "insert into alerts.alert_event (alert_id, patient_id, at, what, detail)"
        " select id, patient_id, now(), 'drill_ended', '{}' from alerts.alert"
    )
    assert tell().sent == 1
    assert other.events() == ["raised"]

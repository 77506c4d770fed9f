"""The watch over the watch: an outside heartbeat hears of it only when all is well."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import psycopg
import pytest

from alerts import service as alerts
from app.auditor import Auditor, Finding, run
from core import clock
from core.doors import close_doors
from core.heartbeat import beat
from core.settings import settings
from core.vitals import Vital
from messages import service as messages
from tests.conftest import Database
from tests.faults.processes import wait_until
from tests.integration.alerts.home import make_home, measure
from tests.mailbox import Mailbox, open_mailbox

OPERATOR = "operator@example.org"
SECOND = timedelta(seconds=1)


@dataclass
class Receiver:
    """An outside heartbeat, as healthchecks.io is one: it counts the GETs it is sent."""

    url: str = ""
    status: int = 200
    pings: list[str] = field(default_factory=list)


@contextmanager
def receiver() -> Iterator[Receiver]:
    known = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            known.pings.append(self.path)
            self.send_response(known.status)
            self.send_header("Location", "/elsewhere")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    known.url = f"http://127.0.0.1:{server.server_address[1]}/ping/secret"
    try:
        yield known
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


@pytest.fixture
def outside() -> Iterator[Receiver]:
    with receiver() as known:
        yield known


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with open_mailbox() as box:
        yield box


@pytest.fixture
def auditor(
    database: Database, outside: Receiver, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Auditor]:
    monkeypatch.setenv("CHEVET_OPERATOR_MAIL", OPERATOR)
    monkeypatch.setenv("CHEVET_HEARTBEAT_URL", outside.url)
    monkeypatch.setenv("CHEVET_SMTP_PORT", str(mailbox.port))
    settings.cache_clear()
    beat("sentinel", "of the test")
    yield Auditor(wanted=settings())
    settings.cache_clear()


def kinds(found: tuple[Finding, ...]) -> list[str]:
    return [finding.kind for finding in found]


def told(mailbox: Mailbox) -> list[str]:
    return [taken.message_id.strip("<").split(".")[1] for taken in mailbox.to(OPERATOR)]


def one_red() -> None:
    home = make_home()
    now = clock.now()
    measure(home, [(Vital.SPO2, 85, timedelta(0))], now=now)
    assert alerts.review(now).alerts == 1
    messages.send_due(now)


@pytest.mark.promise("R8")
def test_all_is_well_and_outside_hears_of_it_each_time(
    auditor: Auditor, outside: Receiver, mailbox: Mailbox
) -> None:
    one_red()
    for _ in range(2):
        assert auditor.look(clock.now()) == ()
    assert outside.pings == ["/ping/secret"] * 2
    assert told(mailbox) == []


@pytest.mark.promise("R8")
def test_one_alert_that_is_overdue_stops_the_pings_and_is_mailed_once_an_hour(
    auditor: Auditor, outside: Receiver, mailbox: Mailbox, database: Database
) -> None:
    one_red()
    with psycopg.connect(database.dsn("OWNER")) as conn:
        conn.execute("update alerts.alert set next_step_at = now() - interval '61 seconds'")
    now = clock.now()
    assert kinds(auditor.look(now)) == ["alert_overdue"]
    assert kinds(auditor.look(now + 30 * SECOND))[:1] == ["alert_overdue"]
    assert outside.pings == []
    assert told(mailbox).count("alert_overdue") == 1
    auditor.look(now + timedelta(hours=1))
    assert told(mailbox).count("alert_overdue") == 2
    with psycopg.connect(database.dsn("OWNER")) as conn:
        conn.execute("update alerts.alert set next_step_at = now() + interval '1 hour'")
    assert auditor.look(now) == ()
    assert len(outside.pings) == 1


@pytest.mark.promise("R8")
def test_an_open_alert_without_a_next_step_is_found_though_the_database_forbids_it(
    auditor: Auditor, outside: Receiver, mailbox: Mailbox, database: Database
) -> None:
    one_red()
    with psycopg.connect(database.dsn("OWNER")) as conn:
        conn.execute("alter table alerts.alert drop constraint alert_check")
        conn.execute("update alerts.alert set next_step_at = null")
    assert kinds(auditor.look(clock.now())) == ["alert_without_step"]
    assert (outside.pings, told(mailbox)) == ([], ["alert_without_step"])


@pytest.mark.promise("R8")
def test_a_measure_that_did_not_come_and_raised_nothing_is_found(
    auditor: Auditor, database: Database
) -> None:
    make_home()
    with psycopg.connect(database.dsn("OWNER")) as conn:
        conn.execute(
            "insert into alerts.repeat (id, patient_id, patient_key, item, breaches, asked_at,"
            " due_at, state) select gen_random_uuid(), id, key, 'spo2', '{}',"
            " now() - interval '16 minutes', now() - interval '59 seconds', 'asked'"
            " from access.patient"
        )
    now = clock.now()
    assert auditor.look(now) == ()
    assert kinds(auditor.look(now + 2 * SECOND)) == ["repeat_overdue"]


@pytest.mark.promise("R8")
def test_an_alert_for_which_nobody_was_called_is_found(
    auditor: Auditor, outside: Receiver, database: Database
) -> None:
    one_red()
    with psycopg.connect(database.dsn("OWNER")) as conn:
        conn.execute("delete from alerts.alert_event where what = 'called'")
        conn.execute("update alerts.alert set raised_at = raised_at - interval '2 minutes'")
    assert kinds(auditor.look(clock.now())) == ["alert_without_recipient"]
    with psycopg.connect(database.dsn("OWNER")) as conn:
        conn.execute("update alerts.alert set night_at = now()")
    assert auditor.look(clock.now()) == ()
    assert len(outside.pings) == 1


@pytest.mark.promise("R8")
def test_a_sentinel_that_is_dead_and_what_it_leaves_undone_is_found(
    auditor: Auditor, outside: Receiver, mailbox: Mailbox
) -> None:
    home = make_home()
    now = clock.now()
    measure(home, [(Vital.SPO2, 85, timedelta(0))], now=now)
    assert auditor.look(now) == ()
    found = kinds(auditor.look(now + timedelta(minutes=3)))
    assert found == ["review_behind", "sentinel_silent"]
    alerts.review(now)
    found = kinds(auditor.look(now + timedelta(minutes=6)))
    assert found == ["message_stuck", "sentinel_silent"]
    assert len(outside.pings) == 1
    assert set(told(mailbox)) == {"review_behind", "sentinel_silent", "message_stuck"}


@pytest.mark.promise("R8")
def test_without_a_database_the_mail_goes_out_and_no_ping(
    auditor: Auditor,
    outside: Receiver,
    mailbox: Mailbox,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    close_doors()
    monkeypatch.setenv("CHEVET_WORKER_DSN", "postgresql://chevet_worker:x@127.0.0.1:9/chevet")
    settings.cache_clear()
    assert kinds(auditor.look(clock.now())) == ["database_away"]
    assert (outside.pings, told(mailbox)) == ([], ["database_away"])
    close_doors()


def test_a_mail_the_relay_does_not_take_is_tried_at_the_next_look(
    auditor: Auditor, mailbox: Mailbox
) -> None:
    mailbox.reply = lambda _, count: "451 later" if count == 1 else "250 OK"
    later = clock.now() + timedelta(minutes=2)
    auditor.look(later)
    assert told(mailbox) == []
    auditor.look(later + 30 * SECOND)
    assert told(mailbox) == ["sentinel_silent"]


def test_a_heartbeat_that_leads_elsewhere_is_not_followed(
    auditor: Auditor, outside: Receiver, capsys: pytest.CaptureFixture[str]
) -> None:
    outside.status = 302
    assert auditor.look(clock.now()) == ()
    assert outside.pings == ["/ping/secret"]
    assert "secret" not in capsys.readouterr().out


def test_the_process_looks_until_it_is_told_to_stop(auditor: Auditor, outside: Receiver) -> None:
    stop = threading.Event()
    thread = threading.Thread(target=run, args=(stop, lambda: 0.05), daemon=True)
    thread.start()
    wait_until(lambda: len(outside.pings) >= 2, 20, "two pings")
    stop.set()
    thread.join(20)
    assert not thread.is_alive()

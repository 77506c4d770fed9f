"""The outbox against a real SMTP server: once per key, at least once whatever happens."""

import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from uuid import UUID

import pytest

from core import clock
from core.doors import Service, before_sign_in, serving
from core.settings import settings
from identity import service as identity
from messages import service as messages
from messages.delivery import LEASE
from messages.message import Message, Template
from messages.store import claim_messages, save_message
from tests.conftest import Database
from tests.mailbox import Mailbox, open_mailbox


@pytest.fixture
def mailbox(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    with open_mailbox() as box:
        monkeypatch.setenv("CHEVET_SMTP_PORT", str(box.port))
        monkeypatch.setenv("CHEVET_SMTP_TIMEOUT_SECONDS", "2")
        monkeypatch.setenv("CHEVET_OPERATOR_MAIL", "operator@example.org")
        settings.cache_clear()
        yield box


def put_out(count: int = 1, address: str = "nurse@example.org", about: UUID | None = None) -> UUID:
    person = identity.register_person("Inès Moreau")
    now = clock.now()
    with serving(Service.REVIEW) as conn:
        for number in range(count):
            message = Message(
                key=f"{person}:{number}",
                recipient=person,
                address=address,
                template=Template.MESSAGE_WAITING,
                params={"alert_id": str(person)},
                locale="fr",
                about=about,
            )
            assert save_message(conn, message, now)
            assert not save_message(conn, message, now)
    return person


def states() -> list[tuple[object, ...]]:
    with serving(Service.OUTBOX) as conn:
        return conn.execute(
            "select state, attempts::int, last_error from messages.outbox order by key"
        ).fetchall()


def test_a_message_is_sent_once(mailbox: Mailbox) -> None:
    person = put_out()
    assert messages.send_due(clock.now()) == messages.Sending(sent=1)
    assert messages.send_due(clock.now()) == messages.Sending()
    assert mailbox.ids == [f"<{person}.0@localhost>"]
    assert mailbox.taken[0].mail["Subject"] == "Un message vous attend dans Chevet"
    assert states() == [("sent", 1, None)]


def test_what_one_sender_is_taking_no_other_takes_or_waits_for(database: Database) -> None:
    put_out(2)
    now = clock.now()
    with serving(Service.OUTBOX) as one:
        first = claim_messages(one, now=now, lease_until=now + LEASE, limit=1)
        with serving(Service.OUTBOX) as other:
            other.execute("set local lock_timeout = '2s'")
            second = claim_messages(other, now=now, lease_until=now + LEASE, limit=2)
    assert (len(first), len(second)) == (1, 1)
    assert first[0].id != second[0].id


def test_four_senders_at_once_send_each_message_once(mailbox: Mailbox) -> None:
    put_out(50)
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda _: messages.send_due(clock.now()), range(8)))
    assert sum(each.sent for each in done) == 50
    assert len(mailbox.ids) == len(set(mailbox.ids)) == 50


def test_a_crowd_nobody_is_told_of_any_more_holds_up_nobody(mailbox: Mailbox) -> None:
    """Its recipients are in no circle of whom it speaks: it is taken away, and the next is sent."""
    patient = identity.register_patient(
        birth_name="Martin", birth_first_names="Jeanne", birth_date=date(1950, 1, 1), sex="female"
    )
    put_out(3 * messages.BATCH, about=patient)
    person = put_out()
    passes = 0
    while messages.send_due(clock.now()).more:
        passes += 1
    assert mailbox.ids == [f"<{person}.0@localhost>"]
    assert 2 <= passes <= 4


def test_a_busy_relay_is_asked_again_and_gets_the_same_message_id(mailbox: Mailbox) -> None:
    mailbox.reply = lambda _, tries: "451 busy" if tries == 1 else "250 OK"
    person = put_out()
    assert messages.send_due(clock.now()) == messages.Sending(retried=1)
    assert messages.send_due(clock.now()) == messages.Sending()
    assert states() == [("waiting", 1, "SMTP 451")]
    assert messages.send_due(clock.now() + timedelta(seconds=3)).sent == 1
    assert states() == [("sent", 2, None)]
    assert mailbox.ids == [f"<{person}.0@localhost>"]


def test_a_dead_address_ends_the_message_and_alarms_the_operator(mailbox: Mailbox) -> None:
    mailbox.reply = lambda to, _: "550 unknown" if to == "gone@example.org" else "250 OK"
    put_out(address="gone@example.org")
    put_out()
    assert messages.send_due(clock.now()) == messages.Sending(sent=1, dead=1)
    assert messages.send_due(clock.now()).sent == 1
    (told,) = mailbox.to("operator@example.org")
    body = told.mail.get_body(("plain",))
    assert body is not None
    assert "définitivement refusé" in body.get_content()


def test_a_link_that_reaches_nobody_alarms_the_operator(mailbox: Mailbox) -> None:
    mailbox.reply = lambda to, _: "550 unknown" if to == "gone@example.org" else "250 OK"
    person = identity.register_person("Inès Moreau")
    message = Message(
        key=f"activation:{person}",
        recipient=person,
        address="gone@example.org",
        template=Template.NEW_BROWSER,
        params={},
        locale="fr",
    )
    with before_sign_in() as conn:
        messages.put_out(conn, message, clock.now())
    assert messages.send_due(clock.now()) == messages.Sending(dead=1)
    assert messages.send_due(clock.now()).sent == 1
    assert len(mailbox.to("operator@example.org")) == 1


@pytest.mark.promise("R3")
def test_an_address_that_smtp_cannot_say_holds_up_nobody(mailbox: Mailbox) -> None:
    put_out(address="inès@example.org")
    put_out(3)
    assert messages.send_due(clock.now()) == messages.Sending(sent=3, dead=1)
    assert messages.send_due(clock.now()).sent == 1
    assert len(mailbox.to("nurse@example.org")) == 3
    assert len(mailbox.to("operator@example.org")) == 1


def test_a_mail_that_cannot_be_written_leaves_no_secret_in_the_log(
    mailbox: Mailbox, capsys: pytest.CaptureFixture[str]
) -> None:
    put_out(address="ines@example.org\nBcc: thief@example.org")
    assert messages.send_due(clock.now()) == messages.Sending(retried=1)
    said = "".join(capsys.readouterr())
    assert "message_unwritable" in said
    assert "postgresql://" not in said
    assert "ines@" not in said
    assert mailbox.ids == []


def test_a_relay_that_is_away_loses_nothing(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_out(3)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        monkeypatch.setenv("CHEVET_SMTP_PORT", str(free.getsockname()[1]))
        settings.cache_clear()
        assert messages.send_due(clock.now()) == messages.Sending(retried=3)
    monkeypatch.setenv("CHEVET_SMTP_PORT", str(mailbox.port))
    settings.cache_clear()
    assert messages.send_due(clock.now() + timedelta(seconds=3)).sent == 3


def test_a_relay_that_hangs_is_left_in_time(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHEVET_SMTP_TIMEOUT_SECONDS", "0.3")
    put_out(2)
    with socket.create_server(("127.0.0.1", 0)) as mute:
        monkeypatch.setenv("CHEVET_SMTP_PORT", str(mute.getsockname()[1]))
        settings.cache_clear()
        began = clock.monotonic()
        assert messages.send_due(clock.now()).retried == 2
        assert clock.monotonic() - began < 15  # of a relay that would hang for ever


def test_no_transaction_is_open_while_the_relay_is_spoken_to(mailbox: Mailbox) -> None:
    mailbox.pause_s = 0.5
    put_out()
    sender = threading.Thread(target=messages.send_due, args=(clock.now(),))
    sender.start()
    open_ones = set()
    while sender.is_alive():
        with serving(Service.HEARTBEAT) as conn:
            open_ones |= set(
                conn.execute(
                    "select pid from pg_stat_activity where state = 'idle in transaction'"
                    " and datname = current_database() and now() - xact_start > '100 ms'"
                ).fetchall()
            )
    sender.join()
    assert open_ones == set()
    assert len(mailbox.ids) == 1


def test_a_sender_that_died_is_replaced_when_its_lease_ends(mailbox: Mailbox) -> None:
    put_out()
    now = clock.now()
    with serving(Service.OUTBOX) as conn:
        (dead,) = claim_messages(conn, now=now, lease_until=now + LEASE, limit=20)
    assert messages.send_due(clock.now()) == messages.Sending()
    assert messages.send_due(now + LEASE + timedelta(seconds=1)).sent == 1
    assert mailbox.ids == [f"<{dead.key.replace(':', '.')}@localhost>"]
    assert states() == [("sent", 2, None)]


def test_a_contact_point_is_noted_once(database: Database) -> None:
    person = identity.register_person("Inès Moreau")
    first = messages.register_contact(person, "email", " ines@example.org ")
    assert messages.register_contact(person, "email", "ines@example.org") == first

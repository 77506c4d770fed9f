"""Text messages with two gateways: what the first one does not take, the second one sends."""

import socket
from collections.abc import Iterator
from contextlib import closing

import pytest

from core import clock
from core.doors import Service, serving
from core.settings import settings
from identity import service as identity
from messages import service as messages
from messages.delivery import TIME_FOR_ONE
from messages.message import Message, Template
from messages.store import save_message
from tests.conftest import Database
from tests.sms_provider import SmsProvider, open_sms_provider

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
NUMBER = "+33639980001"


@pytest.fixture
def gateways(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[SmsProvider, SmsProvider]]:
    with open_sms_provider() as first, open_sms_provider() as second:
        name_gateways(monkeypatch, first.url, second.url)
        yield first, second


def name_gateways(monkeypatch: pytest.MonkeyPatch, first: str, second: str) -> None:
    monkeypatch.setenv("CHEVET_SMS_URL", first)
    monkeypatch.setenv("CHEVET_SMS_URL_SECOND", second)
    settings.cache_clear()


def put_out(count: int = 1) -> None:
    person = identity.register_person("Inès Moreau")
    with serving(Service.REVIEW) as conn:
        for number in range(count):
            message = Message(
                key=f"{person}:{number}",
                recipient=person,
                address=NUMBER,
                channel="sms",
                template=Template.MESSAGE_WAITING,
                params={"alert_id": str(person)},
                locale="fr",
            )
            assert save_message(conn, message, clock.now())


def states() -> list[tuple[object, ...]]:
    with serving(Service.OUTBOX) as conn:
        return conn.execute("select state, attempts::int from messages.outbox").fetchall()


def test_the_first_one_takes_it_and_the_second_is_not_asked(
    gateways: tuple[SmsProvider, SmsProvider],
) -> None:
    first, second = gateways
    put_out()
    assert messages.send_due(clock.now()) == messages.Sending(sent=1)
    assert [number for number, _ in first.taken] == [NUMBER]
    assert second.tries == 0


def test_what_the_first_refuses_the_second_sends_at_once_and_once(
    gateways: tuple[SmsProvider, SmsProvider],
) -> None:
    first, second = gateways
    first.down = True
    put_out()
    assert messages.send_due(clock.now()) == messages.Sending(sent=1)
    assert [number for number, _ in second.taken] == [NUMBER]
    assert "alerte" not in second.taken[0][1].lower()
    assert states() == [("sent", 1)]
    assert messages.send_due(clock.now()) == messages.Sending()


def test_a_first_one_that_is_away_is_asked_once_a_pass(
    gateways: tuple[SmsProvider, SmsProvider],
) -> None:
    first, second = gateways
    first.down = True
    put_out(12)
    assert messages.send_due(clock.now()) == messages.Sending(sent=12)
    assert first.tries == 1
    assert len(second.taken) == 12


def test_one_that_takes_the_call_and_says_nothing_costs_less_than_a_lease(
    gateways: tuple[SmsProvider, SmsProvider], monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as mute:
        port = mute.getsockname()[1]
        name_gateways(monkeypatch, f"json://127.0.0.1:{port}/sms/{{to}}", gateways[1].url)
        put_out()
        begun = clock.monotonic()
        assert messages.send_due(clock.now()) == messages.Sending(sent=1)
        assert clock.monotonic() - begun < TIME_FOR_ONE.total_seconds()
    assert len(gateways[1].taken) == 1


def test_with_both_away_the_message_waits_and_is_tried_again(
    gateways: tuple[SmsProvider, SmsProvider],
) -> None:
    first, second = gateways
    first.down = second.down = True
    put_out()
    assert messages.send_due(clock.now()) == messages.Sending(retried=1)
    assert states() == [("waiting", 1)]

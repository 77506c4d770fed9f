"""An alert comes by mail, and by text message and notification as its recipient chose."""

import re
from datetime import timedelta
from uuid import UUID

import pytest

from alerts import service as alerts
from alerts.ladder import Recipient
from alerts.telling import Fate
from core import clock
from core.doors import Service, serving
from core.settings import settings
from core.vitals import Vital
from identity.link import read_link
from messages import receipt_service
from tests.as_owner import rows, run
from tests.integration.alerts.home import measure
from tests.integration.telling.conftest import NUMBER, Desk, outbox

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
LINK = re.compile(r"/l/([\w-]+)")
MINUTE = timedelta(minutes=1)
MILLISECOND = timedelta(milliseconds=1)


def test_an_alert_comes_by_every_way_that_was_chosen_once_and_says_nothing(desk: Desk) -> None:
    desk.choose(alert_sms=True)
    desk.subscribe()
    desk.alarm()
    desk.send()
    desk.send()
    assert desk.came() == (1, 1, 1)
    ((alert,),) = rows("select id from alerts.alert")
    nurse = desk.nurse.person
    assert rows("select key from messages.outbox order by channel") == [
        (f"{alert}:1:1:{nurse}:{channel}",) for channel in ("email", "push", "sms")
    ]
    ((number, text),) = desk.gateways[0].taken
    assert number == NUMBER
    assert text.endswith("appelez le 15.")
    (said,) = desk.notified()
    for address in (text, str(said["url"])):
        found = LINK.search(address)
        assert found is not None
        assert read_link(found[1], clock.now()) == (nurse, alert)
        assert str(alert) not in address
    assert said["body"] == "Un message vous attend"
    for words in (text, str(said["title"]), str(said["body"])):
        assert not any(word in words.lower() for word in ("martin", "spo2", "rouge", "alerte"))


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ({}, (1, 0, 1)),
        ({"alert_sms": True}, (1, 1, 1)),
        ({"alert_push": False}, (1, 0, 0)),
        ({"alert_sms": True, "alert_push": False}, (1, 1, 0)),
    ],
)
def test_a_mail_always_and_besides_it_what_was_chosen(
    desk: Desk, chosen: dict[str, object], expected: tuple[int, int, int]
) -> None:
    if chosen:
        desk.choose(**chosen)
    desk.subscribe()
    desk.alarm()
    desk.send()
    assert desk.came() == expected


def test_a_receipt_of_the_browser_is_shown_with_who_was_told(desk: Desk) -> None:
    desk.subscribe()
    desk.alarm()
    assert desk.first_told().fate is Fate.WAITING
    desk.send()
    assert desk.first_told().fate is Fate.SENT
    (said,) = desk.notified()
    message, proof = UUID(str(said["id"])), str(said["receipt"])
    assert receipt_service.note_receipt(message, proof, opened=False)
    told = desk.first_told()
    assert told.fate is Fate.RECEIVED
    assert told.at is not None
    assert desk.page().receipts == (), "a receipt of a browser is no « Vu »"


def test_a_member_removed_while_a_text_message_is_queued_gets_none(desk: Desk) -> None:
    desk.choose(alert_sms=True)
    desk.subscribe()
    at = desk.alarm()
    run("update access.post set ends_at = now() where person = %s", desk.nurse.person)
    assert outbox() == [("email", "cancelled"), ("push", "cancelled"), ("sms", "cancelled")]
    desk.send()
    assert desk.came() == (0, 0, 0)
    assert alerts.escalate_due(at + MINUTE).alerts == 1
    called = rows(
        "select detail ->> 'role' from alerts.alert_event where what = 'called' order by id"
    )
    assert called[-1] == (Recipient.GP,)


def test_with_both_gateways_away_the_mail_goes_and_the_text_message_waits(desk: Desk) -> None:
    desk.choose(alert_sms=True)
    for gateway in desk.gateways:
        gateway.down = True
    at = desk.alarm()
    assert desk.send().retried == 1
    assert outbox() == [("email", "sent"), ("sms", "waiting")]
    assert desk.first_told().fate is Fate.SENT
    assert alerts.escalate_due(at + 10 * MINUTE).alerts == 1, "the ladder waits for no gateway"
    with serving(Service.ESCALATION) as conn:
        found = conn.execute(
            "select kind from core.auditor_findings(%s)", [clock.now() + 6 * MINUTE]
        ).fetchall()
    assert ("message_stuck",) in found
    desk.gateways[1].down = False
    run("update messages.outbox set next_attempt_at = now() where channel = 'sms'")
    desk.send()
    assert [number for number, _ in desk.gateways[1].taken] == [NUMBER]


def test_two_readings_one_millisecond_apart_call_once(desk: Desk) -> None:
    desk.choose(alert_sms=True)
    desk.subscribe()
    now = clock.now()
    measure(
        desk.home,
        [(Vital.SPO2, 85, 2 * MILLISECOND), (Vital.SPO2, 84, MILLISECOND)],
        now=now,
    )
    alerts.review(now)
    measure(desk.home, [(Vital.SPO2, 83, timedelta(0))], now=now)
    alerts.review(now)
    assert rows("select count(*) from alerts.alert") == [(1,)]
    desk.send()
    assert desk.came() == (1, 1, 1)


def test_what_the_site_cannot_send_does_not_wait(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.choose(alert_sms=True)
    desk.subscribe()
    for name in ("SMS_URL", "SMS_URL_SECOND", "VAPID_PRIVATE_KEY"):
        monkeypatch.setenv(f"CHEVET_{name}", "")
    settings.cache_clear()
    desk.alarm()
    assert outbox() == [("email", "waiting")]


def test_two_browsers_and_two_mailboxes_of_one_person_are_all_told(desk: Desk) -> None:
    from messages import service as messages

    messages.register_contact(desk.nurse.person, "email", "ines@second.example")
    desk.subscribe()
    desk.subscribe()
    desk.alarm()
    desk.send()
    assert desk.came() == (2, 0, 2)
    assert desk.first_told().fate is Fate.SENT

"""Notifications as a service of notifications gets them, and what browsers answer."""

import json
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from core import clock
from core.doors import Actor, Service, serving
from core.settings import settings
from messages import push_service, receipt_service
from messages import service as messages
from messages.message import Message, Template, Weight
from messages.store import save_message
from tests.as_owner import rows
from tests.people import make_patient
from tests.push_provider import PushProvider, Subscribed


def actor_of(person: UUID) -> Actor:
    return Actor(person=person, post=None, session=None, purpose="PATRQT")


def subscribed(push: PushProvider, person: UUID) -> tuple[UUID, Subscribed]:
    browser = push.browser()
    made = push_service.subscribe(
        actor_of(person), browser.endpoint, browser.p256dh, browser.auth, "Téléphone de Jeanne"
    )
    assert made is not None
    return made, browser


def notify(person: UUID, subscription: UUID, weight: Weight = Weight.REMINDER) -> str:
    key = f"test:{uuid4()}"
    now = clock.now()
    with serving(Service.OUTBOX) as conn:
        message = Message(
            key=key,
            recipient=person,
            address=str(subscription),
            template=Template.REMINDER,
            params={},
            locale="fr",
            channel="push",
            weight=weight,
            expires_at=now + timedelta(hours=3),
        )
        assert save_message(conn, message, now)
    return key


def states() -> list[tuple[object, ...]]:
    return rows("select state, attempts::int, last_error from messages.outbox order by key")


def test_a_notification_arrives_encrypted_signed_and_says_nothing(push: PushProvider) -> None:
    jeanne = make_patient()
    subscription, browser = subscribed(push, jeanne)
    notify(jeanne, subscription)
    before = len(push.taken())
    assert messages.send_due(clock.now()).sent == 1
    (notified,) = push.taken()[before:]
    assert notified.endpoint == browser.endpoint
    assert notified.said["title"] == "Chevet"
    assert notified.said["body"] == "Un message vous attend"
    assert notified.said["url"] == "/p"
    assert set(notified.said) == {"title", "body", "url", "id", "receipt"}
    assert notified.subject == "mailto:telesuivi@demo.invalid"
    assert notified.headers["urgency"] == "high"
    assert len(notified.headers["topic"]) <= 32
    assert 3590 * 3 < int(notified.headers["ttl"]) <= 3600 * 3


def test_keys_and_endpoint_stand_nowhere_in_the_clear(push: PushProvider) -> None:
    jeanne = make_patient()
    _, browser = subscribed(push, jeanne)
    kept = str(rows("select s::text from messages.subscription s"))
    for secret in (browser.endpoint, browser.auth, browser.p256dh):
        assert secret not in kept


def test_accepted_then_received_then_opened(push: PushProvider) -> None:
    jeanne = make_patient()
    subscription, _ = subscribed(push, jeanne)
    notify(jeanne, subscription)
    messages.send_due(clock.now())
    said = push.taken()[-1].said
    state = "select first_sent_at is not null, received_at is not null, opened_at is not null"
    assert rows(f"{state} from messages.outbox") == [(True, False, False)]
    assert not receipt_service.note_receipt(UUID(said["id"]), "guessed", opened=False)
    assert not receipt_service.note_receipt(uuid4(), said["receipt"], opened=False)
    assert rows(f"{state} from messages.outbox") == [(True, False, False)]
    assert receipt_service.note_receipt(UUID(said["id"]), said["receipt"], opened=False)
    assert rows(f"{state} from messages.outbox") == [(True, True, False)]
    assert receipt_service.note_receipt(UUID(said["id"]), said["receipt"], opened=True)
    assert receipt_service.note_receipt(UUID(said["id"]), said["receipt"], opened=True)
    assert rows(f"{state} from messages.outbox") == [(True, True, True)]
    (mine,) = push_service.my_browsers(actor_of(jeanne))
    assert mine.last_received_at is not None


@pytest.mark.parametrize("mode", ["429", "500"])
def test_a_busy_service_is_asked_again(push: PushProvider, mode: str) -> None:
    jeanne = make_patient()
    subscription, _ = subscribed(push, jeanne)
    notify(jeanne, subscription)
    push.behave(mode)
    assert messages.send_due(clock.now()).retried == 1
    assert states() == [("waiting", 1, f"push {mode}")]
    push.behave("201")
    assert messages.send_due(clock.now() + timedelta(seconds=3)).sent == 1


def test_a_slow_service_is_left_in_time(
    push: PushProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("messages.edge.push.ANSWER_SECONDS", 0.3)
    jeanne = make_patient()
    subscription, _ = subscribed(push, jeanne)
    notify(jeanne, subscription)
    push.behave("slow")
    began = clock.monotonic()
    assert messages.send_due(clock.now()).retried == 1
    assert clock.monotonic() - began < 3


def test_a_browser_that_takes_no_more_ends_and_its_owner_is_marked(push: PushProvider) -> None:
    jeanne = make_patient()
    first, _ = subscribed(push, jeanne)
    second, _ = subscribed(push, jeanne)
    notify(jeanne, first)
    push.behave("410")
    assert messages.send_due(clock.now()).dead == 1
    assert [one.id for one in push_service.my_browsers(actor_of(jeanne))] == [second]
    assert rows("select channel, reason from messages.contact_fault") == []
    notify(jeanne, second)
    assert messages.send_due(clock.now()).dead == 1
    assert push_service.my_browsers(actor_of(jeanne)) == []
    assert rows("select channel, reason from messages.contact_fault") == [("push", "gone")]
    subscribed(push, jeanne)
    assert rows("select count(*) from messages.contact_fault where cleared_at is null") == [(0,)]


def test_a_subscription_that_was_switched_off_gets_nothing(push: PushProvider) -> None:
    jeanne, other = make_patient(), make_patient("Durand", "Paul")
    subscription, _ = subscribed(push, jeanne)
    notify(jeanne, subscription)
    assert not push_service.unsubscribe(actor_of(other), subscription)
    assert push_service.unsubscribe(actor_of(jeanne), subscription)
    before = push.tries()
    assert messages.send_due(clock.now()).dead == 1
    assert push.tries() == before


def test_the_browser_of_one_becomes_the_browser_of_another_and_of_one_alone(
    push: PushProvider,
) -> None:
    jeanne, paul = make_patient(), make_patient("Durand", "Paul")
    _, browser = subscribed(push, jeanne)
    keys = (browser.endpoint, browser.p256dh, browser.auth, "Tablette")
    assert push_service.subscribe(actor_of(paul), *keys) is not None
    assert push_service.my_browsers(actor_of(jeanne)) == []
    again = push_service.subscribe(actor_of(paul), *keys)
    (mine,) = push_service.my_browsers(actor_of(paul))
    assert mine.id == again


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://10.0.0.5/admin",
        "https://127.0.0.2/send/x",
        "file:///etc/passwd",
        "https://fcm.googleapis.com.thief.example/x",
        "https://me@127.0.0.1/x",
        "http://[::1",
        "https://127.0.0.1/" + "x" * 1000,
    ],
)
def test_no_other_address_is_taken_for_a_service(push: PushProvider, endpoint: str) -> None:
    browser = push.browser()
    made = push_service.subscribe(
        actor_of(make_patient()), endpoint, browser.p256dh, browser.auth, "x"
    )
    assert made is None
    assert rows("select count(*) from messages.subscription") == [(0,)]


def test_a_service_struck_off_the_list_is_not_asked_any_more(
    push: PushProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    jeanne = make_patient()
    subscription, _ = subscribed(push, jeanne)
    notify(jeanne, subscription)
    monkeypatch.setenv("CHEVET_PUSH_HOSTS", "fcm.googleapis.com")
    settings.cache_clear()
    before = push.tries()
    assert messages.send_due(clock.now()).dead == 1
    assert push.tries() == before


def test_a_trial_goes_to_one_of_ones_own_browsers(push: PushProvider) -> None:
    jeanne, other = make_patient(), make_patient("Durand", "Paul")
    subscription, _ = subscribed(push, jeanne)
    assert not push_service.try_out(actor_of(other), subscription, "fr")
    assert push_service.try_out(actor_of(jeanne), subscription, "fr")
    assert messages.send_due(clock.now()).sent == 1
    assert json.dumps(push.taken()[-1].said).count("Un message vous attend") == 1


def test_reminders_wait_behind_every_other_message_and_have_senders_of_their_own(
    push: PushProvider,
) -> None:
    jeanne = make_patient()
    subscription, _ = subscribed(push, jeanne)
    reminders = [notify(jeanne, subscription) for _ in range(25)]
    urgent = notify(jeanne, subscription, Weight.URGENT)
    now = clock.now()
    assert messages.send_due(now, "others").sent == 1
    assert rows("select key from messages.outbox where state = 'sent'") == [(urgent,)]
    assert messages.send_due(now, "others").sent == 0
    assert messages.send_due(now, "reminders").sent == len(reminders) - 5

"""Handing a message over to whoever delivers it, by the way it goes."""

from dataclasses import dataclass
from typing import assert_never
from uuid import UUID

from core import clock
from core.doors import Service, serving
from core.sealing import unseal_text
from core.settings import settings
from messages import push, store
from messages.delivery import Answer
from messages.edge.email import Relay
from messages.edge.letter import page_to_open, write_mail, write_notification, write_text
from messages.edge.push import Browsers
from messages.edge.sms import Gateways
from messages.edge.webhook import Receiver
from messages.message import Claimed
from messages.receipt_service import receipt_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """The conversations of one pass."""

    relay: Relay
    browsers: Browsers
    gateways: Gateways
    receiver: Receiver


def hand_over(ways: Ways, message: Claimed) -> Answer:
    """Write a message for its channel and give it to the provider."""
    match message.channel:
        case "sms":
            return ways.gateways.send(message.address, write_text(message, settings()))
        case "push":
            return _notify(ways.browsers, message)
        case "email":
            return ways.relay.send(write_mail(message, settings()))
        case "webhook":
            return ways.receiver.send(message, clock.now())
        case _:
            assert_never(message.channel)


def _notify(browsers: Browsers, message: Claimed) -> Answer:
    """Send a notification; a browser that takes no more is forgotten, and its owner marked."""
    with serving(Service.OUTBOX) as conn:
        found = store.load_subscription(conn, UUID(message.address))
    if found is None:
        return push.NOT_SUBSCRIBED
    now = clock.now()
    answer = browsers.send(
        push.subscription_of(unseal_text(found.sealed, push.SUBSCRIPTION_PURPOSE)),
        push.payload(
            message, receipt_of(message.id), write_notification(message), page_to_open(message)
        ),
        push.headers(message),
        ttl=push.seconds_to_live(message.expires_at, now),
    )
    if answer != "gone":
        return answer
    with serving(Service.OUTBOX) as conn:
        store.end_subscription(conn, UUID(message.address), now)
    return push.NOT_SUBSCRIBED

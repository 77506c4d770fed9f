"""Use cases of messages: where to reach a party, putting a message out, sending what is due."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never
from uuid import UUID

import structlog
from prometheus_client import Counter

from core import clock
from core.doors import GateConnection, Service, ServiceConnection, serving
from core.failpoint import failpoint
from core.settings import settings
from messages import store
from messages.delivery import (
    LEASE,
    TIME_FOR_ONE,
    Answer,
    Dead,
    Fate,
    PermanentFailure,
    Retry,
    Sent,
    TransientFailure,
    decide_fate,
)
from messages.edge.email import Relay
from messages.edge.push import Browsers
from messages.edge.sms import Gateways
from messages.edge.webhook import Receiver
from messages.fault_service import FaultyWay, clear_fault, note_fault
from messages.handing_service import Ways, hand_over
from messages.message import Claimed, Lane, Message, Occurrence, Template, Weight, may_go_to

_log = structlog.get_logger("messages")
_FATES = Counter(
    "chevet_messages_total", "Attempts to send a message, by what came of it", ["fate"]
)
OPERATOR_LOCALE = "fr"
OUTSIDE_TRAINING = "a training territory sends nothing outside its own addresses"
BATCH = 20
TRIES_BEFORE_DOUBT = 3
"""Attempts after which a number that others' gateway takes no message for is doubted (proposed)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """What one pass did: messages sent, to be tried again, never to be sent, and not wanted."""

    sent: int = 0
    retried: int = 0
    dead: int = 0
    dropped: int = 0
    """Cancelled or passed over because nobody is to be told any more: others may wait behind."""

    @property
    def more(self) -> bool:
        """Say whether there may be more to send at once."""
        return self.sent + self.dropped > 0


def register_contact(party: UUID, channel: str, address: str) -> UUID:
    """Note where a party can be told something; channels are « email » and « sms »."""
    with serving(Service.ADMINISTRATION) as conn:
        return store.save_contact(
            conn, party=party, channel=channel, address=address.strip(), now=clock.now()
        )


def tell_operator(
    conn: ServiceConnection,
    occurrence: Occurrence,
    reference: str,
    now: datetime,
    *,
    about: UUID | None = None,
) -> bool:
    """Put a message to the operator out, in the caller's transaction; once per reference.

    Without an operator's address the log is all there is, and says so. What is `about` a party in
    training is nobody's emergency: it is logged as such, and wakes nobody.
    """
    if about is not None and store.is_training(conn, about):
        _log.info("training_needs_nobody", occurrence=occurrence, reference=reference)
        return False
    address = settings().operator_mail
    if not address:
        _log.error("operator_needed", occurrence=occurrence, reference=reference, mailed=False)
        return False
    message = Message(
        key=f"operator:{occurrence}:{reference}",
        recipient=None,
        address=address,
        template=Template.OPERATOR_NOTICE,
        params={"what": occurrence, "reference": reference},
        locale=OPERATOR_LOCALE,
    )
    told = store.save_message(conn, message, now)
    if told:
        _log.error("operator_needed", occurrence=occurrence, reference=reference, mailed=True)
    return told


def put_out(conn: GateConnection, message: Message, now: datetime) -> None:
    """Put a message about signing in out, in the transaction of what it tells."""
    store.save_message_before_sign_in(conn, message, now)


def mail_of(conn: GateConnection, party: UUID) -> str | None:
    """Return the mail address at which a party can be told something, before sign-in."""
    return store.load_mail_before_sign_in(conn, party)


def send_due(now: datetime, lane: Lane = "all") -> Sending:
    """Send the messages that are due, with no transaction open while anybody is spoken to.

    Any number of senders at once: each message is leased to one. A crash between the provider's
    acceptance and our note sends it again with the same Message-ID, or the same topic. `lane`:
    reminders have senders of their own, so that thousands of them keep no call of an alert waiting.
    """
    began = clock.monotonic()
    with serving(Service.OUTBOX) as conn:
        done = Sending(dropped=store.cancel_unwanted(conn, now, limit=BATCH, lane=lane))
        claimed = store.claim_messages(
            conn, now=now, lease_until=now + LEASE, limit=BATCH, lane=lane
        )
        # The claim asks whether the first is wanted, and each note about the one after it.
        asked = {one.id: store.is_still_wanted(conn, one, now) for one in claimed[:1]}
    if not claimed:
        return done
    lease_ends = began + LEASE.total_seconds()
    site = settings()
    with Relay(site) as relay, Browsers(site) as browsers, Receiver(site) as receiver:
        gateways = Gateways(site.sms_url, site.sms_url_second)
        ways = Ways(relay=relay, browsers=browsers, gateways=gateways, receiver=receiver)
        for number, message in enumerate(claimed):
            if not (asked[message.id] if message.id in asked else _is_still_wanted(message)):
                done = replace(done, dropped=done.dropped + 1)
                continue
            if clock.monotonic() > lease_ends - TIME_FOR_ONE.total_seconds():
                answer: Answer = TransientFailure("no time left in this lease")
            else:
                answer = _send(ways, message)
            done = _note(message, answer, done, claimed[number + 1 : number + 2], asked)
    return done


def _is_still_wanted(message: Claimed) -> bool:
    """Ask again just before sending, where no note of another message has asked by the way."""
    with serving(Service.OUTBOX) as conn:
        return store.is_still_wanted(conn, message, clock.now())


def _send(ways: Ways, message: Claimed) -> Answer:
    failpoint("outbox.before_send")
    # A notification goes to a browser that somebody in training subscribed himself.
    if (message.training or settings().training) and message.channel != "push":
        domains = settings().training_mail_domains
        if not may_go_to(message.address, domains):
            return PermanentFailure(OUTSIDE_TRAINING)
    try:
        answer = hand_over(ways, message)
    except Exception as error:
        # Without the traceback: it would show the settings, passwords among them.
        _log.error("message_unwritable", message=str(message.id), error=type(error).__name__)
        return TransientFailure(type(error).__name__)
    failpoint("outbox.after_send")
    return answer


def _operator_must_know(message: Claimed) -> bool:
    """Say whether a dead message needs a person of the service.

    A reminder does not: the care team calls who stays silent. Nor does a browser that has gone.
    """
    return (
        message.recipient is not None
        and message.weight != Weight.REMINDER
        and message.channel != "push"
    )


def _of_patient(message: Claimed) -> FaultyWay | None:
    """Return the written way of a reminder, whose faults the desk is shown."""
    if message.weight != Weight.REMINDER or message.recipient is None:
        return None
    return "sms" if message.channel == "sms" else "email" if message.channel == "email" else None


def _way_leads(conn: ServiceConnection, message: Claimed, now: datetime) -> None:
    way = _of_patient(message)
    if way and message.recipient:
        clear_fault(conn, message.recipient, way, now)


def _doubt_number(conn: ServiceConnection, message: Claimed, now: datetime) -> None:
    """Mark a number that the gateway keeps refusing while it takes others: no provider says why."""
    if message.channel != "sms" or message.attempts < TRIES_BEFORE_DOUBT or not message.recipient:
        return
    if _of_patient(message) and store.others_are_taken(conn, message):
        note_fault(conn, message.recipient, "sms", "undeliverable", now)


def _note_dead_way(
    conn: ServiceConnection, message: Claimed, answer: Answer, now: datetime
) -> None:
    way = _of_patient(message)
    if way and message.recipient:
        refused = isinstance(answer, PermanentFailure)
        note_fault(conn, message.recipient, way, "refused" if refused else "undeliverable", now)


def _note(
    message: Claimed,
    answer: Answer,
    done: Sending,
    following: Sequence[Claimed] = (),
    asked: dict[UUID, bool] | None = None,
) -> Sending:
    """Note what became of a message, and in the same transaction ask whether the next is wanted.

    One transaction a message, not two: the way to the database is the most of what a call costs.
    """
    now = clock.now()
    fate = decide_fate(answer, message.attempts, message.created_at, now)
    _FATES.labels(type(fate).__name__.lower()).inc()
    with serving(Service.OUTBOX) as conn:
        done = _note_fate(conn, message, answer, fate, done, now)
        wanted = {one.id: store.is_still_wanted(conn, one, now) for one in following}
    if asked is not None:
        asked.update(wanted)
    return done


def _note_fate(
    conn: ServiceConnection,
    message: Claimed,
    answer: Answer,
    fate: Fate,
    done: Sending,
    now: datetime,
) -> Sending:
    match fate:
        case Sent():
            store.note_sent(conn, message, now)
            _way_leads(conn, message, now)
            return replace(done, sent=done.sent + 1)
        case Retry(at, reason):
            _log.warning("message_delayed", message=str(message.id), reason=reason)
            store.note_retry(conn, message, at, reason)
            _doubt_number(conn, message, now)
            return replace(done, retried=done.retried + 1)
        case Dead(reason):
            _log.error("message_dead", message=str(message.id), reason=reason)
            noted = store.note_dead(conn, message, reason)
            _note_dead_way(conn, message, answer, now)
            if noted and not message.training and _operator_must_know(message):
                tell_operator(conn, Occurrence.DEAD_ADDRESS, str(message.id), now)
            return replace(done, dead=done.dead + 1)
        case _:
            assert_never(fate)

"""Use cases of messages: where to reach a party, putting a message out, sending what is due."""

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
    PermanentFailure,
    Retry,
    Sent,
    TransientFailure,
    decide_fate,
)
from messages.edge.email import Relay
from messages.edge.letter import write_mail, write_text
from messages.edge.sms import send_sms
from messages.message import Claimed, Message, Occurrence, Template, may_go_to

_log = structlog.get_logger("messages")
_FATES = Counter(
    "chevet_messages_total", "Attempts to send a message, by what came of it", ["fate"]
)
OPERATOR_LOCALE = "fr"
OUTSIDE_TRAINING = "a training territory sends nothing outside its own addresses"
BATCH = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """What one pass did: messages sent, to be tried again, and never to be sent."""

    sent: int = 0
    retried: int = 0
    dead: int = 0


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
    _log.error("operator_needed", occurrence=occurrence, reference=reference, mailed=bool(address))
    if not address:
        return False
    message = Message(
        key=f"operator:{occurrence}:{reference}",
        recipient=None,
        address=address,
        template=Template.OPERATOR_NOTICE,
        params={"what": occurrence, "reference": reference},
        locale=OPERATOR_LOCALE,
    )
    return store.save_message(conn, message, now)


def put_out(conn: GateConnection, message: Message, now: datetime) -> None:
    """Put a message about signing in out, in the transaction of what it tells."""
    store.save_message_before_sign_in(conn, message, now)


def mail_of(conn: GateConnection, party: UUID) -> str | None:
    """Return the mail address at which a party can be told something, before sign-in."""
    return store.load_mail_before_sign_in(conn, party)


def send_due(now: datetime) -> Sending:
    """Send the messages that are due, with no transaction open while the relay is spoken to.

    Any number of senders at once: each message is leased to one. A crash between the relay's
    acceptance and our note sends it again with the same Message-ID.
    """
    with serving(Service.OUTBOX) as conn:
        store.cancel_unwanted(conn, now)
        claimed = store.claim_messages(conn, now=now, lease_until=now + LEASE, limit=BATCH)
    done = Sending()
    lease_ends = clock.monotonic() + LEASE.total_seconds()
    with Relay(settings()) as relay:
        for message in claimed:
            if not _is_still_wanted(message):
                continue
            if clock.monotonic() > lease_ends - TIME_FOR_ONE.total_seconds():
                answer: Answer = TransientFailure("no time left in this lease")
            else:
                answer = _send(relay, message)
            done = _note(message, answer, done)
    return done


def _is_still_wanted(message: Claimed) -> bool:
    """Ask again just before sending: minutes may lie between a lease and its last message."""
    with serving(Service.OUTBOX) as conn:
        return store.is_still_wanted(conn, message)


def _send(relay: Relay, message: Claimed) -> Answer:
    failpoint("outbox.before_send")
    if (message.training or settings().training) and not may_go_to(
        message.address, settings().training_mail_domains
    ):
        return PermanentFailure(OUTSIDE_TRAINING)
    try:
        if message.channel == "sms":
            text = write_text(message, settings())
        else:
            mail = write_mail(message, settings())
    except Exception as error:
        # Without the traceback: it would show the settings, passwords among them.
        _log.error("message_unwritable", message=str(message.id), error=type(error).__name__)
        return TransientFailure(type(error).__name__)
    if message.channel == "sms":
        answer = send_sms(settings().sms_url, message.address, text)
    else:
        answer = relay.send(mail)
    failpoint("outbox.after_send")
    return answer


def _note(message: Claimed, answer: Answer, done: Sending) -> Sending:
    now = clock.now()
    fate = decide_fate(answer, message.attempts, message.created_at, now)
    _FATES.labels(type(fate).__name__.lower()).inc()
    with serving(Service.OUTBOX) as conn:
        match fate:
            case Sent():
                store.note_sent(conn, message, now)
                return replace(done, sent=done.sent + 1)
            case Retry(at, reason):
                _log.warning("message_delayed", message=str(message.id), reason=reason)
                store.note_retry(conn, message, at, reason)
                return replace(done, retried=done.retried + 1)
            case Dead(reason):
                _log.error("message_dead", message=str(message.id), reason=reason)
                noted = store.note_dead(conn, message, reason)
                if noted and message.recipient is not None and not message.training:
                    tell_operator(conn, Occurrence.DEAD_ADDRESS, str(message.id), now)
                return replace(done, dead=done.dead + 1)
            case _:
                assert_never(fate)

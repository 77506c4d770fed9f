"""Typed functions over the queries of messages."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg.rows import scalar_row
from psycopg.types.json import Jsonb

from core.doors import GateConnection, ServiceConnection
from core.ids import new_id
from core.rows import fetch_all, fetch_one
from core.sqlfile import load_queries
from messages.message import Claimed, Lane, Message

_SQL = load_queries("messages")


@dataclass(frozen=True, slots=True)
class ContactId:
    """A contact point."""

    id: UUID


@dataclass(frozen=True, slots=True)
class SealedSubscription:
    """A browser that takes notifications, sealed."""

    sealed: str


@dataclass(frozen=True, slots=True)
class Taken:
    """Whether a provider takes messages."""

    taken: bool


@dataclass(frozen=True, slots=True)
class Before:
    """A message of the same kind by the same way; a summary stands at the moment it is sent."""

    id: UUID
    template: str
    state: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class World:
    """Whether a party is invented."""

    training: bool


def is_training(conn: ServiceConnection, party: UUID) -> bool:
    """Say whether a party belongs to a training territory."""
    found = fetch_one(conn, _SQL["is_training"], {"party": party}, World)
    return found is not None and found.training


def save_contact(
    conn: ServiceConnection, *, party: UUID, channel: str, address: str, now: datetime
) -> UUID:
    """Note where a party can be told something; return the contact point, new or known."""
    params = {"party": party, "channel": channel, "address": address}
    conn.execute(_SQL["save_contact"], {**params, "id": new_id(now), "now": now})
    found = fetch_one(conn, _SQL["contact_id"], params, ContactId)
    if found is None:
        raise LookupError("a contact point just saved is not there")
    return found.id


def save_message(conn: ServiceConnection, message: Message, now: datetime) -> bool:
    """Put a message into the outbox; return False when its key is there already."""
    cursor = conn.execute(
        _SQL["save_message"],
        {
            **_columns(message, now),
            "about": message.about,
            "weight": message.weight,
            "task": message.task,
            "expires_at": message.expires_at,
            "gathered_in": message.gathered_in,
            "now": now,
        },
    )
    return cursor.rowcount == 1


def take_turns(conn: ServiceConnection, message: Message) -> None:
    """Let one transaction at a time write to a recipient by a way."""
    params = {"recipient": message.recipient, "channel": message.channel}
    conn.execute(_SQL["take_turns"], params)


def load_before(conn: ServiceConnection, message: Message, since: datetime) -> Before | None:
    """Return the last that told the same recipient as urgently by the same way, locked."""
    params = {
        "recipient": message.recipient,
        "channel": message.channel,
        "address": message.address,
        "weight": message.weight,
        "since": since,
    }
    return fetch_one(conn, _SQL["mail_before"], params, Before)


def load_summary(conn: ServiceConnection, key: str) -> UUID | None:
    """Return a summary that still waits, locked."""
    with conn.cursor(row_factory=scalar_row) as cursor:
        found: UUID | None = cursor.execute(_SQL["summary_of_key"], {"key": key}).fetchone()
    return found


def save_message_before_sign_in(conn: GateConnection, message: Message, now: datetime) -> None:
    """Put a message about signing in into the outbox, before anyone is known."""
    conn.execute(_SQL["gate_put_out"], _columns(message, now))


def load_mail_before_sign_in(conn: GateConnection, party: UUID) -> str | None:
    """Return the newest live mail address of a party."""
    with conn.cursor(row_factory=scalar_row) as cursor:
        found = cursor.execute(_SQL["gate_mail_of"], {"party": party}).fetchone()
    return str(found) if found else None


def _columns(message: Message, now: datetime) -> dict[str, object]:
    return {
        "id": new_id(now),
        "key": message.key,
        "recipient": message.recipient,
        "channel": message.channel,
        "address": message.address,
        "template": message.template,
        "params": Jsonb(dict(message.params)),
        "locale": message.locale,
    }


def cancel_unwanted(conn: ServiceConnection, now: datetime, *, limit: int, lane: Lane) -> int:
    """Cancel, of the `limit` messages next in a lane, those nobody is to be told; return how many.

    Of a summary that is due, what it would tell in vain goes first.
    """
    conn.execute(_SQL["cancel_gathered"], {"now": now})
    params = {"now": now, "limit": limit, "lane": lane}
    return conn.execute(_SQL["cancel_unwanted"], params).rowcount


def is_still_wanted(conn: ServiceConnection, message: Claimed, now: datetime) -> bool:
    """Say whether a leased message is still to be sent: not taken over, cancelled, or of no use."""
    params = {"id": message.id, "attempts": message.attempts, "now": now}
    return conn.execute(_SQL["still_wanted"], params).fetchone() is not None


def claim_messages(
    conn: ServiceConnection, *, now: datetime, lease_until: datetime, limit: int, lane: Lane = "all"
) -> list[Claimed]:
    """Lease up to `limit` messages of a lane that are due."""
    params = {"now": now, "lease_until": lease_until, "limit": limit, "lane": lane}
    return fetch_all(conn, _SQL["claim_messages"], params, Claimed)


def note_sent(conn: ServiceConnection, message: Claimed, now: datetime) -> None:
    """Note that the relay accepted a message."""
    conn.execute(_SQL["note_sent"], {"id": message.id, "now": now})


def note_retry(conn: ServiceConnection, message: Claimed, at: datetime, reason: str) -> None:
    """Note that a message is to be tried again at `at`."""
    params = {"id": message.id, "attempts": message.attempts, "at": at, "reason": reason}
    conn.execute(_SQL["note_retry"], params)


def note_dead(conn: ServiceConnection, message: Claimed, reason: str) -> bool:
    """Note that a message will never be sent; return False when it is no longer ours to note."""
    params = {"id": message.id, "attempts": message.attempts, "reason": reason}
    return conn.execute(_SQL["note_dead"], params).rowcount == 1


def load_subscription(conn: ServiceConnection, subscription: UUID) -> SealedSubscription | None:
    """Return a browser that takes notifications, or None when it takes no more."""
    return fetch_one(conn, _SQL["subscription"], {"id": subscription}, SealedSubscription)


def end_subscription(conn: ServiceConnection, subscription: UUID, now: datetime) -> None:
    """Note that a browser takes no more; mark its owner if it was his last."""
    params = {"id": subscription, "now": now, "fault": new_id(now)}
    conn.execute(_SQL["end_subscription"], params)


def others_are_taken(conn: ServiceConnection, message: Claimed) -> bool:
    """Say whether the provider took messages to others since this one was put out."""
    found = fetch_one(conn, _SQL["others_are_taken"], {"id": message.id}, Taken)
    return found is not None and found.taken

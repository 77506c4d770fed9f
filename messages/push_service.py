"""Use cases of notifications for whoever is signed in: his browsers, and what to get instead."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from core import clock
from core.doors import Actor, acting_as
from core.ids import new_id
from core.rows import fetch_all, fetch_one
from core.sealing import seal_text
from core.settings import settings
from core.sqlfile import load_queries
from messages.edge.push import public_key
from messages.push import SUBSCRIPTION_PURPOSE, parse_subscription

_SQL = load_queries("messages")
Fallback = Literal["sms", "email", "none"]
LONGEST_NAME = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class MyBrowser:
    """A browser of the actor that takes notifications; `last_received_at` by its own receipt."""

    id: UUID
    browser: str
    created_at: datetime
    last_received_at: datetime | None


@dataclass(frozen=True, slots=True)
class _Done:
    done: bool


@dataclass(frozen=True, slots=True)
class _Id:
    id: UUID | None


@dataclass(frozen=True, slots=True)
class _Chosen:
    fallback: str | None


def key_for_browsers() -> str:
    """Return the key a browser subscribes with; empty where notifications are not set up."""
    wanted = settings()
    if not wanted.vapid_private_key or not wanted.vapid_subject:
        return ""
    return public_key(wanted.vapid_private_key)


def subscribe(actor: Actor, endpoint: str, p256dh: str, auth: str, browser: str) -> UUID | None:
    """Let a browser of the actor take notifications; None for what no allowed service gave.

    The same browser again is the same subscription; somebody else's on it ends.
    """
    parsed = parse_subscription(endpoint, p256dh, auth, settings().push_hosts)
    if parsed is None:
        return None
    with acting_as(actor) as conn:
        params = {
            "id": new_id(clock.now()),
            "digest": hashlib.sha256(parsed.endpoint.encode()).digest(),
            "sealed": seal_text(parsed.to_json(), SUBSCRIPTION_PURPOSE),
            "browser": browser.strip()[:LONGEST_NAME] or "?",
        }
        made = fetch_one(conn, _SQL["subscribe"], params, _Id)
    return made.id if made else None


def my_browsers(actor: Actor) -> list[MyBrowser]:
    """Return the browsers of the actor that take notifications."""
    with acting_as(actor) as conn:
        return fetch_all(conn, _SQL["my_subscriptions"], {}, MyBrowser)


def unsubscribe(actor: Actor, subscription: UUID) -> bool:
    """End notifications to one of the actor's browsers; False when he has no such browser."""
    with acting_as(actor) as conn:
        done = fetch_one(conn, _SQL["end_my_subscription"], {"id": subscription}, _Done)
    return done is not None and done.done


def try_out(actor: Actor, subscription: UUID, locale: str) -> bool:
    """Send a notification to one of the actor's browsers; False when he has no such browser."""
    now = clock.now()
    made = new_id(now)
    params = {"id": made, "key": f"trial:{made}", "subscription": subscription, "locale": locale}
    with acting_as(actor) as conn:
        done = fetch_one(conn, _SQL["try_my_subscription"], params, _Done)
    return done is not None and done.done


def my_fallback(actor: Actor) -> Fallback:
    """Return what the actor gets when a notification has not arrived: SMS unless he chose."""
    with acting_as(actor) as conn:
        chosen = fetch_one(conn, _SQL["my_fallback"], {}, _Chosen)
    match chosen.fallback if chosen else None:
        case "email":
            return "email"
        case "none":
            return "none"
        case _:
            return "sms"


def choose_fallback(actor: Actor, fallback: Fallback) -> None:
    """Note what the actor wants to get when a notification has not arrived."""
    with acting_as(actor) as conn:
        conn.execute(_SQL["choose_fallback"], {"fallback": fallback})

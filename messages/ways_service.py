"""Use cases of « Comment me prévenir »: how a professional wants to be told of alerts."""

from dataclasses import dataclass
from datetime import time

from core import clock
from core.doors import Actor, acting_as
from core.ids import new_id
from core.rows import fetch_one
from core.sqlfile import load_queries

_SQL = load_queries("messages")


@dataclass(frozen=True, slots=True, kw_only=True)
class MyWays:
    """How the actor is told: what he chose, and the addresses there are.

    Between `quiet_from` and `quiet_until`, in local time, an orange alert calls somebody else. At
    `digest_at` a mail leads to what happened within the day.
    """

    sms: bool
    push: bool
    quiet_from: time | None
    quiet_until: time | None
    digest_at: time | None
    mails: list[str]
    number: str | None
    browsers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What a professional chooses; `number` in E.164, empty to keep the one he has."""

    sms: bool
    push: bool
    number: str
    quiet_from: time | None
    quiet_until: time | None
    digest_at: time | None = None


@dataclass(frozen=True, slots=True)
class _Chosen:
    done: bool


def my_ways(actor: Actor) -> MyWays:
    """Return how the actor is told of alerts; a mail always comes, and is not chosen."""
    with acting_as(actor) as conn:
        found = fetch_one(conn, _SQL["my_ways"], {}, MyWays)
    if found is None:
        raise LookupError("whoever acts is nobody")
    return found


def choose_ways(actor: Actor, wishes: Wishes) -> bool:
    """Note how the actor wants to be told; False for whoever has no post."""
    params = {
        "contact": new_id(clock.now()),
        "sms": wishes.sms,
        "push": wishes.push,
        "number": wishes.number,
        "quiet_from": wishes.quiet_from,
        "quiet_until": wishes.quiet_until,
        "digest_at": wishes.digest_at,
    }
    with acting_as(actor) as conn:
        done = fetch_one(conn, _SQL["choose_ways"], params, _Chosen)
    return done is not None and done.done

"""Use cases of an organisation's administrator, and of whoever lets a substitute act for him.

The database decides again which organisation it is (`accounts:manage` of the acting post); every
act, refused ones included, leaves its event in the same transaction.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core import clock
from core.access import Permission
from core.doors import Actor, PersonConnection, acting_as, note_access
from core.ids import new_id
from identity import activation_service
from identity.administration.forms import (
    SUCCESSES,
    Invitation,
    Member,
    Outcome,
    Period,
    by_person,
)
from identity.store import administration as rows
from identity.store.administration import Substitute


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of an invitation; `code` is to be given to the person otherwise than by mail."""

    outcome: Outcome
    code: str = ""


def members(actor: Actor) -> tuple[Member, ...]:
    """Return the people of the organisation the actor administers."""
    with acting_as(actor) as conn:
        return by_person(rows.load_posts_administered(conn))


def invite(actor: Actor, asked: Invitation) -> Answered:
    """Give a professional a post here; who has no account is mailed a link to open his."""
    now = clock.now()
    with acting_as(actor) as conn:
        invited = rows.invite(
            conn,
            person=new_id(now),
            post=new_id(now),
            contact=new_id(now),
            family=asked.family,
            given=asked.given,
            rpps=asked.rpps,
            mail=asked.mail,
            role=asked.role,
            starts_at=now,
            ends_at=asked.until,
        )
        outcome = Outcome(invited.outcome)
        _note(conn, actor, "invite", outcome, invited.person, role=asked.role)
    if outcome is not Outcome.INVITED or invited.person is None:
        return Answered(outcome)
    return Answered(outcome, activation_service.invite(invited.person, asked.mail))


def invite_again(actor: Actor, person: UUID) -> Answered:
    """Mail a new link to somebody who has not opened his account; the one before serves no more."""
    with acting_as(actor) as conn:
        waiting = rows.load_waiting(conn, person)
        outcome = Outcome.INVITED if waiting else Outcome.GONE
        _note(conn, actor, "invite_again", outcome, person)
    if waiting is None:
        return Answered(outcome)
    code = activation_service.invite(person, waiting.mail, locale=waiting.locale)
    return Answered(outcome, code)


def end_post(actor: Actor, post: UUID, ends_at: datetime | None) -> Outcome:
    """Let a post end: now, at a day to come, or never (None)."""
    with acting_as(actor) as conn:
        outcome = Outcome(rows.end_post(conn, post, ends_at))
        _note(conn, actor, "end_post", outcome, post, ends_at=_written(ends_at))
    return outcome


def end_post_now(actor: Actor, post: UUID) -> Outcome:
    """Let a post end at once: its sessions and sockets close, its alerts go to others."""
    return end_post(actor, post, clock.now())


def suspend(actor: Actor, person: UUID, *, suspended: bool) -> Outcome:
    """Suspend an account, whose sessions end at once, or let it sign in again."""
    return _decide(actor, person, "suspend" if suspended else "resume", None)


def expire(actor: Actor, person: UUID, at: datetime | None) -> Outcome:
    """Set the end of an account, or none."""
    return _decide(actor, person, "expire", at)


def _decide(actor: Actor, person: UUID, act: str, at: datetime | None) -> Outcome:
    with acting_as(actor) as conn:
        outcome = Outcome(rows.decide_on_account(conn, person, act, at))
        _note(conn, actor, act, outcome, person, at=_written(at))
    return outcome


def substitute(actor: Actor, post: UUID, login: str, period: Period) -> Outcome:
    """Let somebody replace a post for some time, with what its holder sees through it."""
    now = clock.now()
    with acting_as(actor) as conn:
        outcome = Outcome(
            rows.substitute(
                conn,
                id=new_id(now),
                post=post,
                login=login.strip(),
                starts_at=period.starts_at,
                ends_at=period.ends_at,
            )
        )
        span = {"first": _written(period.starts_at), "last": _written(period.ends_at)}
        _note(conn, actor, "substitute", outcome, post, **span)
    return outcome


def own_substitutes(actor: Actor) -> list[Substitute]:
    """Return who replaces the actor in his post, now or later."""
    with acting_as(actor) as conn:
        return rows.load_own_substitutes(conn)


def end_own_substitute(actor: Actor, post: UUID) -> Outcome:
    """Need a substitute no longer: his sessions in that post end at once."""
    with acting_as(actor) as conn:
        ended = rows.end_own_substitute(conn, post)
        outcome = Outcome.DONE if ended else Outcome.GONE
        _note(conn, actor, "end_substitute", outcome, post)
    return outcome


def _note(
    conn: PersonConnection,
    actor: Actor,
    act: str,
    outcome: Outcome,
    about: UUID | None,
    **more: str,
) -> None:
    """Write one event: identifiers and the act, no name and no number."""
    note_access(
        conn,
        actor,
        Permission.ACCOUNTS_MANAGE,
        None,
        "U",
        {"act": act, "about": str(about or ""), "outcome": outcome.value, **more},
        outcome="success" if outcome in SUCCESSES else "refused",
    )


def _written(at: datetime | None) -> str:
    return at.isoformat() if at else ""

"""Messages to one person that follow each other go out together: the first at once, then a summary.

What is told in a summary keeps its own row and key, so that each says when it was told. A summary
is written when it goes out: it counts what still waits then, and is not sent when nothing does.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from core.doors import ServiceConnection
from messages import store
from messages.message import Message, Template


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How messages of one weight follow each other by one way.

    `apart`: how long after one the next goes out. `soon`: a summary due within it takes nothing
    more, for its sender may look before we commit.
    """

    apart: timedelta
    soon: timedelta


CALM: Final = Pace(apart=timedelta(minutes=15), soon=timedelta(minutes=1))
"""For what may wait, by every way. Source: proposed."""
STORM: Final = Pace(apart=timedelta(minutes=1), soon=timedelta(seconds=5))
"""For what is urgent, by the ways that ring: of a thousand at once nobody hears one.
Source: promise R13, at most one a minute; the seconds are proposed."""


def save_gathering(
    conn: ServiceConnection, message: Message, now: datetime, pace: Pace = CALM
) -> bool:
    """Put a message out, or let it be told in a summary; return False when its key is there.

    In the caller's transaction. A summary that is being sent already, or soon, takes nothing more:
    what comes then is told in the next one. Only messages of one weight are told together.
    """
    if message.channel != "email":  # The first two of one moment ring once, not twice.
        store.take_turns(conn, message)
    before = store.load_before(conn, message, now - pace.apart)
    summary = _summary_after(conn, message, before, now, pace) if before else None
    return store.save_message(conn, replace(message, gathered_in=summary), now)


def _summary_after(
    conn: ServiceConnection, message: Message, before: store.Before, now: datetime, pace: Pace
) -> UUID | None:
    """Return the summary that follows a message, or that message if it is one still to come."""
    is_summary = before.template == Template.ALERTS_WAITING
    if is_summary and before.state == "waiting" and before.created_at > now + pace.soon:
        return before.id
    key = f"gathered:{before.id}"
    summary = replace(message, key=key, template=Template.ALERTS_WAITING, params={}, about=None)
    # It stands at the moment it is to go out: before that it is not late.
    store.save_message(conn, summary, max(before.created_at + pace.apart, now))
    return store.load_summary(conn, key)

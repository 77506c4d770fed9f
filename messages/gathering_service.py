"""Messages of little urgency to one person go out together: the first at once, then a summary.

What is told in a summary keeps its own row and key, so that each says when it was told. A summary
is written when it goes out: it counts what still waits then, and is not sent when nothing does.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from core.doors import ServiceConnection
from messages import store
from messages.message import Message, Template

APART: Final = timedelta(minutes=15)
"""How long after a message by one way the next goes out by it. Source: proposed."""
SOON: Final = timedelta(minutes=1)
"""A summary due within it takes nothing more (proposed): its sender may look before we commit."""


def save_gathering(conn: ServiceConnection, message: Message, now: datetime) -> bool:
    """Put a message out, or let it be told in a summary; return False when its key is there.

    In the caller's transaction. A summary that is being sent already, or soon, takes nothing more:
    what comes then is told in the next one.
    """
    before = store.load_before(conn, message, now - APART)
    summary = _summary_after(conn, message, before, now) if before else None
    return store.save_message(conn, replace(message, gathered_in=summary), now)


def _summary_after(
    conn: ServiceConnection, message: Message, before: store.Before, now: datetime
) -> UUID | None:
    """Return the summary that follows a message, or that message if it is one still to come."""
    is_summary = before.template == Template.ALERTS_WAITING
    if is_summary and before.state == "waiting" and before.created_at > now + SOON:
        return before.id
    key = f"gathered:{before.id}"
    summary = replace(message, key=key, template=Template.ALERTS_WAITING, params={}, about=None)
    # It stands at the moment it is to go out: before that it is not late.
    store.save_message(conn, summary, max(before.created_at + APART, now))
    return store.load_summary(conn, key)

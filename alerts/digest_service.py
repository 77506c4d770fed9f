"""The daily summary: a mail at the hour a professional chose, which leads to a page of the day."""

from datetime import datetime

from alerts.store.handing_on import load_digests_due
from core.doors import Service, serving
from core.settings import settings
from messages.message import Message, Template
from messages.store import save_message


def put_out_digests(now: datetime) -> int:
    """Put out the summaries that are due, each once a day; return how many."""
    with serving(Service.OUTBOX) as conn:
        due = load_digests_due(conn, now, settings().time_zone)
        for one in due:
            message = Message(
                key=f"digest:{one.person}:{one.day}",
                recipient=one.person,
                address=one.address,
                template=Template.DIGEST,
                params={},
                locale=one.locale,
            )
            save_message(conn, message, now)
    return len(due)

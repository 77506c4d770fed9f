"""Telling another system what happens to alerts: put into the outbox, which sends and repeats."""

from datetime import UTC, datetime, timedelta
from typing import Final

from alerts.handing_on import EVENTS
from alerts.store.handing_on import load_events
from core.doors import Service, serving
from core.settings import settings
from messages.message import Message, Template
from messages.store import save_message

LOOKED_BACK: Final = timedelta(hours=24)
"""How far back steps are looked for; as long as a message is tried (messages.delivery)."""
BATCH: Final = 200
ADDRESS: Final = "webhook"
"""Stands in the outbox: the address itself is a setting, and may change while a message waits."""


def hand_on(now: datetime) -> int:
    """Put out what another system is still to be told; return how many. None without one."""
    if not settings().webhook_url:
        return 0
    with serving(Service.OUTBOX) as conn:
        events = load_events(conn, now - LOOKED_BACK, list(EVENTS), BATCH)
        for event in events:
            message = Message(
                key=f"webhook:{event.id}",
                recipient=None,
                address=ADDRESS,
                channel="webhook",
                template=Template.ALERT_EVENT,
                params={
                    "alert": str(event.alert_id),
                    "event": EVENTS[event.what],
                    "at": event.at.astimezone(UTC).isoformat(timespec="seconds"),
                },
                locale="en",
            )
            save_message(conn, message, now)
    return len(events)

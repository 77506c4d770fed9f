"""Celery's part in sending: more hands, never the only ones. Registered by `app.worker`."""

from core import clock
from messages import service


def send_due() -> int:
    """Send what is due; return how many messages went out."""
    return service.send_due(clock.now()).sent

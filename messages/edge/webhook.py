"""Tells another system of what happens to alerts, at the one address of the settings.

Every step under a deadline, and never led elsewhere: another address it answers with is not asked.
"""

from datetime import datetime
from types import TracebackType
from typing import Final, Self
from urllib.parse import urlsplit

import httpx2

from core.settings import Settings
from messages.delivery import Answer, TransientFailure
from messages.message import Claimed
from messages.webhook import SHORTEST_SECRET, body_of, headers_of, read_status

SECONDS: Final = 2.0
"""How long the system may take to be reached, and again to answer (proposed)."""
LOOPBACK: Final = frozenset({"127.0.0.1", "localhost"})
"""Where it may be told without TLS: a relay on the same machine."""


class Receiver:
    """The other system, spoken to when the first message is sent."""

    def __init__(self, settings: Settings) -> None:
        """Take its address and the secret from the settings."""
        self._url = settings.webhook_url
        self._secret = settings.webhook_secret
        self._client: httpx2.Client | None = None

    def __enter__(self) -> Self:
        """Open nothing yet."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Hang up."""
        if self._client is not None:
            self._client.close()

    def send(self, message: Claimed, now: datetime) -> Answer:
        """Hand one message over, signed; never raises for what the network or the system does."""
        if not may_be_told(self._url) or len(self._secret) < SHORTEST_SECRET:
            return TransientFailure("CHEVET_WEBHOOK_URL and CHEVET_WEBHOOK_SECRET are not usable")
        if self._client is None:
            self._client = httpx2.Client(timeout=SECONDS, follow_redirects=False)
        body = body_of(message)
        headers = headers_of(message, body, self._secret, now)
        try:
            # What it answers besides its status is not read: it may be long, or never end.
            with self._client.stream("POST", self._url, content=body, headers=headers) as answered:
                return read_status(answered.status_code)
        except (httpx2.HTTPError, ValueError, OSError) as error:
            return TransientFailure(type(error).__name__)


def may_be_told(url: str) -> bool:
    """Say whether an address may be told anything: TLS, or this very machine."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return bool(parts.hostname) and (
        parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
    )

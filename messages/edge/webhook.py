"""Tells another system of what happens to alerts, at the one address of the settings.

The whole under one deadline, and never led elsewhere: another address it answers with is not asked.
"""

import asyncio
from datetime import datetime
from types import TracebackType
from typing import Final, Self
from urllib.parse import urlsplit

import httpx2

from core.settings import Settings
from messages.delivery import Answer, TransientFailure
from messages.message import Claimed
from messages.webhook import SHORTEST_SECRET, body_of, headers_of, read_status

SECONDS: Final = 4.0
"""How long the system may take to be reached and to answer (proposed)."""
LOOPBACK: Final = frozenset({"127.0.0.1", "localhost"})
"""Where it may be told without TLS: a relay on the same machine."""


class Receiver:
    """The other system, spoken to anew for each message."""

    def __init__(self, settings: Settings) -> None:
        """Take its address and the secret from the settings."""
        self._url = settings.webhook_url
        self._secret = settings.webhook_secret

    def __enter__(self) -> Self:
        """Open nothing."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Nothing is left open between two messages."""

    def send(self, message: Claimed, now: datetime) -> Answer:
        """Hand one message over, signed; never raises for what the network or the system does."""
        if not may_be_told(self._url) or len(self._secret) < SHORTEST_SECRET:
            return TransientFailure("CHEVET_WEBHOOK_URL and CHEVET_WEBHOOK_SECRET are not usable")
        body = body_of(message)
        headers = headers_of(message, body, self._secret, now)
        try:
            return read_status(asyncio.run(_post(self._url, body, headers)))
        except (httpx2.HTTPError, ValueError, OSError) as error:
            return TransientFailure(type(error).__name__)


async def _post(url: str, body: bytes, headers: dict[str, str]) -> int:
    """Return the status it answers with; TimeoutError when that takes too long as a whole.

    A deadline of each step would not do: a system that sends a letter a second ends no step. What
    it answers besides its status is not read, for it may be long, or never end.
    """
    async with (
        asyncio.timeout(SECONDS),
        httpx2.AsyncClient(timeout=None, follow_redirects=False) as client,
        client.stream("POST", url, content=body, headers=headers) as answered,
    ):
        return answered.status_code


def may_be_told(url: str) -> bool:
    """Say whether an address may be told anything: TLS, or this very machine."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return bool(parts.hostname) and (
        parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
    )

"""A real SMTP server on loopback that keeps what it is sent, for the demonstration to show."""

import email
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import default
from threading import Lock
from typing import Any

from aiosmtpd.controller import Controller

from core import clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """One mail as it arrived."""

    at: datetime
    recipient: str
    message: EmailMessage

    @property
    def text(self) -> str:
        """The plain part of the mail."""
        body = self.message.get_body(("plain",))
        return body.get_content() if body else ""


class Mailbox:
    """Accepts every mail; `received` grows as they come."""

    def __init__(self) -> None:
        """Start with no mail."""
        self._lock = Lock()
        self._received: list[Received] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """Keep one mail for each recipient (the name is the SMTP library's)."""
        parsed = email.message_from_bytes(envelope.content, policy=default)
        with self._lock:
            self._received += [
                Received(at=clock.now(), recipient=recipient, message=parsed)
                for recipient in envelope.rcpt_tos
            ]
        return "250 kept"

    def received(self) -> list[Received]:
        """Return every mail so far, in order of arrival."""
        with self._lock:
            return list(self._received)


def open_mailbox(port: int) -> tuple[Mailbox, Controller]:
    """Serve a mailbox on a loopback port; stop the controller afterwards."""
    mailbox = Mailbox()
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    return mailbox, controller

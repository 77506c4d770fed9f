"""A provider of mail for tests: a real SMTP server that records what it took over, and when."""

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

Reply = Callable[[str, int], str]
"""From an address and how often it was tried, the reply to its RCPT."""


@dataclass(frozen=True)
class Taken:
    """One mail the provider answered for with 250."""

    message_id: str
    recipient: str
    mail: EmailMessage
    at: float


@dataclass
class Mailbox:
    """What the provider has taken over; `reply` decides whom it refuses, `pause_s` delays it."""

    port: int = 0
    reply: Reply = lambda _, __: "250 OK"
    pause_s: float = 0.0
    taken: list[Taken] = field(default_factory=list)
    tries: dict[str, int] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    async def handle_RCPT(  # noqa: N802 - the name is aiosmtpd's
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        with self._lock:
            self.tries[address] = self.tries.get(address, 0) + 1
            answer = self.reply(address, self.tries[address])
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(  # noqa: N802 - the name is aiosmtpd's
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if self.pause_s:
            await asyncio.sleep(self.pause_s)
        mail = message_from_bytes(envelope.original_content or b"", policy=default)
        assert isinstance(mail, EmailMessage)
        with self._lock:
            self.taken.append(
                Taken(str(mail["Message-ID"]), envelope.rcpt_tos[0], mail, time.time())
            )
        return "250 taken"

    @property
    def ids(self) -> list[str]:
        with self._lock:
            return [each.message_id for each in self.taken]

    def to(self, recipient: str) -> list[Taken]:
        with self._lock:
            return [each for each in self.taken if each.recipient == recipient]


@contextmanager
def open_mailbox() -> Iterator[Mailbox]:
    """Run the provider on a free loopback port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        mailbox = Mailbox(port=free.getsockname()[1])
    controller = Controller(mailbox, hostname="127.0.0.1", port=mailbox.port)
    controller.start()
    try:
        yield mailbox
    finally:
        controller.stop()

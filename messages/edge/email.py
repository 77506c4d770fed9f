"""Sends mail over SMTP, one connection for a batch, every step under a deadline.

Synchronous on purpose: a sender thread waits for the relay, and nothing else waits for it
(docs/decisions/0021). Replies are judged in `messages.delivery`.
"""

import smtplib
from contextlib import suppress
from email.message import EmailMessage
from types import TracebackType
from typing import Self

from core import clock
from core.settings import Settings
from messages.delivery import (
    Accepted,
    Answer,
    PermanentFailure,
    TransientFailure,
    read_reply,
)


class Relay:
    """A conversation with the SMTP relay, opened when the first mail is sent."""

    def __init__(self, settings: Settings) -> None:
        """Take the relay's address and the longest time of one mail from the settings."""
        self._settings = settings
        self._smtp: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        """Open nothing yet."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Say good-bye if the relay still listens."""
        if self._smtp is not None:
            with suppress(OSError, smtplib.SMTPException):
                self._smtp.quit()
        self._hang_up()

    def send(self, mail: EmailMessage) -> Answer:
        """Hand one mail over; never raises for what the relay, the network or the mail does."""
        deadline = clock.monotonic() + self._settings.smtp_timeout_seconds
        try:
            answer = self._exchange(mail, deadline)
        except (OSError, smtplib.SMTPException, ValueError) as error:
            answer = TransientFailure(_name(error))
        if not isinstance(answer, Accepted):
            self._hang_up()
        return answer

    def _exchange(self, mail: EmailMessage, deadline: float) -> Answer:
        smtp = self._connected(deadline)
        _limit(smtp, deadline)
        sender = read_reply(smtp.mail(str(mail["From"]))[0], to_recipient=False)
        if not isinstance(sender, Accepted):
            return sender
        _limit(smtp, deadline)
        try:
            recipient = read_reply(smtp.rcpt(str(mail["To"]))[0], to_recipient=True)
        except ValueError as error:
            # An address that SMTP cannot say, « inès@… » for one: it must not hold up the others.
            recipient = PermanentFailure(_name(error))
        if not isinstance(recipient, Accepted):
            return recipient
        _limit(smtp, deadline)
        return read_reply(smtp.data(mail.as_bytes())[0], to_recipient=True)

    def _connected(self, deadline: float) -> smtplib.SMTP:
        if self._smtp is None:
            smtp = smtplib.SMTP(timeout=max(0.1, deadline - clock.monotonic()))
            self._smtp = smtp
            code, _ = smtp.connect(self._settings.smtp_host, self._settings.smtp_port)
            if code != 220:
                raise smtplib.SMTPConnectError(code, "greeting")
            _limit(smtp, deadline)
            smtp.ehlo_or_helo_if_needed()
        return self._smtp

    def _hang_up(self) -> None:
        if self._smtp is not None:
            self._smtp.close()
            self._smtp = None


def _limit(smtp: smtplib.SMTP, deadline: float) -> None:
    if smtp.sock is not None:
        smtp.sock.settimeout(max(0.1, deadline - clock.monotonic()))


def _name(error: Exception) -> str:
    code = error.smtp_code if isinstance(error, smtplib.SMTPResponseException) else None
    return f"{type(error).__name__} {code}" if code else type(error).__name__

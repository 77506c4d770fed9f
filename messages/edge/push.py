"""Sends notifications to browsers through the service each browser named (Web Push, RFC 8030).

One conversation for a batch, every step under a deadline, and never led elsewhere: a service that
answers with another address is not followed.
"""

import base64
from types import TracebackType
from typing import TYPE_CHECKING, Self

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from core.errors import ConfigurationError
from core.settings import Settings
from messages.delivery import Answer, TransientFailure
from messages.push import Gone, Subscription, parse_subscription, read_answer

if TYPE_CHECKING:
    from requests import Session

CONNECT_SECONDS = 3.0
ANSWER_SECONDS = 5.0


class Browsers:
    """The services of notifications, spoken to when the first notification is sent."""

    def __init__(self, settings: Settings) -> None:
        """Take the keys and the allowed services from the settings."""
        self._settings = settings
        self._session: Session | None = None

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
        if self._session is not None:
            self._session.close()

    def send(
        self, to: Subscription, text: str, headers: dict[str, str], *, ttl: int
    ) -> Answer | Gone:
        """Hand one notification over, encrypted for its browser; never raises."""
        try:
            from pywebpush import WebPushException, webpush
            from requests import RequestException, Session
        except ImportError:
            return TransientFailure("no pywebpush here")
        wanted = self._settings
        if not wanted.vapid_private_key:
            return TransientFailure("CHEVET_VAPID_PRIVATE_KEY is not set")
        # Asked again: the list of allowed services may be shorter than when it subscribed.
        if parse_subscription(to.endpoint, to.p256dh, to.auth, wanted.push_hosts) is None:
            return "gone"
        if self._session is None:
            self._session = Session()
            self._session.max_redirects = 0
        try:
            answered = webpush(
                {"endpoint": to.endpoint, "keys": {"p256dh": to.p256dh, "auth": to.auth}},
                data=text,
                vapid_private_key=wanted.vapid_private_key,
                vapid_claims={"sub": wanted.vapid_subject},
                ttl=ttl,
                timeout=(CONNECT_SECONDS, ANSWER_SECONDS),
                headers=headers,
                requests_session=self._session,
            )
        except WebPushException as error:
            status = error.status_code
            return read_answer(status) if status else TransientFailure("WebPushException")
        except (RequestException, ConfigurationError, ValueError, OSError) as error:
            return TransientFailure(type(error).__name__)
        return read_answer(answered.status_code)


def public_key(private_key: str) -> str:
    """Return the key browsers subscribe with, in URL-safe base64; "" for a key that is none.

    The private key is 32 bytes in URL-safe base64, as `chevet push-keys` makes it.
    """
    try:
        raw = base64.urlsafe_b64decode(private_key + "=" * (-len(private_key) % 4))
        if len(raw) != 32:
            return ""
        key = ec.derive_private_key(int.from_bytes(raw), ec.SECP256R1())
    except ValueError:
        return ""
    point = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(point).rstrip(b"=").decode()


def new_private_key() -> str:
    """Return a new private key for notifications, 32 bytes in URL-safe base64."""
    number = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
    return base64.urlsafe_b64encode(number.to_bytes(32)).rstrip(b"=").decode()

"""A notification to a browser (RFC 8030, 8291, 8292): what it says, and to whom it may be sent.

Pure. A notification holds nothing about anybody: it says that something waits and opens the phone
page, or for a professional the page that leads to what waits. The address of a browser comes from
that browser: only services of notifications are spoken to, or anybody could make this server ask
addresses inside the hospital.
"""

import base64
import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from typing import Final, Literal
from urllib.parse import urlsplit

from messages.delivery import Accepted, Answer, PermanentFailure, TransientFailure
from messages.message import Claimed, Template, Weight

TITLE: Final = "Chevet"
OPENS: Final = "/p"
LONGEST_WAIT: Final = timedelta(hours=24)
"""How long a service keeps a notification for a phone that is off (proposed)."""
RECEIPT_PURPOSE: Final = "push receipt"
RECEIPT_BYTES: Final = 16
"""Of an HMAC-SHA-256, as RFC 2104 §5 lets it be cut: nobody tries 2^128."""
SUBSCRIPTION_PURPOSE: Final = "push subscription"
LOOPBACK: Final = frozenset({"127.0.0.1", "localhost"})
LONGEST_ENDPOINT: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A browser as it gave itself: where its service listens, and its keys in URL-safe base64."""

    endpoint: str
    p256dh: str
    auth: str

    def to_json(self) -> str:
        """Return it as one text, to be sealed."""
        return json.dumps({"endpoint": self.endpoint, "p256dh": self.p256dh, "auth": self.auth})


def subscription_of(text: str) -> Subscription:
    """Return what `to_json` wrote."""
    told = json.loads(text)
    return Subscription(endpoint=told["endpoint"], p256dh=told["p256dh"], auth=told["auth"])


def parse_subscription(endpoint: str, p256dh: str, auth: str, hosts: str) -> Subscription | None:
    """Return a subscription if it is one, at one of the allowed services; else None.

    `hosts` are names separated by commas, `*` for any label; see CHEVET_PUSH_HOSTS.
    """
    if len(endpoint) > LONGEST_ENDPOINT or not _is_service(endpoint, hosts):
        return None
    point, secret = _bytes(p256dh), _bytes(auth)
    # An uncompressed point of P-256 and a secret of 16 bytes (RFC 8291 §2.1, §3.2).
    if point is None or len(point) != 65 or point[0] != 4 or secret is None or len(secret) != 16:
        return None
    return Subscription(endpoint=endpoint, p256dh=p256dh, auth=auth)


def _is_service(endpoint: str, hosts: str) -> bool:
    try:
        parts = urlsplit(endpoint)
        host = parts.hostname or ""
    except ValueError:
        return False
    if parts.username is not None or parts.fragment:
        return False
    allowed = [name.strip().lower() for name in hosts.split(",") if name.strip()]
    if not any(fnmatchcase(host, name) for name in allowed):
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK)


def _bytes(text: str) -> bytes | None:
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        return None


def payload(message: Claimed, receipt: str, body: str, opens: str) -> str:
    """Return what the browser is given: fixed words, the page, and how to say that it has them."""
    return json.dumps(
        {
            "title": TITLE,
            "body": body,
            "url": opens,
            "id": str(message.id),
            "receipt": receipt,
        }
    )


def page_of(template: str, params: Mapping[str, str]) -> str:
    """Return what a touch opens: the same page as the link of the mail; nothing is sealed here."""
    match template:
        case Template.MESSAGE_WAITING if "link" in params:
            return f"/l/{params['link']}"
        case Template.MESSAGE_WAITING:
            return f"/a/{params['alert_id']}"
        case Template.ALERTS_WAITING:
            return "/"
        case Template.SWAP_NOTICE:
            return "/account/duties"
        case Template.RECORD_NOTICE if "path" in params:
            return params["path"]
        case _:
            return OPENS


def headers(message: Claimed) -> dict[str, str]:
    """Return the headers of RFC 8030 §5.3 and §5.4.

    The same topic replaces what still waits for a phone that is off: a reminder sent again after
    a crash, or the reminder before this one, is not shown twice.
    """
    said = message.template if message.weight == Weight.REMINDER else message.key
    digest = hashlib.sha256(said.encode()).digest()
    return {"Urgency": "high", "Topic": base64.urlsafe_b64encode(digest)[:32].decode()}


def seconds_to_live(expires_at: datetime | None, now: datetime) -> int:
    """Return how long the service may keep it: never past the moment it is of no use."""
    left = LONGEST_WAIT if expires_at is None else min(expires_at - now, LONGEST_WAIT)
    return max(0, math.floor(left.total_seconds()))


Gone = Literal["gone"]


def read_answer(status: int) -> Answer | Gone:
    """Judge what the service answered; `gone`: this browser takes no more (RFC 8030 §7.3).

    413 blames what we sent and 400, 401 and 403 our keys: everybody's wait until it is mended.
    """
    if status in (200, 201, 202, 204):
        return Accepted()
    if status in (404, 410):
        return "gone"
    return TransientFailure(f"push {status}")


NOT_SUBSCRIBED: Final = PermanentFailure("no such subscription any more")
